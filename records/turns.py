"""Whose turn it is in a campaign under way: for a clock that jumps to the next of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlmodel import Session

from records.campaigns import CampaignRecipient, RecipientState
from records.feeding import PREFIX, whose
from records.outbox import OutboxRow, OutboxState
from records.waits import OF_THE_GATE, Wait

_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
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


def put_off(session: Session, now: datetime) -> dict[str, Wait]:
    """The people whom the gate lets wait, and why."""
    query = select(_OUTBOX.c.dedupe_key, _OUTBOX.c.failure).where(
        _is_queued(), _OUTBOX.c.failure.in_(OF_THE_GATE), _OUTBOX.c.due > now
    )
    return {own[1]: Wait(why) for name, why in session.execute(query) if (own := whose(name))}


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
