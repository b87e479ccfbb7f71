"""Campaigns as they are written and moved: texts, waves, states and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, null, select, update
from sqlmodel import Session

from records.campaigns import (
    Campaign,
    CampaignCursor,
    CampaignRecipient,
    CampaignState,
    CampaignStep,
    CampaignText,
    CampaignWave,
    Reason,
    RecipientState,
)
from records.scope import is_within

_CAMPAIGNS = Campaign.__table__  # type: ignore[attr-defined]
_TEXTS = CampaignText.__table__  # type: ignore[attr-defined]
_WAVES = CampaignWave.__table__  # type: ignore[attr-defined]
_STEPS = CampaignStep.__table__  # type: ignore[attr-defined]
_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_CURSORS = CampaignCursor.__table__  # type: ignore[attr-defined]
_UNWRITTEN = (RecipientState.LEFT_OUT.value, RecipientState.HELD_OUT.value)
_NOTE = 200
_TURNS = ("submitted", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did with a campaign."""

    by: str
    what: str
    note: str
    at: datetime


def add(session: Session, new: Campaign) -> int:
    """A new draft; its number."""
    session.add(new)
    session.flush()
    assert new.id is not None
    return new.id


def find(session: Session, number: int, *, locks: bool = False) -> Campaign | None:
    """The campaign of this number; `locks` keeps others from changing it meanwhile."""
    return session.get(Campaign, number, with_for_update=locks, populate_existing=locks)


def listed(session: Session, area: str, *, with_over: bool = False) -> list[Campaign]:
    """Those of an area and of what lies below it, the newest first; "" is everywhere."""
    query = select(Campaign).order_by(_CAMPAIGNS.c.id.desc())
    if not with_over:
        over = (CampaignState.STOPPED.value, CampaignState.FINISHED.value)
        query = query.where(_CAMPAIGNS.c.state.not_in(over))
    found = session.execute(query).scalars()
    return [one for one in found if is_within(one.area, area) or one.town == area]


def of_event(session: Session, event_id: int) -> Campaign | None:
    """The newest that invites to an event."""
    query = select(Campaign).where(_CAMPAIGNS.c.event_id == event_id)
    return session.execute(query.order_by(_CAMPAIGNS.c.id.desc()).limit(1)).scalars().first()


def in_state(session: Session, *states: CampaignState) -> list[int]:
    """The numbers of the campaigns that stand so."""
    query = select(_CAMPAIGNS.c.id).where(_CAMPAIGNS.c.state.in_([one.value for one in states]))
    return list(session.execute(query.order_by(_CAMPAIGNS.c.id)).scalars())


def texts(session: Session, number: int) -> list[CampaignText]:
    """Its wordings, A before B and the one for all channels first."""
    query = select(CampaignText).where(_TEXTS.c.campaign_id == number)
    return list(session.execute(query.order_by(_TEXTS.c.variant, _TEXTS.c.channel)).scalars())


def put_text(session: Session, text: CampaignText) -> None:
    """Keep a wording in the place of the one before it."""
    session.merge(text)
    session.flush()


def drop_text(session: Session, number: int, variant: str, channel: str) -> bool:
    """Whether there was such a wording to drop."""
    gone = delete(_TEXTS).where(
        _TEXTS.c.campaign_id == number, _TEXTS.c.variant == variant, _TEXTS.c.channel == channel
    )
    return bool(session.connection().execute(gone).rowcount)


def waves(session: Session, number: int) -> list[CampaignWave]:
    """Its waves by number."""
    query = select(CampaignWave).where(_WAVES.c.campaign_id == number)
    return list(session.execute(query.order_by(_WAVES.c.number)).scalars())


def put_waves(session: Session, number: int, new: Sequence[CampaignWave]) -> None:
    """These and no others."""
    for old in waves(session, number):
        session.delete(old)
    session.flush()
    session.add_all(new)
    session.flush()


