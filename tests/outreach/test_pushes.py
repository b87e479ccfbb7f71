"""Who is written to unasked: never at night, never who said stop, once a day at the most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from outreach.calendars import CHINA, is_quiet, spoken
from outreach.pushes import Reach, a_push, reach
from records import outbox, people, stops
from records.consents import CORE, Said
from records.conversations import Conversation
from records.database import Database, Session
from records.people import Entered
from records.stops import StopReason
from records.vault import Vault
from tests.support.builders import a_conversation

VAULT = Vault("for tests")
KEY = "fake:42"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)
ASKED = StopReason.ASKED


async def _reach(database: Database, now: datetime = NOON) -> Reach:
    return await database.read(reach, VAULT, [KEY], now)


async def _push(database: Database, at: datetime, number: int = 0) -> None:
    key = f"push/{at:%m%d}/{number}"
    await database.run(outbox.enqueue, [a_push(VAULT, KEY, "有答案了", key=key, now=at)])


def _add(session: Session, row: Conversation) -> None:
    session.add(row)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (datetime(2026, 11, 22, 8, 29, tzinfo=CHINA), True),
        (datetime(2026, 11, 22, 8, 30, tzinfo=CHINA), False),
        (datetime(2026, 11, 22, 20, 29, tzinfo=CHINA), False),
        (datetime(2026, 11, 22, 20, 30, tzinfo=CHINA), True),
        (datetime(2027, 2, 5, 17, 59, tzinfo=CHINA), False),
        (datetime(2027, 2, 5, 18, 0, tzinfo=CHINA), True),  # 除夕
        (datetime(2027, 2, 6, 12, 0, tzinfo=CHINA), True),
        (datetime(2027, 2, 7, 8, 30, tzinfo=CHINA), False),
    ],
)
def test_nobody_is_woken_nor_called_from_the_feast(at: datetime, quiet: bool) -> None:
    assert is_quiet(at) is quiet


def test_a_day_is_said_as_it_is_in_china() -> None:
    assert spoken(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == "11月21日"


async def test_who_said_nothing_against_it_is_written_to(database: Database) -> None:
    assert await _reach(database) == Reach(frozenset({KEY}), frozenset())


async def test_at_night_they_wait(database: Database) -> None:
    night = NOON + timedelta(hours=10)
    assert await _reach(database, night) == Reach(frozenset(), frozenset({KEY}))


async def test_who_said_stop_is_never_written_to(database: Database) -> None:
    await database.run(_stop, KEY)
    assert await _reach(database) == Reach(frozenset(), frozenset())


async def test_a_stop_holds_for_the_phone_wherever_its_owner_talks(database: Database) -> None:
    await database.run(_register)
    await database.run(_stop, VAULT.fingerprint("13900001234"))
    assert await _reach(database) == Reach(frozenset(), frozenset())


@pytest.mark.parametrize(
    "told", [{"is_group": True}, {"unreachable": "blocked"}, {"forget_at": NOON}]
)
async def test_groups_the_blocked_and_the_erased_are_never_written_to(
    database: Database, told: dict[str, object]
) -> None:
    row = a_conversation(NOON)
    for name, value in told.items():
        setattr(row, name, value)
    await database.run(_add, row)
    assert await _reach(database) == Reach(frozenset(), frozenset())


@pytest.mark.parametrize(
    ("days_ago", "may"),
    [
        ((0,), False),
        ((0, 0), False),
        ((1,), True),
        ((1, 2), True),
        ((1, 2, 6), False),
        ((1, 2, 7), True),
        ((8, 9, 10, 11, 12, 13, 14, 29), False),
        ((8, 9, 10, 11, 12, 13, 14, 30), True),
    ],
)
async def test_one_a_day_three_a_week_eight_a_month(
    database: Database, days_ago: tuple[int, ...], may: bool
) -> None:
    for number, days in enumerate(days_ago):
        await _push(database, NOON - timedelta(days=days, hours=1), number)
    assert (KEY in (await _reach(database)).now) is may


async def test_a_long_address_makes_a_key_that_the_store_takes(database: Database) -> None:
    chats = [f"fake:{'x' * 150}{n}" for n in (1, 2)]
    pushes = [a_push(VAULT, chat, "有", key=f"gap/1/{chat}", now=NOON) for chat in chats]
    await database.run(outbox.enqueue, pushes)
    assert await database.read(outbox.counts) == {"queued": 2}


def _stop(session: Session, target: str) -> None:
    stops.stop(session, [target], reason=ASKED, since=NOON)


def _register(session: Session) -> None:
    said = (Said(CORE, True, NOON, "1"),)
    entered = Entered(codes={}, texts={"phone": "13900001234"}, said=said)
    people.enter(session, VAULT, "one", entered, at=NOON, account=KEY)
