"""What people did after their turn, those written to beside those held out: counts, no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    case,
    cast,
    exists,
    func,
    select,
    values,
)
from sqlalchemy import column as named
from sqlmodel import Session

from records.campaigns import CampaignRecipient, RecipientState
from records.courses import Enrolment
from records.events import Answer, Invitation
from records.inbound import InboundRow
from records.person_facts import PersonFacts
from records.tickets import Ticket, TicketKind
from records.types import UtcDateTime

_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_HEARD = InboundRow.__table__  # type: ignore[attr-defined]
_SEATS = Enrolment.__table__  # type: ignore[attr-defined]
_GUESTS = Invitation.__table__  # type: ignore[attr-defined]
_TICKETS = Ticket.__table__  # type: ignore[attr-defined]
_FACTS = PersonFacts.__table__  # type: ignore[attr-defined]
_TALKS = (TicketKind.TALK.value, TicketKind.CALLBACK.value)


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment on, up to another, and the days in China that they lie on."""

    begin: datetime
    end: datetime
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Tally:
    """So many people, and how many of them did what."""

    people: int = 0
    wrote: int = 0
    signed_up: int = 0  # for a course, or said yes to an event
    asked: int = 0  # to talk with a human, or to be called
    registered: int = 0  # a business


def dues(session: Session, campaign: int, now: datetime) -> list[datetime]:
    """Every moment up to now that somebody of a campaign was due at, held out or not."""
    r = _RECIPIENTS.c
    query = select(r.due).where(r.campaign_id == campaign, r.due <= now).distinct()
    return list(session.execute(query.order_by(r.due)).scalars())


def afterwards(session: Session, campaign: int, spans: Sequence[Span]) -> tuple[Tally, Tally]:
    """Of a campaign: those who were to be written to, and those held out, each in their span.

    Everybody whom the lot chose counts, whether or not the message arrived: only so do the two
    differ by nothing but the lot.
    """
    is_held_out = _RECIPIENTS.c.state == RecipientState.HELD_OUT.value
    found = _tallied(session, campaign, spans, is_held_out)
    return found.get(False, Tally()), found.get(True, Tally())


def by_wave(session: Session, campaign: int, spans: Sequence[Span]) -> dict[int, Tally]:
    """Those who were to be written to, apart by wave."""
    is_written_to = _RECIPIENTS.c.state != RecipientState.HELD_OUT.value
    return _tallied(session, campaign, spans, _RECIPIENTS.c.wave, is_written_to)


def _tallied(
    session: Session,
    campaign: int,
    spans: Sequence[Span],
    by: ColumnElement[Any],
    *conditions: ColumnElement[bool],
) -> dict[Any, Tally]:
    """Each group of recipients whom the lot chose, each of them in their span."""
    r, span = _RECIPIENTS.c, _table(spans)
    query = (
        select(
            by.label("by"),
            func.count().label("people"),
            _sum(_wrote(span.c)).label("wrote"),
            _sum(_signed_up(span.c)).label("signed_up"),
            _sum(_asked(span.c)).label("asked"),
            _sum(_registered(span.c)).label("registered"),
        )
        .select_from(_RECIPIENTS.join(span, span.c.begin == r.due))
        .where(r.campaign_id == campaign, r.state != RecipientState.LEFT_OUT.value, *conditions)
        .group_by(by)
    )
    return {row[0]: Tally(*row[1:]) for row in session.execute(query)}


def _table(spans: Sequence[Span]) -> Any:
    """A row for each span."""
    columns = (
        named("begin", UtcDateTime),
        named("end", UtcDateTime),
        named("first", Date),
        named("last", Date),
    )
    rows = [(one.begin, one.end, one.first, one.last) for one in spans]
    return values(*columns, name="span").data(rows).cte("span")


def _sum(flag: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(case((flag, 1), else_=0)), 0), Integer)


def _wrote(span: Any) -> ColumnElement[bool]:
    mine = _HEARD.c.conversation == _RECIPIENTS.c.account
    by_our_clock = _HEARD.c.received_at  # as the moment is by which they were due
    return _there(_HEARD.c.id, mine, _within(by_our_clock, span))


def _signed_up(span: Any) -> ColumnElement[bool]:
    me = _RECIPIENTS.c.person_id
    said_yes = _GUESTS.c.answer == Answer.YES.value
    return _there(_SEATS.c.id, _SEATS.c.person_id == me, _within(_SEATS.c.since, span)) | _there(
        _GUESTS.c.id, _GUESTS.c.person_id == me, said_yes, _within(_GUESTS.c.at, span)
    )


def _asked(span: Any) -> ColumnElement[bool]:
    mine = _TICKETS.c.conversation == _RECIPIENTS.c.account
    is_for_talk = _TICKETS.c.kind.in_(_TALKS)
    return _there(_TICKETS.c.number, mine, is_for_talk, _within(_TICKETS.c.opened_at, span))


def _registered(span: Any) -> ColumnElement[bool]:
    mine = _FACTS.c.person_id == _RECIPIENTS.c.person_id
    day = _FACTS.c.registered_last
    return _there(_FACTS.c.person_id, mine, day >= span.first, day <= span.last)


def _within(column: Any, span: Any) -> ColumnElement[bool]:
    inside: ColumnElement[bool] = and_(column >= span.begin, column < span.end)
    return inside


def _there(column: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(column).where(*conditions))