def step(session: Session, number: int, what: str, *, by: str, at: datetime, note: str) -> None:
    """Write down what was done."""
    session.add(CampaignStep(campaign_id=number, by=by, what=what, note=note[:_NOTE], at=at))
    session.flush()


def steps(session: Session, number: int) -> list[Step]:
    """What was done with it, oldest first."""
    query = select(_STEPS).where(_STEPS.c.campaign_id == number).order_by(_STEPS.c.id)
    return [Step(r.by, r.what, r.note, r.at) for r in session.execute(query)]


def sent_back(session: Session) -> dict[int, Step]:
    """The drafts that somebody did not agree to, with who and why."""
    query = (
        select(_STEPS)
        .join(_CAMPAIGNS, _CAMPAIGNS.c.id == _STEPS.c.campaign_id)
        .where(_CAMPAIGNS.c.state == CampaignState.DRAFT.value)
        .where(_STEPS.c.what.in_(_TURNS))
        .order_by(_STEPS.c.id)
    )
    last = {r.campaign_id: Step(r.by, r.what, r.note, r.at) for r in session.execute(query)}
    return {number: step for number, step in last.items() if step.what == "refused"}


def thaw(session: Session, number: int) -> None:
    """Forget the list of recipients, which nobody was written to from."""
    for table in (_RECIPIENTS, _CURSORS):
        session.execute(delete(table).where(table.c.campaign_id == number))


def planned(session: Session, number: int) -> int:
    """How many are to be written to."""
    query = select(func.count()).where(
        _RECIPIENTS.c.campaign_id == number,
        _RECIPIENTS.c.state == RecipientState.PLANNED.value,
    )
    return int(session.execute(query).scalar_one())


def last_due(session: Session, number: int) -> datetime | None:
    """When the last of those who are to be written to is due; None where there is nobody."""
    query = select(func.max(_RECIPIENTS.c.due)).where(
        _RECIPIENTS.c.campaign_id == number,
        _RECIPIENTS.c.state == RecipientState.PLANNED.value,
    )
    at: datetime | None = session.execute(query).scalar_one()
    return at


def let_pass(session: Session, number: int, waves: Sequence[int], now: datetime) -> None:
    """Leave out those whose own day has come since the freeze: nobody is written to late."""
    r = _RECIPIENTS.c
    has_turn = (RecipientState.PLANNED.value, RecipientState.HELD_OUT.value)
    session.execute(
        update(_RECIPIENTS)
        .where(r.campaign_id == number, r.wave.in_(waves), r.state.in_(has_turn), r.due <= now)
        .values(state=RecipientState.LEFT_OUT.value, reason=Reason.DAY_PAST.value, due=null())
    )


def left_out(session: Session, number: int) -> dict[str, int]:
    """How many of the frozen list are written to (""), `held_out`, or left out for what reason."""
    r = _RECIPIENTS.c
    query = select(r.state, r.reason, func.count()).where(r.campaign_id == number)
    found: dict[str, int] = {}
    for state, reason, count in session.execute(query.group_by(r.state, r.reason)):
        key = {"left_out": reason, "held_out": "held_out"}.get(state, "")
        found[key] = found.get(key, 0) + count
    return found


def ways(session: Session, number: int) -> dict[tuple[str, str], int]:
    """How many are written to, by variant and channel."""
    r = _RECIPIENTS.c
    keys = (r.variant, r.channel)
    query = select(*keys, func.count()).where(r.campaign_id == number, r.state.not_in(_UNWRITTEN))
    return {(row[0], row[1]): row[2] for row in session.execute(query.group_by(*keys))}


def some_planned(
    session: Session, number: int, variant: str, channel: str, most: int
) -> list[tuple[str, str, str]]:
    """Some of those who are written to so: who, which variant, by which channel."""
    r = _RECIPIENTS.c
    query = select(r.person_id).where(
        r.campaign_id == number,
        r.state.not_in(_UNWRITTEN),
        r.variant == variant,
        r.channel == channel,
    )
    ids = session.execute(query.order_by(r.person_id).limit(most)).scalars()
    return [(person, variant, channel) for person in ids]
