"""What one may not do alone: the second person is another, and a permit is of one post."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from records import console_access, permits, staff_accounts
from records.database import Database, Session
from records.permits import PermitKind, PermitRefusal
from records.second_person import SINCE
from records.staff_accounts import StaffRole
from records.vault import Vault

COUNTY, NEXT, CITY = "371703", "371702", "371700"
STAFF = StaffRole.STAFF


def _join(session: Session, name: str, area: str, actor: str, now: datetime) -> None:
    staff_accounts.add(session, name, role=STAFF, area=area, at=now, actor=actor)


def _link(session: Session, name: str, actor: str, now: datetime) -> None:
    console_access.offer_link(session, f"print of {name}", name, at=now, actor=actor)


def _ask(session: Session, vault: Vault, now: datetime) -> int:
    kind = PermitKind.LIST
    return permits.ask(session, vault, kind, by="小周", why="核对", area=COUNTY, at=now)


def _give(session: Session, number: int, now: datetime) -> None:
    permits.decide(session, number, by="老李", is_given=True, at=now)


async def _linked(database: Database, vault: Vault, by: str, now: datetime) -> int:
    """小周 asks, while this one gives a link to whom is to agree."""
    await database.run(_join, "老李", COUNTY, "staff:terminal", now - 2 * SINCE)
    await database.run(_link, "老李", by, now)
    return await database.run(_ask, vault, now)


async def test_whom_the_asker_gave_a_link_gives_no_permit(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await _linked(database, vault, "staff:小周", now)
    with pytest.raises(PermitRefusal, match="登录链接"):
        await database.run(_give, number, now)


async def test_whom_a_third_gave_a_link_does(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_give, await _linked(database, vault, "staff:老何", now), now)


async def test_whom_the_asker_let_in_long_ago_does(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_join, "老李", COUNTY, "staff:小周", now - SINCE)
    await database.run(_give, await database.run(_ask, vault, now), now)


async def test_a_permit_is_over_with_the_post(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_join, "小周", CITY, "staff:terminal", now)
    await database.run(_give, await database.run(_ask, vault, now), now)
    assert await _given(database, now) == 1
    later = now + timedelta(hours=1)
    await database.run(_change, NEXT, later)
    await database.run(_change, CITY, later)
    assert await _given(database, later) == 0


async def _given(database: Database, now: datetime) -> int:
    return len(await database.read(permits.in_force, "小周", PermitKind.LIST, now))


def _change(session: Session, area: str, at: datetime) -> None:
    staff_accounts.change(session, "小周", role=STAFF, area=area, at=at, actor="staff:terminal")


async def test_another_post_comes_in_anew(database: Database, now: datetime) -> None:
    await database.run(_join, "小周", COUNTY, "staff:terminal", now)
    await database.run(_open, now)
    await database.run(_change, COUNTY, now)
    assert await database.read(console_access.signed_in, "a print")
    await database.run(_change, NEXT, now)
    assert not await database.read(console_access.signed_in, "a print")


def _open(session: Session, now: datetime) -> None:
    console_access.open_session(session, "a print", "小周", is_whole=True, at=now)
