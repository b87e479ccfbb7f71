"""What reports are counted from, for tests: people and businesses in a line each."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from outreach.reports.periods import parse
from outreach.reports.rules import Rules
from outreach.reports.table import Asked
from records import home_stays
from records.database import Session
from records.entities import Entity
from records.home_stays import Told
from records.people import Person, Status
from records.vault import Vault

_numbers = itertools.count(1)
CITY, COUNTY, OTHER = "430300", "430381", "430321"
TOWN, NEXT_TOWN = "430381001", "430381002"
_NAMES = {CITY: "湖南省湘潭市", COUNTY: "湘乡市", OTHER: "湘潭县"}


def asked(
    area: str,
    vault: Vault,
    now: datetime,
    *,
    period: str = "2027",
    rules: Rules | None = None,
    is_public: bool = False,
) -> Asked:
    """A report that is wanted."""
    return Asked(
        area=area,
        period=parse(period),
        now=now,
        vault=vault,
        named=lambda code: _NAMES.get(code, code),
        is_public=is_public,
        rules=rules or Rules(),
    )


def a_person(
    session: Session,
    now: datetime,
    told: str = "half_year returned rural ready",
    *,
    area: str = COUNTY,
    town: str = TOWN,
    village: str = "",
    status: Status = Status.CONFIRMED,
    phone: str = "",
    sealed: bytes = b"",
    more: Mapping[str, Any] | None = None,
) -> str:
    """Somebody registered: what they said of half a year, where they are, hukou, intent."""
    away, where, hukou, intent = told.split()
    person_id = f"p{next(_numbers):08}"
    codes = {"away_half_year": away, "where_now": where, "hukou": hukou, "intent": intent}
    codes |= more or {}
    row = Person(
        id=person_id,
        status=status,
        source="chat",
        area=area,
        town=town,
        village=village,
        phone_print=phone,
        codes=codes,
        sealed=sealed,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    home_stays.note(session, [Told(person_id, codes, {})], now, are_new=True)
    return person_id


def a_business(
    session: Session,
    person_id: str,
    *,
    area: str = COUNTY,
    town: str = TOWN,
    village: str = "",
    trade: str = "shop",
    code: str = "",
    began: date | None = None,
    closed: date | None = None,
    sealed: bytes = b"",
    now: datetime,
) -> str:
    """A business of somebody."""
    entity_id = f"e{next(_numbers):08}"
    row = Entity(
        id=entity_id,
        person_id=person_id,
        area=area,
        town=town,
        village=village,
        trade=trade,
        sealed=sealed,
        code_print=code,
        began_on=began,
        state="closed" if closed else "open",
        closed_on=closed,
        source="chat",
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return entity_id
