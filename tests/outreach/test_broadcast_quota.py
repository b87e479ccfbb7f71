"""Periods of the quota, quiet hours and reminders by the calendar in China."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outreach.broadcast_quota import LIFE, Quota, awake, may_remind, next_look, next_reminder
from outreach.calendars import CHINA, is_quiet


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


PERIODS = [
    (Quota.MONTH, "2026-11-30T23:59", "2026-11-01", "2026-12-01", 30),
    (Quota.MONTH, "2026-12-01T00:00", "2026-12-01", "2027-01-01", 31),
    (Quota.MONTH, "2027-02-14T12:00", "2027-02-01", "2027-03-01", 28),
    (Quota.MONTH, "2028-02-29T12:00", "2028-02-01", "2028-03-01", 29),
    (Quota.WEEK, "2026-11-22T23:00", "2026-11-16", "2026-11-23", 7),
    (Quota.WEEK, "2026-11-23T00:00", "2026-11-23", "2026-11-30", 7),
    (Quota.DAY, "2026-11-22T00:00", "2026-11-22", "2026-11-23", 1),
]


@pytest.mark.parametrize(("quota", "moment", "start", "end", "most"), PERIODS)
def test_a_period_is_one_of_the_calendar(
    quota: Quota, moment: str, start: str, end: str, most: int
) -> None:
    period = quota.period(at(moment))
    assert (period.start, period.end, period.most) == (at(start), at(end), most)


@pytest.mark.parametrize(
    ("wanted", "begins"),
    [
        ("2026-11-22T10:00", "2026-11-22T10:00"),
        ("2026-11-22T20:30", "2026-11-23T09:10"),
        ("2026-11-22T03:00", "2026-11-22T09:10"),
        ("2027-02-05T19:00", "2027-02-07T09:10"),  # the eve of the festival
    ],
)
def test_nobody_is_asked_at_night_or_on_the_festival(wanted: str, begins: str) -> None:
    assert awake(at(wanted)) == at(begins)


def _reminders(created: datetime) -> list[datetime]:
    found: list[datetime] = []
    while (slot := next_reminder(created, found)) is not None:
        found.append(slot)
    return found


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2026-11-23T10:00", ["2026-11-23T12:00", "2026-11-24T09:10", "2026-11-25T09:10"]),
        ("2026-11-23T20:00", ["2026-11-24T09:10", "2026-11-25T09:10"]),
    ],
)
def test_reminders_come_by_day_within_the_life_of_a_task(
    created: str, expected: list[str]
) -> None:
    assert _reminders(at(created)) == [at(text) for text in expected]


@pytest.mark.parametrize("hour", range(24))
def test_no_reminder_is_ever_planned_for_quiet_hours(hour: int) -> None:
    planned = _reminders(at("2027-02-04T00:00") + timedelta(hours=hour))
    assert [slot for slot in planned if is_quiet(slot)] == []


def test_three_reminders_in_a_day_are_all() -> None:
    now = at("2026-11-23T12:00")
    reminded = [now - timedelta(hours=hours) for hours in (1, 5, 23)]
    assert not may_remind(reminded, now)
    assert may_remind(reminded, now + timedelta(hours=1, seconds=1))


def test_results_are_read_at_the_end_of_a_task_at_the_latest() -> None:
    created = at("2026-11-23T12:00")
    assert next_look(created, created + LIFE - timedelta(minutes=3)) == created + LIFE
