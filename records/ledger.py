"""How a campaign stands with everybody whom it was for: one query, so that it always adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    text,
    update,
)
from sqlmodel import Session

from records.campaigns import Campaign, CampaignRecipient, CampaignState, RecipientState
from records.digests import UNREACHED
from records.feeding import PREFIX, STOPPED
from records.outbox import OutboxRow, OutboxState
from records.people import Person
from records.waits import Wait

_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_CAMPAIGNS = Campaign.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_OUTER = _OUTBOX.alias("outer_message")  # in which a merged one went: it ends as that one does
_EARLIER = _OUTBOX.alias("earlier")
_IS_PLANNED = text(f"campaign_recipient.state = '{RecipientState.PLANNED.value}'")
_MANY = 2_000
_OVER = (CampaignState.STOPPED.value, CampaignState.FINISHED.value)


class Stand(StrEnum):
    """Where a recipient stands; everything from SENT to HELD was planned."""

    LEFT_OUT = "left_out"
    HELD_OUT = "held_out"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"
    HELD = "held"  # and why, and until when


_NO_TURN = (Stand.LEFT_OUT, Stand.HELD_OUT)


@dataclass(frozen=True, slots=True)
class Count:
    """So many recipients of a wave and a channel stand so, for this reason."""

    wave: int
    channel: str
    variant: str
    stand: Stand
    reason: str
    number: int
    until: datetime | None = None  # of those held: the last moment that one waits for


@dataclass(frozen=True, slots=True)
class Figures:
    """A campaign as it stands: every recipient in exactly one stand of the whole and of a part."""

    whole: Mapping[Stand, int]
    parts: Mapping[tuple[int, str], Mapping[Stand, int]]  # by wave and channel
    counts: tuple[Count, ...]

    @property
    def planned(self) -> int:
        """Everybody who has a turn: sent, failed, held, stopped, whatever became of it."""
        return sum(n for stand, n in self.whole.items() if stand not in _NO_TURN)


@dataclass(frozen=True, slots=True)
class Kept:
    """So many were copied, of a page whose last person this is; "" where there was none."""

    copied: int
    last: str


@dataclass(frozen=True, slots=True)
class Line:
    """One recipient, as the proof has it."""

    person_id: str
    wave: int
    channel: str
    variant: str
    stand: Stand
    reason: str
    until: datetime | None
    settled_at: datetime | None
    outer_id: str


def counts(session: Session, campaign: int) -> list[Count]:
    """Every recipient exactly once."""
    rows = _standing(campaign).subquery()
    keys = (rows.c.wave, rows.c.channel, rows.c.variant, rows.c.stand, rows.c.reason)
    query = select(*keys, func.count(), func.max(rows.c.until)).group_by(*keys).order_by(*keys)
    return [
        Count(wave, channel, variant, Stand(stand), reason, number, until)
        for wave, channel, variant, stand, reason, number, until in session.execute(query)
    ]


def lines(session: Session, campaign: int) -> Iterator[Line]:
    """Every recipient, by id, a few thousand read at a time."""
    after = ""
    while True:
        page = _standing(campaign).where(_RECIPIENTS.c.person_id > after)
        found = list(session.execute(page.order_by(_RECIPIENTS.c.person_id).limit(_MANY)))
        if not found:
            return
        for row in found:
            yield _line(row)
        after = found[-1].person_id


def page(
    session: Session,
    campaign: int,
    stand: Stand,
    *,
    after: str,
    most: int,
    reach: ColumnElement[bool],
) -> list[Line]:
    """Some of those who stand so, by id, of whom `reach` (a condition on people) holds."""
    r = _RECIPIENTS.c
    known = select(_PEOPLE.c.id).where(_PEOPLE.c.id == r.person_id, reach)
    found = _standing(campaign).where(r.person_id > after, _stand() == stand.value, exists(known))
    return [_line(row) for row in session.execute(found.order_by(r.person_id).limit(most))]


def of_person(session: Session, campaign: int, person_id: str) -> Line | None:
    """One recipient; None where the campaign is not for them."""
    query = _standing(campaign).where(_RECIPIENTS.c.person_id == person_id)
    row = session.execute(query).first()
    return _line(row) if row else None


def stands(session: Session, campaign: int, persons: Collection[str]) -> dict[str, Stand]:
    """How some recipients stand; who is none of them is not named."""
    query = _standing(campaign).where(_RECIPIENTS.c.person_id.in_(persons))
    return {row.person_id: Stand(row.stand) for row in session.execute(query)}


def keep_ends(session: Session, campaign: int, after: str = "") -> Kept:
    """Copy what is final in the outbox to the next few thousand recipients behind `after`.

    The outbox forgets after half a year, the ledger does not.
    """
    ids = select(_RECIPIENTS.c.person_id).where(
        _RECIPIENTS.c.campaign_id == campaign, _IS_PLANNED, _RECIPIENTS.c.person_id > after
    )
    page = ids.order_by(_RECIPIENTS.c.person_id).limit(_MANY).subquery()
    last = session.execute(select(func.max(page.c.person_id))).scalar_one() or ""
    if not last:
        return Kept(0, "")
    within = (_IS_PLANNED, _RECIPIENTS.c.person_id > after, _RECIPIENTS.c.person_id <= last)
    ended = _standing(campaign).where(*within).subquery()
    final = select(ended).where(ended.c.stand != Stand.HELD.value).subquery()
    copied = (
        update(_RECIPIENTS)
        .where(
            _RECIPIENTS.c.campaign_id == campaign,
            _RECIPIENTS.c.person_id == final.c.person_id,
        )
        .values(
            state=final.c.stand,
            reason=func.substr(final.c.reason, 1, 24),
            settled_at=final.c.settled_at,
        )
    )
    return Kept(int(session.connection().execute(copied).rowcount), last)


def keep_all_ends(session: Session, campaign: int) -> int:
    """The same of everybody at once; how many were copied."""
    copied, after = 0, ""
    while (kept := keep_ends(session, campaign, after)).last:
        copied, after = copied + kept.copied, kept.last
    return copied


def figures(session: Session, campaign: int) -> Figures:
    """How it stands as a whole, and by wave and channel."""
    return summed(counts(session, campaign))


def summed(found: Sequence[Count]) -> Figures:
    """The same from counts."""
    whole: Counter[Stand] = Counter()
    parts: dict[tuple[int, str], Counter[Stand]] = {}
    for one in found:
        whole[one.stand] += one.number
        parts.setdefault((one.wave, one.channel), Counter())[one.stand] += one.number
    return Figures(whole, parts, tuple(found))


def _standing(campaign: int) -> Select[Any]:
    """One row a recipient: how it stands by its own row and that of the outbox."""
    key = literal(f"{PREFIX}{campaign}/") + _RECIPIENTS.c.person_id
    joined = _RECIPIENTS.join(_CAMPAIGNS, _CAMPAIGNS.c.id == _RECIPIENTS.c.campaign_id).outerjoin(
        _OUTBOX, _OUTBOX.c.dedupe_key == key
    )
    joined = joined.outerjoin(_OUTER, _OUTER.c.id == _outer_row())
    return (
        select(
            _RECIPIENTS.c.person_id,
            _RECIPIENTS.c.wave,
            _RECIPIENTS.c.channel,
            _RECIPIENTS.c.variant,
            _stand().label("stand"),
            _reason().label("reason"),
            _until().label("until"),
            func.coalesce(
                _RECIPIENTS.c.settled_at, _OUTER.c.settled_at, _OUTBOX.c.settled_at
            ).label("settled_at"),
            func.coalesce(_ended("outer_id"), "").label("outer_id"),
        )
        .select_from(joined)
        .where(_RECIPIENTS.c.campaign_id == campaign)
    )


def _is_fed() -> ColumnElement[bool]:
    found: ColumnElement[bool] = _OUTBOX.c.id.is_not(None)
    return found


def _outer_row() -> ColumnElement[int]:
    """The message that a merged one went in; nothing for one that went by itself."""
    is_inside = _OUTBOX.c.state == OutboxState.MERGED.value
    return case((is_inside, cast(_OUTBOX.c.outer_id, BigInteger)), else_=None)


def _ended(column: str) -> ColumnElement[Any]:
    """As the message stands in which it went, where it went in another."""
    return func.coalesce(_OUTER.c[column], _OUTBOX.c[column])


def _stand() -> ColumnElement[str]:
    out, failure = _ended("state"), _ended("failure")
    mine = _RECIPIENTS.c.state
    is_over = _CAMPAIGNS.c.state.in_(_OVER)
    return case(
        (mine != RecipientState.PLANNED.value, mine),
        (~_is_fed() & is_over, Stand.STOPPED.value),
        (~_is_fed(), Stand.HELD.value),
        (out.in_((OutboxState.SENT.value, OutboxState.MERGED.value)), Stand.SENT.value),
        (out == OutboxState.UNCERTAIN.value, Stand.UNCERTAIN.value),
        ((out == OutboxState.FAILED.value) & failure.in_(UNREACHED), Stand.UNREACHABLE.value),
        (out == OutboxState.FAILED.value, Stand.FAILED.value),
        ((out == OutboxState.STOPPED.value) & (failure == "unwelcome"), Stand.OPTED_OUT.value),
        ((out == OutboxState.STOPPED.value) & (failure == "uncertain"), Stand.UNCERTAIN.value),
        (out == OutboxState.STOPPED.value, Stand.STOPPED.value),
        else_=Stand.HELD.value,
    )


def _reason() -> ColumnElement[str]:
    out, failure = _ended("state"), _ended("failure")
    is_paused = _CAMPAIGNS.c.state == CampaignState.PAUSED.value
    return case(
        (_RECIPIENTS.c.state != RecipientState.PLANNED.value, _RECIPIENTS.c.reason),
        (~_is_fed() & _CAMPAIGNS.c.state.in_(_OVER), STOPPED),
        (~_is_fed() & is_paused, Wait.PAUSED.value),
        (~_is_fed(), Wait.TURN.value),
        (out == OutboxState.PAUSED.value, Wait.PAUSED.value),
        (out == OutboxState.HELD.value, Wait.WINDOW.value),
        (out == OutboxState.SENDING.value, Wait.QUEUE.value),
        ((out == OutboxState.QUEUED.value) & (failure == "") & _comes(), Wait.QUEUE.value),
        ((out == OutboxState.QUEUED.value) & (failure == ""), Wait.BEHIND.value),
        (out.in_((OutboxState.SENT.value, OutboxState.MERGED.value)), ""),
        else_=failure,
    )


def _until() -> ColumnElement[datetime]:
    """Until when a held one waits at least; of what is final nothing."""
    out = _ended("state")
    return case(
        (_RECIPIENTS.c.state != RecipientState.PLANNED.value, None),
        (~_is_fed(), _RECIPIENTS.c.due),
        (out == OutboxState.QUEUED.value, func.coalesce(_before(), _ended("due"))),
        else_=None,
    )


def _before() -> ColumnElement[datetime]:
    """The moment of what waits before it in the same talk, where that comes later than its own."""
    return (
        select(func.max(_EARLIER.c.due))
        .where(
            _EARLIER.c.conversation == _OUTBOX.c.conversation,
            _EARLIER.c.id < _OUTBOX.c.id,
            _EARLIER.c.state == OutboxState.QUEUED.value,
            _EARLIER.c.due > _OUTBOX.c.due,
        )
        .correlate(_OUTBOX)
        .scalar_subquery()
    )


def _comes() -> ColumnElement[bool]:
    """Whether nothing keeps a message that waits from being sent."""
    return _before().is_(None)


def _line(row: Any) -> Line:
    return Line(
        row.person_id,
        row.wave,
        row.channel,
        row.variant,
        Stand(row.stand),
        row.reason,
        row.until,
        row.settled_at,
        row.outer_id,
    )
