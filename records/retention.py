"""Whose record has served its purpose: how long each is kept after the last contact (P-16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlmodel import Session

from records.account_links import AccountLink
from records.assignments import Assignment
from records.conversations import Conversation
from records.entities import Entity
from records.people import Person, Status
from records.visits import Visit

NO_INTENT = timedelta(days=365)  # of who does not mean to come back
FOUNDER = timedelta(days=3 * 365)  # of who was helped, or runs something
_NOT_RETURNING = "not_returning"

_PEOPLE, _TALKS = Person.__table__, Conversation.__table__  # type: ignore[attr-defined]
_LINKS, _VISITS = AccountLink.__table__, Visit.__table__  # type: ignore[attr-defined]
_ASSIGNED, _ENTITIES = Assignment.__table__, Entity.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Standing:
    """How many are kept for a purpose, and of how many the time is over."""

    held: int
    due: int


def without_intent(session: Session, now: datetime, limit: int) -> list[str]:
    """Some of those who do not mean to come back, and were not in touch for twelve months."""
    return _some(session, now - NO_INTENT, limit, _without_intent())


def founders(session: Session, now: datetime, limit: int) -> list[str]:
    """Some of those who were helped, and were not in touch for three years."""
    return _some(session, now - FOUNDER, limit, _was_helped())


def standings(session: Session, now: datetime) -> tuple[Standing, Standing, Standing]:
    """Those who do not mean to come back, those who were helped, and all others."""
    no_intent, helped = _without_intent(), _was_helped()
    others = and_(~_was_helped(), ~_is_not_returning())
    return (
        Standing(_count(session, no_intent), _count(session, no_intent, now - NO_INTENT)),
        Standing(_count(session, helped), _count(session, helped, now - FOUNDER)),
        Standing(_count(session, others), 0),
    )


def _some(session: Session, before: datetime, limit: int, which: ColumnElement[bool]) -> list[str]:
    query = select(_PEOPLE.c.id).where(_is_kept(), which, _is_over(before))
    return list(session.execute(query.order_by(_PEOPLE.c.id).limit(limit)).scalars())


def _count(session: Session, which: ColumnElement[bool], before: datetime | None = None) -> int:
    query = select(func.count()).select_from(_PEOPLE).where(_is_kept(), which)
    if before is not None:
        query = query.where(_is_over(before))
    return int(session.execute(query).scalar() or 0)


def _is_kept() -> ColumnElement[bool]:
    return _PEOPLE.c.status == Status.CONFIRMED.value  # type: ignore[no-any-return]


def _is_over(before: datetime) -> ColumnElement[bool]:
    return and_(_PEOPLE.c.updated_at < before, ~_was_in_touch(before))


def _is_not_returning() -> ColumnElement[bool]:
    """Never NULL: who has not said stays with the others."""
    said = _PEOPLE.c.codes["intent"].as_string()
    return func.coalesce(said, "") == _NOT_RETURNING


def _without_intent() -> ColumnElement[bool]:
    return and_(_is_not_returning(), ~_was_helped())


def _was_in_touch(since: datetime) -> ColumnElement[bool]:
    """Whether they talked to us, on whatever account, or somebody looked after them."""
    mine = _PEOPLE.c.id
    here = exists().where(_TALKS.c.key == _PEOPLE.c.account, _TALKS.c.updated_at >= since)
    elsewhere = exists().where(
        _LINKS.c.person_id == mine,
        _TALKS.c.key == _LINKS.c.account,
        _TALKS.c.updated_at >= since,
    )
    visited = exists().where(_VISITS.c.person_id == mine, _VISITS.c.at >= since)
    looked_after = or_(_ASSIGNED.c.since >= since, _ASSIGNED.c.until >= since)
    helped = mine.in_(select(_ASSIGNED.c.person_id).where(looked_after))
    changed = exists().where(_ENTITIES.c.person_id == mine, _ENTITIES.c.updated_at >= since)
    return or_(here, elsewhere, visited, helped, changed)


def _was_helped() -> ColumnElement[bool]:
    # Not EXISTS: it has no index by person alone, and would be read once for each of them.
    has_helper = _PEOPLE.c.id.in_(select(_ASSIGNED.c.person_id))
    return or_(has_helper, exists().where(_ENTITIES.c.person_id == _PEOPLE.c.id))
