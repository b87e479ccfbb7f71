"""Texts that are ready to be posted: the case of the week, the next course and event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from outreach.calendars import CHINA
from outreach.cases import cards
from outreach.courses.booking import today_of
from outreach.posting.sending import CASE
from outreach.texts import say
from records import courses, events
from records.courses import Course
from records.database import Session
from records.events import Event
from records.groups import GroupKind
from records.vault import Vault

COURSE, EVENT = "course:", "event:"
_AHEAD = timedelta(days=60)
# What is asked of the entries for each kind of group.
QUESTIONS = {
    GroupKind.RETURNEES: "返乡创业有什么补贴",
    GroupKind.CITY: "返乡创业有什么补贴",
    GroupKind.HEADS: "服务站有什么扶持",
    GroupKind.TALENT: "人才引进有什么政策",
    GroupKind.ENTREPRENEURS: "创业担保贷款怎么办",
    GroupKind.VOLUNTEERS: "返乡创业有什么扶持政策",
    GroupKind.ABROAD: "人才引进有什么政策",
    GroupKind.SAGES: "返乡投资有什么政策",
    GroupKind.VILLAGE: "返乡创业有什么补贴",
    GroupKind.TRAINEES: "创业培训有什么补贴",
    GroupKind.OTHER: "返乡创业有什么补贴",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A text that others have read before; `source` says what it was made of."""

    source: str
    label: str
    text: str


def ready(
    session: Session, vault: Vault, area: str, now: datetime, place: Callable[[str], str]
) -> tuple[Ready, ...]:
    """What may be posted for an area as it is, in the order in which it is offered.

    `place` says an area's code in words.
    """
    found = (
        _case(session, vault, area, place),
        _course(session, area, now),
        _event(session, area, now),
    )
    return tuple(one for one in found if one is not None)


def _case(session: Session, vault: Vault, area: str, place: Callable[[str], str]) -> Ready | None:
    story = cards.of_the_week(session, vault, area)
    if story is None:
        return None
    title = story.case.text.title
    text = cards.for_groups(story, place(story.case.area))
    return Ready(f"{CASE}{story.case.number}", say("post.of_case", title=title), text)


def _course(session: Session, area: str, now: datetime) -> Ready | None:
    open_ones = [one for one in courses.open_for(session, area, today_of(now)) if one.free]
    one = min(open_ones, key=lambda course: course.told.starts_on, default=None)
    if one is None:
        return None
    return Ready(
        f"{COURSE}{one.number}", say("post.of_course", title=one.told.title), _of_course(one)
    )


def _event(session: Session, area: str, now: datetime) -> Ready | None:
    held = [one for one in events.of_area(session, area, now, now + _AHEAD) if not one.is_off]
    one = min(held, key=lambda event: event.told.starts_at, default=None)
    if one is None:
        return None
    return Ready(
        f"{EVENT}{one.number}", say("post.of_event", title=one.told.title), _of_event(one)
    )


def _of_course(one: Course) -> str:
    told = one.told
    lines = [
        say("post.course_head", title=told.title, free=one.free),
        say("post.course_day", first=_day(told.starts_on), last=_day(told.ends_on)),
        *([say("post.where", place=told.place)] if told.place else []),
        say("post.course_how"),
    ]
    return "\n".join(lines)


def _of_event(one: Event) -> str:
    at = one.told.starts_at.astimezone(CHINA)
    lines = [
        say("post.event_head", kind=one.told.kind.value, title=one.told.title),
        say("post.event_day", day=_day(at.date()), time=f"{at:%H:%M}"),
        *([say("post.where", place=one.told.place)] if one.told.place else []),
        say("post.event_how"),
    ]
    return "\n".join(lines)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
