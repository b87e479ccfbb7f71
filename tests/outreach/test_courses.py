"""Courses: seats never given twice, the queue in order, who is told what and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from outreach.courses import attending, booking
from outreach.courses.attending import Phase
from outreach.courses.booking import CourseRefused
from records import courses, reminders
from records.courses import Level, NewCourse, Outcome, Seat, Topic
from records.database import Database, Session
from records.reminders import ReminderRow
from records.vault import Vault

FIRST = date(2026, 12, 11)


def _course(seats: int = 2, **more: object) -> NewCourse:
    told = {"title": "电商直播入门", "topic": Topic.ECOMMERCE, "level": Level.NOTHING}
    days = {"starts_on": FIRST, "ends_on": FIRST + timedelta(days=4)}
    return NewCourse(**{**told, **days, "area": "430381", "seats": seats, **more})  # type: ignore[arg-type]


def _signed(
    session: Session, vault: Vault, now: datetime, people: Sequence[str], seats: int = 2
) -> int:
    number = courses.add(session, _course(seats), now)
    for person in people:
        booking.sign_up(session, vault, number, person, now)
    return number


def _seats(session: Session, number: int) -> dict[str, Seat]:
    return {one.person_id: one.seat for one in courses.of_course(session, number)}


def _due(session: Session) -> dict[str, ReminderRow]:
    rows = session.execute(select(ReminderRow)).scalars()
    return {row.key: row for row in rows if row.state == "waiting"}


async def test_who_comes_when_all_seats_are_taken_waits_in_order(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_signed, vault, now, "abcd")
    seats = await database.read(_seats, number)
    assert list(seats.values()) == [Seat.SIGNED, Seat.SIGNED, Seat.WAITING, Seat.WAITING]
    ranks = await database.read(courses.of_people, ["c", "d"])
    assert [one.rank for one in ranks] == [1, 2]


async def test_who_calls_off_makes_room_for_the_first_who_waits(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_signed, vault, now, "abcd")
    await database.run(booking.call_off, vault, number, "a", now)
    seats = await database.read(_seats, number)
    assert (seats["c"], seats["d"]) == (Seat.OFFERED, Seat.WAITING)
    assert f"course/{number}/c/seat" in await database.read(_due)
    assert f"course/{number}/a/eve" not in await database.read(_due)


async def test_who_does_not_answer_in_time_loses_the_seat_to_the_next(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_signed, vault, now, "abcd")
    await database.run(booking.call_off, vault, number, "a", now)
    moved = await database.run(booking.move_all, vault, now + timedelta(days=3))
    assert (moved.lapsed, moved.offered) == (1, 1)
    seats = await database.read(_seats, number)
    assert seats == {"b": Seat.SIGNED, "d": Seat.OFFERED}


async def test_who_comes_back_comes_last(database: Database, vault: Vault, now: datetime) -> None:
    number = await database.run(_signed, vault, now, "abc")
    later = now + timedelta(hours=1)
    await database.run(booking.call_off, vault, number, "a", later)
    assert await database.run(booking.accept, vault, number, "c", later) is Seat.SIGNED
    assert await database.run(booking.sign_up, vault, number, "a", later) is Seat.WAITING


async def test_nobody_signs_up_for_what_has_begun(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_signed, vault, now, "")
    with pytest.raises(CourseRefused):
        await database.run(booking.sign_up, vault, number, "a", now + timedelta(days=30))


async def test_who_asked_for_a_topic_is_told_once_of_a_new_course(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(courses.wish, "a", Topic.ECOMMERCE, "430381", now)
    await database.run(courses.wish, "b", Topic.FOOD, "430381", now)
    number = await database.run(courses.add, _course(), now)
    assert await database.run(attending.settle_all, vault, now) == 1
    assert await database.run(attending.settle_all, vault, now) == 0
    assert list(await database.read(_due)) == [f"course/{number}/a/new"]


async def test_who_is_in_a_course_hears_once_that_it_moved(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_signed, vault, now, "abc")
    await database.run(courses.change, number, _course(place="镇政府"))
    await database.run(courses.change, number, _course(place="镇政府", title="直播入门"))
    assert await database.run(attending.settle, vault, number, now) == 3
    due = await database.read(_due)
    assert sorted(key for key in due if key.endswith("/changed")) == [
        f"course/{number}/{who}/changed" for who in "abc"
    ]
    await database.run(courses.change, number, _course(place="镇政府", seats=3))
    assert await database.run(attending.settle, vault, number, now) == 0


async def test_of_a_day_before_that_is_past_nobody_is_reminded(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_signed, vault, now, "a")
    await database.run(courses.change, number, _course(starts_on=now.date()))
    await database.run(attending.settle, vault, number, now)
    assert list(await database.read(_due)) == [f"course/{number}/a/changed"]


async def test_a_course_that_is_called_off_is_told_to_those_in_it(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_signed, vault, now, "abc")
    assert await database.run(booking.cancel, vault, number, now) == 3
    due = await database.read(_due)
    assert sorted(due) == [f"course/{number}/{who}/off" for who in "abc"]


async def test_what_came_of_it_is_asked_after_three_months_and_told_with_n(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_signed, vault, now, "abc", 9)
    after = datetime.combine(FIRST, now.timetz()) + timedelta(days=5)
    await database.run(_marked, vault, number, after)
    due = (await database.read(_due))[f"course/{number}/a/outcome"].due
    assert due.date() == date(2027, 3, 15)
    await database.run(courses.tell_outcome, number, "a", Outcome.FOUNDED, due)
    rate = await database.read(attending.rate, "430300", FIRST, date(2026, 12, 31))
    assert (rate.came, rate.answered, rate.at_work) == (2, 1, 100)


def _marked(session: Session, vault: Vault, number: int, now: datetime) -> None:
    course = courses.find(session, number)
    assert course is not None
    attending.mark(session, vault, course, came=["a", "b"], absent=["c"], by="小刘", now=now)


async def test_a_rate_without_an_answer_is_none(database: Database) -> None:
    rate = await database.read(attending.rate, "", FIRST, FIRST)
    assert rate.at_work is None


@pytest.mark.parametrize(
    ("first", "ends"),
    [
        (date(2026, 12, 11), ["2027-01-11", "2027-04-11", "2028-04-11"]),
        (date(2026, 10, 31), ["2026-11-30", "2027-02-28", "2028-02-29"]),
    ],
)
async def test_a_programme_ends_its_phases_after_1_4_and_16_months(
    database: Database, now: datetime, first: date, ends: list[str]
) -> None:
    told = _course(starts_on=first, ends_on=first, is_programme=True)
    number = await database.run(courses.add, told, now)
    course = await database.read(courses.find, number)
    assert course is not None
    assert [day.isoformat() for day in attending.due_dates(course).values()] == ends


async def test_staff_are_reminded_of_a_phase_until_it_is_done(
    database: Database, vault: Vault, now: datetime
) -> None:
    told = _course(is_programme=True, staff="小刘")
    number = await database.run(courses.add, told, now)
    await database.run(attending.settle, vault, number, now)
    await database.run(_finished, number, now)
    due = await database.read(_due)
    assert len(due) == 6
    assert {row.whom for row in due.values()} == {reminders.to_staff("小刘")}


def _finished(session: Session, number: int, now: datetime) -> None:
    course = courses.find(session, number)
    assert course is not None
    attending.finish(session, course, Phase.TRAINING, by="小刘", now=now)


async def test_demand_counts_people_by_topic(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_signed, vault, now, "abc")
    await database.run(courses.wish, "d", Topic.ECOMMERCE, "430381", now)
    await database.run(courses.wish, "d", Topic.ECOMMERCE, "430381", now)
    assert (await database.read(courses.demand, "430300"))["ecommerce"] == (1, 3)
    assert (await database.read(courses.demand, "371703"))["ecommerce"] == (0, 0)


@pytest.mark.parametrize(
    ("home", "sees"), [("430381", 1), ("430300", 1), ("430382", 0), ("", 0), ("371703", 0)]
)
async def test_people_see_the_courses_of_their_place(
    database: Database, now: datetime, home: str, sees: int
) -> None:
    await database.run(courses.add, _course(), now)
    assert len(await database.read(courses.open_for, home, now.date())) == sees
