"""The retention report: what is held for each purpose, and what the next run will erase."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, func, select, true
from sqlmodel import Session

from records import leavers, privacy_retention, retention, sharing
from records.consents import PROOF_LIFE, Consent
from records.conversations import Conversation
from records.gaps import Gap
from records.group_posts import GroupPost
from records.inbound import FILE_LIFE, InboundRow
from records.leavers import Leaver
from records.line_drafts import LineDraft
from records.outbox import OutboxRow
from records.people import Person
from records.pictures import LIFE as PICTURE_LIFE
from records.pictures import Picture
from records.privacy_retention import Line, Purpose, Report
from records.questions import QUESTION_LIFE, OpenQuestion
from records.relays import LIFE as RELAY_LIFE
from records.relays import RelayLine
from records.reminders import ReminderRow
from records.sharing import SharingRow
from records.sweeps import RESPITE, Door, Sweep
from records.tickets import TALK_LIFE, Ticket, TicketLine
from records.told import TOLD_LIFE, ToldEntry

NEXT = timedelta(days=1)  # until the next look at everything
_HALF_YEAR = timedelta(days=180)


class RetentionRefused(Exception):
    """It cannot be signed like this; one sentence in Chinese."""


@dataclass(frozen=True, slots=True)
class _Aged:
    """Rows that go when `since` is `life` ago; where it is empty they wait for `why`."""

    table: FromClause
    since: Any
    life: timedelta
    why: str = "young"
    which: ColumnElement[bool] = field(default_factory=true)


def _t(model: Any) -> Table:
    table: Table = model.__table__
    return table


_NOW = timedelta()
_DOORS = _t(Door).join(_t(Sweep), _t(Door).c.sweep_id == _t(Sweep).c.id)
_TALKS = _t(TicketLine).join(_t(Ticket), _t(TicketLine).c.ticket == _t(Ticket).c.number)
_AGED: dict[Purpose, tuple[_Aged, ...]] = {
    Purpose.DRAFTS: (
        _Aged(
            _t(Conversation),
            _t(Conversation).c.draft_until,
            _NOW,
            which=_t(Conversation).c.draft_until.is_not(None),
        ),
    ),
    Purpose.PENDING: (
        _Aged(_t(Person), _t(Person).c.erase_at, _NOW, which=_t(Person).c.erase_at.is_not(None)),
    ),
    Purpose.MESSAGES: (
        _Aged(_t(InboundRow), _t(InboundRow).c.done_at, _HALF_YEAR, "waiting"),
        _Aged(_t(OutboxRow), _t(OutboxRow).c.settled_at, _HALF_YEAR, "waiting"),
        _Aged(_t(RelayLine), _t(RelayLine).c.at, RELAY_LIFE),
        _Aged(
            _t(GroupPost),
            _t(GroupPost).c.made_at,
            _HALF_YEAR,
            which=_t(GroupPost).c.id < select(func.max(_t(GroupPost).c.id)).scalar_subquery(),
        ),
    ),
    Purpose.REQUESTS: (_Aged(_TALKS, _t(Ticket).c.closed_at, TALK_LIFE, "waiting"),),
    Purpose.PROOFS: (
        _Aged(_t(Consent), _t(Consent).c.ended_at, PROOF_LIFE, "in_force"),
        _Aged(_t(Leaver), _t(Leaver).c.left_at, leavers.REMEMBERED),
        _Aged(_t(SharingRow), sharing.SINCE, PROOF_LIFE),
    ),
    Purpose.QUESTIONS: (
        _Aged(_t(OpenQuestion), _t(OpenQuestion).c.asked_at, QUESTION_LIFE),
        _Aged(_t(Gap), _t(Gap).c.last_at, QUESTION_LIFE),
    ),
    Purpose.TOLD: (_Aged(_t(ToldEntry), _t(ToldEntry).c.told_at, TOLD_LIFE),),
    Purpose.FILES: (
        _Aged(
            _t(InboundRow),
            _t(InboundRow).c.received_at,
            FILE_LIFE,
            which=_t(InboundRow).c.file.is_not(None) & _t(InboundRow).c.done_at.is_(None),
        ),
        _Aged(_t(Picture), _t(Picture).c.at, PICTURE_LIFE),
    ),
    Purpose.LINES: (
        _Aged(_t(LineDraft), _t(LineDraft).c.erase_at, _NOW),
        _Aged(_DOORS, _t(Sweep).c.started_at, RESPITE, which=_t(Door).c.person_id == ""),
    ),
    Purpose.DELETED: (
        _Aged(
            _t(Conversation),
            _t(Conversation).c.forget_at,
            _NOW,
            which=_t(Conversation).c.forget_at.is_not(None),
        ),
    ),
    Purpose.REMINDERS: (
        _Aged(_t(ReminderRow), _t(ReminderRow).c.settled_at, _HALF_YEAR, "waiting"),
    ),
}


def look(session: Session, now: datetime) -> list[Line]:
    """Every purpose: how much is held, why it is kept, and what goes until the next look."""
    people = dict(zip(_OF_PEOPLE, _people(session, now + NEXT), strict=True))
    at = now + NEXT
    return [people.get(purpose) or _aged(session, purpose, at) for purpose in Purpose]


def report(session: Session, now: datetime) -> None:
    """Look at everything, and keep what was found as the day's report."""
    privacy_retention.keep(session, look(session, now), at=now)


