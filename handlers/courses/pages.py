"""Courses in words: a line of a list, one course, where somebody stands, a roster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from handlers.courses.seen import Member
from handlers.texts import say
from outreach.courses.attending import due_dates, phase_word
from outreach.courses.booking import spoken
from outreach.reminders import has_eve
from records.courses import Booked, Course, Level, Seat, Topic

_MOST = 12  # courses that staff see at once


def label(course: Course) -> str:
    """A course as an option of a list."""
    told = course.told
    room = say("course.free", n=course.free) if course.free else say("course.full")
    return f"{told.title} {spoken(told.starts_on)} {room}"


def detail(course: Course) -> str:
    """One course before somebody signs up."""
    told = course.told
    lines = [
        say("course.head", title=told.title, level=level_word(told.level)),
        say(
            "course.when",
            days=_days(course),
            hours=_hours(course),
            place=told.place or _no_place(),
        ),
    ]
    if told.is_programme:
        lines.append(say("course.programme"))
    if course.free:
        lines.append(say("course.room", seats=told.seats, n=course.free))
    elif course.waiting:
        lines.append(say("course.no_room", seats=told.seats, n=course.waiting))
    else:
        lines.append(say("course.just_full", seats=told.seats))
    return "\n".join(lines)


def joined(course: Course, now: datetime) -> str:
    """They have a seat; of a reminder only where one comes."""
    title, day = course.told.title, day_word(course)
    if has_eve(course.told.starts_on, now):
        return say("course.joined", title=title, day=day)
    return say("course.joined_soon", title=title, day=day)


def standing(booked: Booked, course: Course) -> str:
    """Where somebody stands with a course, on one line."""
    told = course.told
    word = {
        Seat.SIGNED: say("course.is_signed"),
        Seat.WAITING: say("course.is_waiting", n=booked.rank),
        Seat.OFFERED: say("course.is_offered"),
        Seat.CAME: say("course.has_come"),
        Seat.ABSENT: say("course.was_absent"),
        Seat.GONE: say("course.is_gone"),
        Seat.LAPSED: say("course.has_lapsed"),
    }[booked.seat]
    return say("course.mine", title=told.title, day=spoken(told.starts_on), word=word)


def listed(courses: Sequence[Course]) -> str:
    """The courses of an area, for staff."""
    lines = [
        say(
            "course.line",
            number=course.number,
            title=course.told.title,
            day=spoken(course.told.starts_on),
            taken=course.taken,
            seats=course.told.seats,
            rest=_rest(course),
        )
        for course in courses[:_MOST]
    ]
    if len(courses) > _MOST:
        lines.append(say("course.more", n=len(courses) - _MOST))
    return "\n".join((*lines, say("course.how")))


def roster(course: Course, members: Sequence[Member]) -> str:
    """One course for staff: who has a seat, by number, phones masked."""
    lines = [detail(course), *(_phase_lines(course)), *(map(_member, members))]
    if not members:
        lines.append(say("course.nobody"))
    return "\n".join((*lines, say("course.how_to_mark", number=course.number)))


def day_word(course: Course) -> str:
    """The first day of a course as people say it."""
    return spoken(course.told.starts_on)


def dated(day: date) -> str:
    """A day that may lie in another year."""
    return f"{day.year}年{spoken(day)}"


def level_word(level: Level) -> str:
    """What one must know before, in words."""
    return {
        Level.NOTHING: say("course.level_nothing"),
        Level.SOME: say("course.level_some"),
        Level.LEADING: say("course.level_leading"),
    }[level]


def topic_word(topic: Topic) -> str:
    """A topic in words."""
    return {
        Topic.FARMING: say("course.topic_farming"),
        Topic.ECOMMERCE: say("course.topic_ecommerce"),
        Topic.MARKETING: say("course.topic_marketing"),
        Topic.FOOD: say("course.topic_food"),
        Topic.CRAFT: say("course.topic_craft"),
        Topic.CARE: say("course.topic_care"),
        Topic.RUNNING: say("course.topic_running"),
        Topic.OTHER: say("course.topic_other"),
    }[topic]


def _days(course: Course) -> str:
    first, last = course.told.starts_on, course.told.ends_on
    return (
        spoken(first)
        if first == last
        else say("course.span", first=spoken(first), last=spoken(last))
    )


def _hours(course: Course) -> str:
    return f"，{course.told.hours}" if course.told.hours else ""


def _no_place() -> str:
    return say("course.place_later")


def _rest(course: Course) -> str:
    if course.is_off:
        return say("course.line_off")
    return say("course.line_waiting", n=course.waiting) if course.waiting else ""


def _phase_lines(course: Course) -> list[str]:
    return [
        say(
            "course.phase",
            phase=phase_word(phase),
            day=dated(due),
            state=say("course.done") if phase.value in course.done else say("course.not_done"),
        )
        for phase, due in due_dates(course).items()
    ]


def _member(member: Member) -> str:
    mark = {Seat.CAME: say("course.came"), Seat.ABSENT: say("course.absent")}
    name = member.name or say("course.elsewhere")
    phone = f" {member.phone[:3]}****{member.phone[-4:]}" if member.phone else ""
    return f"{member.place} {name}{phone}{mark.get(member.booked.seat, '')}"
