"""Who is interested in a project: those first whom it fits, masked until both sides agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from outreach.projects import reverse
from records import people, project_people, projects
from records.consents import CORE, Said
from records.database import Database, Session
from records.people import NICKNAME, PHONE, Entered
from records.project_people import Answer
from records.vault import Vault
from tests.support.library import stock

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SEWS = {"want_kind": ["workshop"], "skills": ["sewing"]}
DRIVES = {"want_kind": ["transport"], "skills": ["driver"]}


def _sewing(session: Session) -> int:
    rows = projects.within(session, ["371703"])
    return next(row.number for row in rows if row.category == "workshop")


def _interest(session: Session, vault: Vault, who: str, codes: Mapping[str, Any]) -> None:
    texts = {NICKNAME: f"{who}大哥", PHONE: "13700009999"}
    said = (Said(CORE, True, NOW, "1"),)
    entered = Entered(codes=codes, texts=texts, area="371703", said=said)
    people.enter(session, vault, who, entered, at=NOW, account=f"fake:{who}")
    number, yes = _sewing(session), Answer.INTERESTED
    project_people.answer(session, who, number, yes, category="workshop", at=NOW)


@pytest.fixture
async def library(database: Database, vault: Vault) -> Database:
    """Somebody who drives was the first to be interested, then somebody who sews."""
    await database.run(stock, vault, NOW)
    await database.run(_interest, vault, "周", DRIVES)
    await database.run(_interest, vault, "吴", SEWS)
    return database


def _listed(session: Session, vault: Vault) -> list[tuple[str, str]]:
    found = reverse.interested(session, vault, [_sewing(session)], NOW)
    return [(one.name, one.phone) for one in found]


async def test_whom_it_fits_comes_first_and_masked(library: Database, vault: Vault) -> None:
    assert await library.read(_listed, vault) == [("吴**", ""), ("周**", "")]


def _both_agree(session: Session) -> None:
    number = _sewing(session)
    project_people.agree(session, "吴", number, yes=True)
    answer = next(a for a in project_people.interested(session, [number]) if a.person_id == "吴")
    project_people.owner_agrees(session, answer.id)


async def test_name_and_phone_are_told_once_both_agreed(library: Database, vault: Vault) -> None:
    await library.run(_both_agree)
    assert (await library.read(_listed, vault))[0] == ("吴大哥", "13700009999")
