"""A dated message waits for its day, moves with its reason, and goes when the reason goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from records import outbox, reminders
from records.database import Database
from records.dialect import insert_many
from records.reminders import Kind, Reminder, State
from records.vault import Vault
from tests.support.builders import an_outgoing

DAY = timedelta(days=1)
_MANY = 33_000  # more than PostgreSQL takes values in one statement


def _course(now: datetime, key: str = "course/7/eve", whom: str = "person:one") -> Reminder:
    return Reminder(key, whom, Kind.COURSE, now + DAY, now + 2 * DAY, "明天上课")


async def _due(database: Database, now: datetime) -> list[str]:
    return [row.key for row in await database.read(lambda s: reminders.due(s, now, limit=9))]


async def test_it_waits_for_its_day(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(reminders.plan, vault, _course(now), now)
    assert await _due(database, now + DAY - timedelta(seconds=1)) == []
    assert await _due(database, now + DAY) == ["course/7/eve"]


async def test_the_rest_lies_behind_the_last(
    database: Database, vault: Vault, now: datetime
) -> None:
    for key, wait in (("b", 1), ("a", 2), ("c", 1)):
        moved = replace(_course(now, key), due=now + wait * DAY, until=now + 3 * DAY)
        await database.run(reminders.plan, vault, moved, now)
    [first] = await database.read(lambda s: reminders.due(s, now + 2 * DAY, limit=1))
    place = (first.due, first.key)
    rest = await database.read(lambda s: reminders.due(s, now + 2 * DAY, after=place, limit=9))
    assert [first.key, *(row.key for row in rest)] == ["b", "c", "a"]


async def test_its_words_are_sealed(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(reminders.plan, vault, _course(now), now)
    [row] = await database.read(reminders.of, "person:one")
    assert "明天".encode() not in row.payload
    assert reminders.opened(row, vault) == _course(now)


async def test_planned_again_it_moves(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(reminders.plan, vault, _course(now), now)
    await database.run(reminders.plan, vault, _course(now + DAY), now)
    assert await _due(database, now + DAY) == []
    assert await _due(database, now + 2 * DAY) == ["course/7/eve"]


async def test_what_was_said_is_not_said_again(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(reminders.plan, vault, _course(now), now)
    await database.run(reminders.settle, ["course/7/eve"], State.QUEUED, now)
    await database.run(reminders.plan, vault, _course(now), now)
    assert await _due(database, now + DAY) == []


@pytest.mark.parametrize("cancelled", ["course/7/eve", "course/7"])
async def test_it_goes_with_its_reason(
    database: Database, vault: Vault, now: datetime, cancelled: str
) -> None:
    for key in ("course/7/eve", "course/70/eve"):
        await database.run(reminders.plan, vault, _course(now, key), now)
    assert await database.run(reminders.cancel, cancelled, now) == 1
    assert await _due(database, now + DAY) == ["course/70/eve"]


async def test_who_signs_up_again_is_reminded_again(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(reminders.plan, vault, _course(now), now)
    await database.run(reminders.cancel, "course/7", now)
    await database.run(reminders.plan, vault, _course(now), now)
    assert await _due(database, now + DAY) == ["course/7/eve"]


async def test_one_person_s_reminders_can_be_cancelled_together(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(reminders.plan, vault, _course(now), now)
    await database.run(reminders.plan, vault, _course(now, "event/1", "person:two"), now)
    assert await database.run(reminders.cancel_for, "person:one", now) == 1
    assert await _due(database, now + DAY) == ["event/1"]


async def _queued(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(reminders.plan, vault, _course(now), now)
    await database.run(outbox.enqueue, [an_outgoing(now, key="remind/1")])
    await database.run(
        lambda s: reminders.settle(s, ["course/7/eve"], State.QUEUED, now, outbox_key="remind/1")
    )


async def test_what_is_queued_goes_with_its_reason_too(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _queued(database, vault, now)
    await database.run(reminders.cancel, "course/7", now)
    assert await database.read(outbox.counts) == {"stopped": 1}


async def test_what_is_queued_goes_when_it_moves(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _queued(database, vault, now)
    await database.run(reminders.plan, vault, _course(now + DAY), now)
    assert await database.read(outbox.counts) == {"stopped": 1}


async def test_what_is_queued_is_dropped_when_its_time_is_over(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _queued(database, vault, now)
    assert await database.read(reminders.over, ["remind/1"], now + DAY) == set()
    assert await database.read(reminders.over, ["remind/1"], now + 2 * DAY) == {"remind/1"}
    assert await database.run(reminders.drop_late, now + 2 * DAY) == 1
    assert await database.run(reminders.drop_late, now + 2 * DAY) == 0


async def test_a_reminder_ends_after_it_begins(
    database: Database, vault: Vault, now: datetime
) -> None:
    wrong = replace(_course(now), until=now)
    with pytest.raises(ValueError, match="end after"):
        await database.run(reminders.plan, vault, wrong, now)


async def test_nothing_is_kept_of_who_is_forgotten(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(reminders.plan, vault, _course(now), now)
    await database.run(reminders.erase, "person:one")
    assert await database.read(reminders.of, "person:one") == []


async def test_however_many_are_late_all_are_dropped(
    database: Database, vault: Vault, now: datetime
) -> None:
    one = reminders._new_row(vault, _course(now))
    rows = [tuple({**one, "key": f"k{n}", "outbox_key": f"k{n}"}.values()) for n in range(_MANY)]
    table = reminders.ReminderRow.__table__  # type: ignore[attr-defined]
    await database.run(insert_many, table, tuple(one), rows)
    assert await database.run(reminders.drop_late, now + 2 * DAY) == 0
    assert await database.read(reminders.over, ["k0", f"k{_MANY - 1}"], now + 2 * DAY) == set()
