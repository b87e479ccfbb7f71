"""The frozen list of a campaign: who is on it twice, who waits longer, and the list itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, null, or_, select, update
from sqlmodel import Session

from records.campaigns import CampaignRecipient, Reason, RecipientState
from records.caps import PushDay
from records.freezing import Terms, looked_at, why_of
from records.people import Person
from records.send_budgets import SendBudget

_MANY = 5_000
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_DAYS = PushDay.__table__  # type: ignore[attr-defined]
_BUDGETS = SendBudget.__table__  # type: ignore[attr-defined]
_HAS_TURN = (RecipientState.PLANNED.value, RecipientState.HELD_OUT.value)


class Later(StrEnum):
    """Why somebody would be written to later than the others of their wave."""

    CAPPED = "capped"  # had so many messages lately that one more has to wait
    WINDOW = "window"  # the channel lets us write when they have written
    HOURS = "hours"  # said when they have time, as after a night shift


@dataclass(frozen=True, slots=True)
class Outlook:
    """So many people would stand so: left out for a reason, held out, or planned."""

    reason: str
    is_held_out: bool
    later: str
    number: int


@dataclass(frozen=True, slots=True)
class Manners:
    """What makes people wait: the caps (days, messages), their own hours, rationed channels."""

    caps: tuple[tuple[int, int], ...]
    hours: tuple[str, ...]
    windows: Mapping[str, timedelta]
    today: datetime


class Double(Enum):
    """By what two records are one person's."""

    ACCOUNT = "account"
    PHONE = "phone"


def doubles(session: Session, campaign: int, by: Double) -> list[str]:
    """Some of those who have a turn, though an earlier record with the same account or phone has.

    What is a person of two records is written to once, and so is an account that two share.
    """
    mine = and_(_RECIPIENTS.c.campaign_id == campaign, _RECIPIENTS.c.state.in_(_HAS_TURN))
    query = select(_RECIPIENTS.c.person_id, _RECIPIENTS.c.account.label("by")).where(mine)
    if by is Double.PHONE:
        query = (
            select(_RECIPIENTS.c.person_id, _PEOPLE.c.phone_print.label("by"))
            .join(_PEOPLE, _PEOPLE.c.id == _RECIPIENTS.c.person_id)
            .where(mine, _PEOPLE.c.phone_print != "")
        )
    ranked = query.subquery()
    number = func.row_number().over(partition_by=ranked.c.by, order_by=ranked.c.person_id)
    numbered = select(ranked.c.person_id, number.label("number")).subquery()
    found = select(numbered.c.person_id).where(numbered.c.number > 1).limit(_MANY)
    return list(session.execute(found).scalars())


def leave_out(session: Session, campaign: int, ids: Sequence[str]) -> None:
    """These are doubles."""
    session.execute(
        update(_RECIPIENTS)
        .where(_RECIPIENTS.c.campaign_id == campaign, _RECIPIENTS.c.person_id.in_(ids))
        .values(state=RecipientState.LEFT_OUT.value, reason=Reason.DUPLICATE.value, due=null())
    )


def page(session: Session, campaign: int, after: str) -> list[tuple[Any, ...]]:
    """The next few thousand of the list by id, with all that was frozen of them."""
    r = _RECIPIENTS.c
    query = select(r.person_id, r.state, r.reason, r.wave, r.variant, r.account, r.due)
    query = query.where(r.campaign_id == campaign, r.person_id > after).order_by(r.person_id)
    return [tuple(row) for row in session.execute(query.limit(_MANY))]


def outlook(session: Session, terms: Terms, manners: Manners) -> list[Outlook]:
    """Whom a freeze would find now; what only the whole list shows is not in it."""
    seen = looked_at(terms, _PEOPLE.c.id > "").cte("seen").prefix_with("MATERIALIZED")
    why = why_of(seen)
    is_held_out = and_(why == "", seen.c.lot < terms.holdout)
    is_planned = and_(why == "", seen.c.lot >= terms.holdout)
    keys = (
        why.label("why"),
        is_held_out.label("is_held_out"),
        case((is_planned, _later(terms, manners, seen)), else_="").label("later"),
    )
    rows = session.execute(select(*keys, func.count()).group_by(*keys))
    return [Outlook(reason, bool(out), later, number) for reason, out, later, number in rows]


def sample(session: Session, terms: Terms, most: int) -> list[str]:
    """Some of those who would be written to, by id: to look at."""
    seen = looked_at(terms, _PEOPLE.c.id > "").subquery()
    has_turn = and_(why_of(seen) == "", seen.c.lot >= terms.holdout)
    query = select(seen.c.id).where(has_turn).order_by(seen.c.variant_lot, seen.c.id).limit(most)
    return list(session.execute(query).scalars())


def _later(terms: Terms, manners: Manners, seen: Any) -> ColumnElement[str]:
    full = or_(false(), *(_had(manners, seen, days) >= most for days, most in manners.caps))
    closed = [
        and_(seen.c.way.startswith(f"{channel}:"), ~_is_open(seen, terms.now - window))
        for channel, window in manners.windows.items()
    ]
    return case(
        (or_(false(), *closed), Later.WINDOW.value),
        (full, Later.CAPPED.value),
        (seen.c.hours.in_(manners.hours), Later.HOURS.value),
        else_="",
    )


def _is_open(seen: Any, since: datetime) -> ColumnElement[bool]:
    return exists().where(
        _BUDGETS.c.conversation == seen.c.way,
        _BUDGETS.c.closed == "",
        _BUDGETS.c.opened_at > since,
    )


def _had(manners: Manners, seen: Any, days: int) -> ColumnElement[int]:
    """On how many of the last days they were written to."""
    since = manners.today - timedelta(days=days - 1)
    mine = or_(_DAYS.c.who == seen.c.id, _DAYS.c.who == seen.c.way)
    query = select(func.count(_DAYS.c.day.distinct())).where(mine, _DAYS.c.day >= since)
    return query.correlate(seen).scalar_subquery()
