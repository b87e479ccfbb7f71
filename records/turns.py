"""Whose turn it is in a campaign under way: for a clock that jumps to the next of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlmodel import Session

from records.campaigns import CampaignRecipient, RecipientState
from records.feeding import PREFIX, whose
from records.outbox import OutboxRow, OutboxState
from records.people import Person

CAPPED = "capped"  # as the failure of what the gate puts off
_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]


def due(session: Session, campaign: int, now: datetime) -> set[str]:
    """The channels on which something of it could leave now."""
    fed = select(_OUTBOX.c.channel).where(_is_queued(), _OUTBOX.c.due <= now).distinct()
    unfed = select(_RECIPIENTS.c.channel).where(_is_unfed(campaign), _RECIPIENTS.c.due <= now)
    found = [*session.execute(fed).scalars(), *session.execute(unfed.distinct()).scalars()]
    return set(found)


def next_due(session: Session, campaign: int, now: datetime) -> datetime | None:
    """When something of it may leave next; None where nothing waits for a moment."""
    fed = select(func.min(_OUTBOX.c.due)).where(_is_queued(), _OUTBOX.c.due > now)
    unfed = select(func.min(_RECIPIENTS.c.due)).where(_is_unfed(campaign))
    moments = [session.execute(query).scalar_one() for query in (fed, unfed)]
    return min((at for at in moments if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class PutOff:
    """Who was to get it and may only later; `hours` is when they said that they have time."""

    person_id: str
    at: datetime
    account: str
    hours: str


def put_off(session: Session, now: datetime) -> list[PutOff]:
    """Those whom the gate lets wait."""
    query = select(_OUTBOX.c.dedupe_key, _OUTBOX.c.due, _OUTBOX.c.conversation).where(
        _is_queued(), _OUTBOX.c.failure == CAPPED, _OUTBOX.c.due > now
    )
    rows = [(own[1], at, key) for name, at, key in session.execute(query) if (own := whose(name))]
    said = _PEOPLE.c.codes["contact_time"].as_string()
    ids = [person_id for person_id, _, _ in rows]
    told = select(_PEOPLE.c.id, said).where(_PEOPLE.c.id.in_(ids))
    hours = {person_id: found or "" for person_id, found in session.execute(told)}
    return [PutOff(who, at, key, hours.get(who, "")) for who, at, key in rows]


def _is_queued() -> ColumnElement[bool]:
    is_so: ColumnElement[bool] = _OUTBOX.c.state == OutboxState.QUEUED.value
    return is_so


def _is_unfed(campaign: int) -> ColumnElement[bool]:
    r = _RECIPIENTS.c
    key = literal(f"{PREFIX}{campaign}/") + r.person_id
    is_fed = select(_OUTBOX.c.id).where(_OUTBOX.c.dedupe_key == key).exists()
    is_so: ColumnElement[bool] = and_(
        r.campaign_id == campaign, r.state == RecipientState.PLANNED.value, ~is_fed
    )
    return is_so
