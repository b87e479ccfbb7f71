"""What is due is said once, by day, to whom it may be said, and not when its time is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from outreach.calendars import CHINA
from outreach.reminders import COUNTDOWN, before, has_eve, months_after, send_due
from records import account_links, consents, outbox, people, reminders, staff_accounts, stops
from records.consents import CORE, PUSH, Said
from records.database import Database, Session
from records.messages import Priority
from records.outbox import OutboxRow
from records.people import Entered
from records.reminders import Kind, Reminder
from records.staff_accounts import StaffRole
from records.stops import StopReason
from records.vault import Vault
from tests.support.builders import a_conversation

VAULT = Vault("for tests")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=CHINA)
HOUR = timedelta(hours=1)
ONE, ACCOUNT = reminders.to_person("one"), "fake:42"


def _register(session: Session, name: str = "one", account: str = ACCOUNT) -> None:
    said = (Said(CORE, True, NOON, "1"),)
    people.enter(
        session, VAULT, name, Entered(codes={}, texts={}, said=said), at=NOON, account=account
    )


def _plan(
    session: Session, key: str = "course/7", whom: str = ONE, kind: Kind = Kind.COURSE
) -> None:
    found = Reminder(key, whom, kind, NOON - HOUR, NOON + 24 * HOUR, "明天九点上课。")
    reminders.plan(session, VAULT, found, NOON)


async def _sent(database: Database, at: datetime = NOON) -> dict[str, int]:
    counts = await send_due(database, VAULT, at)
    return {name: number for name, number in counts.items() if number}


async def test_it_is_said_once(database: Database) -> None:
    await database.run(_register)
    await database.run(_plan)
    assert await _sent(database) == {"queued": 1}
    assert await _sent(database, NOON + HOUR) == {}
    assert await database.read(outbox.counts) == {"queued": 1}


async def test_who_is_not_registered_is_told_where_they_talk(database: Database) -> None:
    await database.run(_plan, "form/1", reminders.to_account("fake:9"), Kind.FORM)
    assert await _sent(database) == {"queued": 1}


async def test_it_is_not_said_at_night(database: Database) -> None:
    await database.run(_register)
    await database.run(_plan)
    assert await _sent(database, NOON + 10 * HOUR) == {}


async def test_it_is_not_said_when_its_time_is_over(database: Database) -> None:
    await database.run(_register)
    await database.run(_plan)
    assert await _sent(database, NOON + 24 * HOUR) == {"late": 1}


async def test_who_said_stop_is_not_reminded(database: Database) -> None:
    await database.run(_register)
    await database.run(_plan)
    await database.run(lambda s: stops.stop(s, [ACCOUNT], reason=StopReason.ASKED, since=NOON))
    assert await _sent(database) == {"unwelcome": 1}


async def test_who_is_not_known_is_not_reminded(database: Database) -> None:
    await database.run(_plan)
    assert await _sent(database) == {"unwelcome": 1}


async def test_two_things_due_on_one_day_are_said_on_two(database: Database) -> None:
    await database.run(_register)
    await database.run(_plan)
    await database.run(_plan, "event/1")
    assert await _sent(database) == {"queued": 1, "waiting": 1}
    assert await _sent(database, NOON + 23 * HOUR) == {"queued": 1}


@pytest.mark.parametrize("key", ["course/7/off", "event/3/one/changed"])
async def test_that_something_is_off_is_said_on_a_day_with_another_message(
    database: Database, key: str
) -> None:
    await database.run(_register)
    await database.run(_plan)
    assert await _sent(database) == {"queued": 1}
    await database.run(_plan, key)
    assert await _sent(database, NOON + HOUR) == {"queued": 1}


@pytest.mark.parametrize(
    ("key", "priority"), [("course/7/eve", Priority.BULK), ("course/7/off", Priority.NEWS)]
)
async def test_that_something_is_off_is_held_up_by_no_cap(
    database: Database, key: str, priority: Priority
) -> None:
    await database.run(_register)
    await database.run(_plan, key)
    assert await _sent(database) == {"queued": 1}
    [row] = await database.read(lambda session: list(session.exec(select(OutboxRow))))
    assert row.priority == priority


async def test_who_shares_the_phone_does_not_read_along(database: Database) -> None:
    await database.run(_register)
    await database.run(_register, "two")
    await database.run(_plan)
    assert await _sent(database) == {"unwelcome": 1}


async def test_who_shares_one_account_is_told_on_their_own(database: Database) -> None:
    await database.run(_register)
    await database.run(_register, "two")
    await database.run(_link)
    await database.run(_plan)
    assert await _sent(database) == {"queued": 1}
    assert await database.read(outbox.pushed, ["fake:own"], NOON) == {"fake:own": [NOON]}


@pytest.mark.parametrize(("agrees", "came"), [(True, "queued"), (False, "unwelcome")])
async def test_advice_goes_only_to_who_agreed_to_it(
    database: Database, agrees: bool, came: str
) -> None:
    await database.run(_register)
    await database.run(_talks)
    await database.run(_agree, agrees)
    await database.run(_plan, "licence/one", ONE, Kind.MILESTONE)
    assert await _sent(database) == {came: 1}


async def test_staff_are_reminded_where_they_are_bound(database: Database) -> None:
    await database.run(_hire)
    for key in ("task/1", "task/2"):  # work is not counted
        await database.run(_plan, key, reminders.to_staff("周敏"), Kind.TASK)
    assert await _sent(database) == {"queued": 2}


async def test_many_are_done_in_steps(database: Database) -> None:
    for number in range(230):
        await database.run(_plan, f"form/{number}", f"account:fake:{number}", Kind.FORM)
    assert await _sent(database) == {"queued": 230}


def test_a_deadline_counts_down() -> None:
    found = before(date(2026, 12, 1), COUNTDOWN, NOON + 4 * 24 * HOUR)
    assert [moment.days for moment in found] == [3, 1]
    assert found[0].due == datetime(2026, 11, 28, 9, 0, tzinfo=CHINA)
    assert found[0].until == datetime(2026, 11, 29, 0, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("hours", "comes"),
    [(0, True), (21, True), (32, True), (33, False), (46, False)],  # 20:00 and 21:00 of the eve
)
def test_an_eve_comes_until_its_evening(hours: int, comes: bool) -> None:
    assert has_eve(date(2026, 11, 26), NOON + hours * HOUR) is comes


@pytest.mark.parametrize(
    ("day", "months", "full"),
    [
        (date(2026, 5, 24), 6, date(2026, 11, 24)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_are_full_on_the_same_day(day: date, months: int, full: date) -> None:
    assert months_after(day, months) == full


def _link(session: Session) -> None:
    link = {"account": "fake:own", "home": ACCOUNT, "person_id": "one", "proof": "code"}
    session.add(account_links.AccountLink(**link, linked_at=NOON))


def _talks(session: Session) -> None:
    session.add(a_conversation(NOON))


def _agree(session: Session, agrees: bool) -> None:
    consents.note(session, "one", [Said(PUSH, agrees, NOON)], channel="fake")


def _hire(session: Session) -> None:
    staff_accounts.add(
        session, "周敏", role=StaffRole.COMMISSIONER, area="", at=NOON, actor="test"
    )
    staff_accounts.bind(session, "周敏", "wecom_app:zhoumin", at=NOON, actor="test")