def sign(session: Session, *, by: str, now: datetime) -> list[Report]:
    """Sign every report of a day that is over; those that were signed."""
    due = privacy_retention.unsigned(session, privacy_retention.day_of(now))
    if not due:
        raise RetentionRefused("没有要签的报告：当天的报告第二天起才能签。")
    privacy_retention.sign(session, due, by=by, at=now)
    return due


def is_whole(report: Report) -> bool:
    """Whether a signed report still says what was signed."""
    return report.signed_at is None or privacy_retention.digest(report) == report.digest


_OF_PEOPLE = (Purpose.NO_INTENT, Purpose.SUPPORTED, Purpose.OPEN)


def _people(session: Session, at: datetime) -> list[Line]:
    standings = retention.standings(session, at)
    why = ("in_touch", "in_touch", "intent")
    return [
        Line(purpose, one.held, 0, one.due, {reason: one.held - one.due})
        for purpose, one, reason in zip(_OF_PEOPLE, standings, why, strict=True)
    ]


def _aged(session: Session, purpose: Purpose, at: datetime) -> Line:
    held = due = 0
    kept: dict[str, int] = {}
    for one in _AGED[purpose]:
        whole, over, empty = _counts(session, one, at)
        held, due = held + whole, due + over
        kept[one.why] = kept.get(one.why, 0) + empty
        kept["young"] = kept.get("young", 0) + whole - over - empty
    return Line(purpose, held, 0, due, {why: number for why, number in kept.items() if number})


def _counts(session: Session, one: _Aged, at: datetime) -> tuple[int, int, int]:
    """How many rows there are, of how many the time is over, and for how many it has not begun."""
    is_over = one.since < at - one.life
    counted = select(
        func.count(),
        func.count().filter(is_over),
        func.count().filter(one.since.is_(None)),
    )
    row = session.execute(counted.select_from(one.table).where(one.which)).one()
    return int(row[0]), int(row[1]), int(row[2])


def due_people(session: Session, now: datetime, limit: int) -> list[tuple[Purpose, str]]:
    """Some of the people whose record goes until the next look, by id, with the purpose."""
    at = now + NEXT
    person = _t(Person)
    over = select(person.c.id).where(person.c.erase_at < at).order_by(person.c.id)
    found = [(Purpose.PENDING, one) for one in session.execute(over.limit(limit)).scalars()]
    found += [(Purpose.NO_INTENT, one) for one in retention.without_intent(session, at, limit)]
    found += [(Purpose.SUPPORTED, one) for one in retention.founders(session, at, limit)]
    return found[:limit]
