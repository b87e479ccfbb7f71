"""«办照满6个月那天»: planned for the day, moved with it, gone with the reason."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from outreach import milestones
from outreach import reminders as sending
from outreach.calendars import CHINA
from outreach.pieces import LONGEST, MOST_LINES
from records import consents, erasure, people, person_facts
from records.consents import CORE, PUSH, Said
from records.database import Database, Session
from records.outbox import OutboxRow
from records.people import Entered
from records.reminders import ReminderRow, State
from records.vault import Vault
from tests.support.shipped import shipped

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=CHINA)
YICHANG, DINGTAO = "420502", "371703"  # six months and one year, as their papers say
DAY = timedelta(days=1)


def _register(session: Session, vault: Vault, area: str, *, agreed: bool = True) -> None:
    said = (Said(CORE, True, NOW, "1"), Said(PUSH, agreed, NOW, "1"))
    entered = Entered(codes={"home_place": area}, texts={"nickname": "甲"}, area=area, said=said)
    people.enter(session, vault, "one", entered, at=NOW, account="fake:42")
    consents.note(session, "one", said, channel="fake")


def _tell(session: Session, first: date, last: date | None = None, **more: object) -> None:
    days = [first.isoformat(), (last or first).isoformat()]
    person_facts.keep(session, "one", {"registered_on": days, **more}, at=NOW)


async def _planned(
    database: Database, vault: Vault, now: datetime = NOW
) -> list[tuple[str, date]]:
    """What waits to be said, and on which day."""
    await milestones.plan_all(database, vault, shipped().library, now)
    rows = await database.read(_rows)
    waits = [row for row in rows if row.state == State.WAITING.value]
    assert all(row.due.astimezone(CHINA).time() == time(9) for row in waits)
    return [(row.key.split("/")[2], row.due.astimezone(CHINA).date()) for row in waits]


def _rows(session: Session) -> list[ReminderRow]:
    return list(session.execute(select(ReminderRow)).scalars())


@pytest.mark.parametrize(
    ("area", "licensed", "found"),
    [
        (YICHANG, date(2026, 6, 1), [("6", date(2026, 12, 1))]),
        (YICHANG, date(2026, 8, 31), [("6", date(2027, 2, 28))]),
        (YICHANG, date(2027, 8, 31), [("6", date(2028, 2, 29))]),
        (YICHANG, date(2026, 5, 31), [("6", date(2026, 11, 30))]),
        (DINGTAO, date(2028, 2, 29), [("12", date(2029, 2, 28))]),
        (DINGTAO, date(2026, 3, 1), [("12", date(2027, 3, 1))]),
        (YICHANG, date(2026, 5, 21), []),  # full already
        ("430381", date(2026, 6, 1), []),  # no paper of theirs asks for an age
    ],
)
async def test_each_rule_has_its_day(
    database: Database, vault: Vault, area: str, licensed: date, found: list[tuple[str, date]]
) -> None:
    await database.run(_register, vault, area)
    await database.run(_tell, licensed)
    assert await _planned(database, vault) == found


async def test_of_a_month_the_last_day_counts_and_of_a_guess_none(
    database: Database, vault: Vault
) -> None:
    await database.run(_register, vault, YICHANG)
    await database.run(_tell, date(2026, 6, 1), date(2026, 6, 30))
    assert await _planned(database, vault) == [("6", date(2026, 12, 30))]
    await database.run(_tell, date(2020, 1, 1), date(2026, 6, 30))
    assert await _planned(database, vault) == []


async def test_another_day_moves_it(database: Database, vault: Vault) -> None:
    await database.run(_register, vault, YICHANG)
    for day in (1, 15):
        await database.run(_tell, date(2026, 6, day))
        assert await _planned(database, vault) == [("6", date(2026, 12, day))]
        assert await _planned(database, vault) == [("6", date(2026, 12, day))]


@pytest.mark.parametrize("change", ["taken back", "not the first", "erased", "moved away"])
async def test_what_no_longer_holds_is_not_said(
    database: Database, vault: Vault, change: str
) -> None:
    await database.run(_register, vault, YICHANG)
    await database.run(_tell, date(2026, 6, 1))
    assert await _planned(database, vault) != []
    await database.run(_changed, vault, change)
    assert await _planned(database, vault) == []


def _changed(session: Session, vault: Vault, change: str) -> None:
    match change:
        case "taken back":
            person_facts.keep(session, "one", {"registered_on": None}, at=NOW)
        case "not the first":
            person_facts.keep(session, "one", {"first_registration": False}, at=NOW)
        case "erased":
            erasure.erase(session, "one", counted=(), at=NOW)
        case _:
            entered = Entered(codes={"home_place": "430381"}, texts={}, area="430381", said=())
            people.correct(session, vault, "one", entered, at=NOW)


@pytest.mark.parametrize(("agreed", "count"), [(True, 1), (False, 0)])
async def test_it_is_said_on_its_day_once_and_only_to_who_agreed(
    database: Database, vault: Vault, agreed: bool, count: int
) -> None:
    await database.run(lambda s: _register(s, vault, YICHANG, agreed=agreed))
    await database.run(_tell, date(2026, 6, 1))
    for days in range(14):
        now = NOW + days * DAY
        await milestones.plan_all(database, vault, shipped().library, now)
        await sending.send_due(database, vault, now + timedelta(hours=3))
    found = await database.read(_messages)
    assert [row.created_at.astimezone(CHINA).date() for row in found] == [
        date(2026, 12, 1)
    ] * count


def _messages(session: Session) -> list[OutboxRow]:
    return list(session.execute(select(OutboxRow)).scalars())


def test_it_says_the_rule_as_printed_with_its_paper_and_promises_nothing() -> None:
    library = shipped().library
    found = milestones.of_library(library, NOW.date())
    assert {each.months for each in found} == {6, 12}
    for each in found:
        text = milestones.words(each, library, date(2026, 12, 31))
        assert each.clause.printed in text
        assert f"满{each.months}个月" in text
        assert "恭喜" not in text
        assert len(text) <= LONGEST
        assert text.count("\n") < MOST_LINES
