"""The frozen list of a campaign: who is on it twice, who waits longer, and the list itself."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    null,
    or_,
    select,
    update,
)
from sqlmodel import Session

from records.campaigns import CampaignRecipient, Reason, RecipientState
from records.freezing import (
    Terms,
    channel_of,
    end_of_page,
    looked_at,
    of_page,
    variant_of,
    why_of,
)
from records.people import Person
from records.push_days import PushDay
from records.send_budgets import SendBudget

MANY = 5_000  # rows found, read or written at once
_COMMA = ","
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
    """So many people would stand so: left out for a reason, held out, or planned.

    Those planned have a variant and a channel.
    """

    reason: str
    is_held_out: bool
    later: str
    variant: str
    channel: str
    number: int


@dataclass(frozen=True, slots=True)
class Manners:
    """What makes people wait: the caps (days, messages), their own hours, rationed channels.

    `hours` are of each wave the answers of those for whom its moment is outside of their hours.
    """

    caps: tuple[tuple[int, int], ...]
    hours: Mapping[int, tuple[str, ...]]
    windows: Mapping[str, timedelta]
    today: datetime


class Double(Enum):
    """By what two records are one person's."""

    ACCOUNT = "account"
    PHONE = "phone"


def doubles(session: Session, campaign: int, by: Double) -> list[str]:
    """Those who have a turn, though an earlier record with the same account or phone has; of so
    many accounts or phones at once: `MANY` or more are not all.

    What is a person of two records is written to once, and so is an account that two share.
    """
    mine = and_(_RECIPIENTS.c.campaign_id == campaign, _RECIPIENTS.c.state.in_(_HAS_TURN))
    ids = func.aggregate_strings(_RECIPIENTS.c.person_id, _COMMA)
    query, what = select(ids), _RECIPIENTS.c.account
    if by is Double.PHONE:
        query = query.join(_PEOPLE, _PEOPLE.c.id == _RECIPIENTS.c.person_id)
        mine, what = and_(mine, _PEOPLE.c.phone_print != ""), _PEOPLE.c.phone_print
    several = query.where(mine).group_by(what).having(func.count() > 1).limit(MANY)
    return [
        later
        for same in session.execute(several).scalars()
        for later in sorted(same.split(_COMMA))[1:]
    ]


def leave_out(session: Session, campaign: int, ids: Sequence[str]) -> None:
    """These are doubles."""
    session.execute(
        update(_RECIPIENTS)
        .where(_RECIPIENTS.c.campaign_id == campaign, _RECIPIENTS.c.person_id.in_(ids))
        .values(state=RecipientState.LEFT_OUT.value, reason=Reason.DUPLICATE.value, due=null())
    )


def page(session: Session, campaign: int, after: str) -> list[tuple[str, str]]:
    """The next few thousand of the list by id, each with all that was frozen of them as a line."""
    r = _RECIPIENTS.c
    texts = (r.person_id, r.state, r.reason, r.variant, r.account)
    others = (cast(r.wave, String), func.coalesce(cast(r.due, String), ""))
    line = functools.reduce(lambda left, right: left + "\t" + right, (*texts, *others))
    query = select(r.person_id, line).where(r.campaign_id == campaign, r.person_id > after)
    return [(id_, line) for id_, line in session.execute(query.order_by(r.person_id).limit(MANY))]


def outlook(session: Session, terms: Terms, manners: Manners) -> list[Outlook]:
    """Whom a freeze would find now; what only the whole list shows is not in it."""
    seen = looked_at(terms, _PEOPLE.c.id > "").cte("seen").prefix_with("MATERIALIZED")
    why = why_of(seen)
    held_out = seen.c.lot < terms.holdout
    is_planned = and_(why == "", ~held_out)
    keys = (
        why.label("why"),
        and_(why == "", held_out).label("is_held_out"),
        case((is_planned, _later(terms, manners, seen)), else_="").label("later"),
        case((is_planned, variant_of(terms, seen)), else_="").label("variant"),
        case((is_planned, channel_of(terms, seen)), else_="").label("channel"),
    )
    rows = session.execute(select(*keys, func.count()).group_by(*keys))
    return [Outlook(reason, bool(out), *rest) for reason, out, *rest in rows]


def sample(session: Session, terms: Terms, most: int) -> list[tuple[str, str, str]]:
    """Some of those who would be written to, to look at, each with variant and channel.

    The first by id, which is random.
    """
    found, begin = list[tuple[str, str, str]](), ""
    while len(found) < most and (end := end_of_page(session, begin, MANY)):
        seen = looked_at(terms, of_page(begin, end)).subquery()
        has_turn = and_(why_of(seen) == "", seen.c.lot >= terms.holdout)
        what = (seen.c.id, variant_of(terms, seen), channel_of(terms, seen))
        query = select(*what).where(has_turn).order_by(seen.c.id).limit(most - len(found))
        found += [(one, variant, channel) for one, variant, channel in session.execute(query)]
        begin = end
    return found


def _later(terms: Terms, manners: Manners, seen: Any) -> ColumnElement[str]:
    full = or_(false(), *(_had(manners, seen, days) >= most for days, most in manners.caps))
    closed = [
        and_(seen.c.way.startswith(f"{channel}:"), ~_is_open(seen, terms.now - window))
        for channel, window in manners.windows.items()
    ]
    early = [
        and_(seen.c.wave == wave, seen.c.hours.in_(said)) for wave, said in manners.hours.items()
    ]
    return case(
        (or_(false(), *closed), Later.WINDOW.value),
        (full, Later.CAPPED.value),
        (or_(false(), *early), Later.HOURS.value),
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
