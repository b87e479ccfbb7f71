"""Records go when they have served their purpose, and not a day sooner (domain P-16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.dialogue import State
from records import conversations, erasure, inbound, outbox, people, reminders, sending
from records.assignments import Assignment
from records.consents import CORE, Said
from records.database import Database, Session
from records.outbox import OutboxState
from records.people import Entered, Person
from records.push_days import PushDay
from records.sending import Outcome
from records.vault import Vault
from scheduler.jobs import JOBS
from scheduler.means import Means
from scheduler.runner import Runner
from tests.support.builders import a_conversation, an_inbound, an_outgoing
from tests.support.shipped import shipped

VAULT = Vault("for tests")
START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def _run(database: Database, name: str, now: datetime) -> dict[str, int] | None:
    job = next(job for job in JOBS if job.name == name)
    return await Runner(Means(database, VAULT, shipped), now=lambda: now).run(job)


def _register(session: Session, intent: str, is_helped: bool = False) -> None:
    entered = Entered(codes={"intent": intent}, texts={}, said=(Said(CORE, True, START, "1"),))
    people.enter(session, VAULT, "one", entered, at=START, account="fake:42")
    _talks(session, START)
    if is_helped:
        helper = Assignment(
            person_id="one", helper="周敏", help="mentor", why="chosen", number=1, since=START
        )
        session.add(helper)


@pytest.mark.parametrize(
    ("intent", "is_helped", "days", "erased"),
    [
        ("not_returning", False, 364, {"no_intent": 0, "founders": 0}),
        ("not_returning", False, 366, {"no_intent": 1, "founders": 0}),
        ("thinking", False, 4000, {"no_intent": 0, "founders": 0}),
        ("not_returning", True, 1094, {"no_intent": 0, "founders": 0}),
        ("running", True, 1096, {"no_intent": 0, "founders": 1}),
    ],
)
async def test_a_record_goes_when_it_has_served_its_purpose(
    database: Database, intent: str, is_helped: bool, days: int, erased: dict[str, int]
) -> None:
    await database.run(_register, intent, is_helped)
    assert await _run(database, "retire_people", START + days * DAY) == erased


async def test_who_talked_to_us_is_kept_a_year_longer(database: Database) -> None:
    await database.run(_register, "not_returning")
    await database.run(_talks, START + 200 * DAY)
    none = {"no_intent": 0, "founders": 0}
    assert await _run(database, "retire_people", START + 500 * DAY) == none
    assert await _run(database, "retire_people", START + 566 * DAY) != none


async def test_nothing_of_who_is_retired_leads_back(database: Database) -> None:
    await database.run(_register, "not_returning")
    await _run(database, "retire_people", START + 400 * DAY)
    assert await database.read(lambda s: s.get(Person, "one")) is None
    assert await database.read(_rows, erasure.FormerPerson) == 1
    talks = await database.read(conversations.load, ["fake:42"])
    assert talks["fake:42"].forget_at is not None


async def test_messages_go_after_half_a_year(database: Database) -> None:
    await database.run(lambda s: inbound.store(s, [an_inbound(START, channel="fake")]))
    await database.run(lambda s: inbound.mark_done(s, [1], START))
    await database.run(outbox.enqueue, [an_outgoing(START)])
    await database.batch(sending.settle, Outcome(1, OutboxState.SENT, START))
    none, all_of_it = (
        {"dropped": 0, "heard": 0, "relayed": 0, "posts": 0},
        {"dropped": 1, "heard": 1, "relayed": 0, "posts": 0},
    )
    assert await _run(database, "prune_outbox", START + 179 * DAY) == none
    assert await _run(database, "prune_outbox", START + 181 * DAY) == all_of_it


async def test_what_was_not_answered_stays(database: Database) -> None:
    await database.run(lambda s: inbound.store(s, [an_inbound(START, channel="fake")]))
    kept = await _run(database, "prune_outbox", START + 400 * DAY)
    assert kept == {"dropped": 0, "heard": 0, "relayed": 0, "posts": 0}


async def test_who_is_erased_leaves_neither_reminder_nor_day(database: Database) -> None:
    def plan(session: Session) -> None:
        whom, kind = reminders.to_person("one"), reminders.Kind.COURSE
        found = reminders.Reminder("c/1", whom, kind, START, START + DAY, "明天")
        reminders.plan(session, VAULT, found, START)
        session.add(PushDay(who="one", day=START, key="k", at=START))

    await database.run(_register, "not_returning")
    await database.run(plan)
    await database.run(lambda s: erasure.erase(s, "one", counted=(), at=START))
    assert await database.read(reminders.of, "person:one") == []
    assert await database.read(_rows, PushDay) == 0


def _talks(session: Session, at: datetime) -> None:
    row = a_conversation(at)
    row.state = VAULT.seal(State().as_dict())
    session.merge(row)


def _rows(session: Session, table: type) -> int:
    return len(session.execute(select(table)).all())
