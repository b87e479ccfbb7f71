"""The sender's side of the outbox: what is next is claimed, sent, and settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    LargeBinary,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Session

from records import digests
from records.messages import Priority
from records.outbox import (
    IS_UNSETTLED,
    UNSETTLED,
    WAITING,
    WITHDRAWN,
    Claimed,
    OutboxRow,
    OutboxState,
)
from records.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish for up to `limit` messages on `channels` that are due at `now`.

    In quiet hours what nobody waits for stays in the queue, however long it has been due.
    `first` is the highest priority that is wanted: from NEWS on it is only what nobody waits for.
    """

    owner: str
    channels: tuple[str, ...]
    limit: int
    now: datetime
    is_quiet: bool = False
    first: Priority = Priority.URGENT


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one send ended. `state` QUEUED means again at `due`."""

    id: int
    state: OutboxState
    at: datetime
    due: datetime | None = None
    failure: str = ""
    outer_id: str = ""
    owner: str = ""  # who had claimed it; what ends stands whoever has it meanwhile
    counts: bool = True  # whether this was a try (a throttled send is none)
    payload: bytes | None = None  # the words that it got when it left; None: as it is stored


_DOUBT = OutboxState.UNCERTAIN.value  # as a failure: whoever sent it died
_LATELY = 60  # messages of a chat that may have gone within a minute
_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]


def claim(session: Session, claims: Sequence[Claim]) -> list[list[Claimed]]:
    """Take the next messages for each claim and mark them as being sent.

    Only the oldest unsettled message of a conversation is ever taken (per priority: a reply does
    not wait for bulk), so the order within a chat holds without any lock while sending.
    """
    return [_claim(session, claim) for claim in claims]


def give_back(session: Session, ids: Sequence[int]) -> None:
    """What was claimed and is not wanted yet waits again."""
    session.connection().execute(
        update(_TABLE)
        .where(_TABLE.c.id.in_(ids))
        .values(state=OutboxState.QUEUED.value, claimed_by="")
    )


def settle(session: Session, outcomes: Sequence[Outcome]) -> list[None]:
    """Write down how sends ended."""
    in_order = sorted(outcomes, key=lambda outcome: outcome.id)
    session.connection().execute(_SETTLE, [_settled(outcome) for outcome in in_order])
    unsent = {one.id: one.counts for one in outcomes if one.state is not OutboxState.SENT}
    digests.let_go(session, unsent)
    return [None] * len(outcomes)


def lately(session: Session, conversation: str, since: datetime) -> list[datetime]:
    """When messages went to a chat since then, or may have gone, the oldest first."""
    moment = func.coalesce(_TABLE.c.settled_at, _TABLE.c.claimed_at)
    query = (
        select(_TABLE.c.state, _TABLE.c.failure, moment.label("at"))
        .where(_TABLE.c.conversation == conversation)
        .order_by(_TABLE.c.id.desc())
        .limit(_LATELY)
    )
    found = [row.at for row in session.execute(query) if row.at and _may_have_gone(row)]
    return sorted(at for at in found if at >= since)


def _lock(session: Session, which: ColumnElement[bool]) -> None:
    """In the order in which whoever settles takes them, or each would wait for the other."""
    session.execute(select(_TABLE.c.id).where(which).order_by(_TABLE.c.id).with_for_update())


def _may_have_gone(row: Any) -> bool:
    return bool(row.state == OutboxState.SENT.value or row.failure == _DOUBT)


def requeue_stale(
    session: Session,
    channels: Sequence[str],
    *,
    before: datetime | None,
    now: datetime,
    safe: Sequence[str] = (),
    owner: str = "",
) -> int:
    """Free what a dead sender had claimed before `before`: replies go again, bulk is uncertain.

    `before` None: whenever it was, and by whomever but `owner`. On `safe` channels a repetition is
    recognised: there everything goes again.
    """
    stale = and_(
        IS_UNSETTLED,  # in the words of the partial index
        _TABLE.c.state == OutboxState.SENDING.value,
        _TABLE.c.channel.in_(channels),
        _TABLE.c.claimed_at < before if before else _TABLE.c.claimed_by != owner,
    )
    _lock(session, stale)
    is_harmless = or_(_TABLE.c.priority <= Priority.REPLY.value, _TABLE.c.channel.in_(safe))
    session.connection().execute(
        update(_TABLE)
        .where(stale, _TABLE.c.claimed_by == WITHDRAWN)
        .values(state=OutboxState.STOPPED.value, settled_at=now, failure=_DOUBT)
    )
    replies = and_(stale, is_harmless)
    values = {"failure": _DOUBT, "claimed_by": ""}
    again = session.connection().execute(
        update(_TABLE)
        .where(replies)
        .values(state=OutboxState.QUEUED.value, due=now, attempts=_TABLE.c.attempts + 1, **values)
    )
    session.connection().execute(
        update(_TABLE).where(stale).values(state=OutboxState.UNCERTAIN.value, **values)
    )
    return int(again.rowcount)


def _claim_statement() -> Any:
    earlier = _TABLE.alias("earlier")
    waits = exists().where(
        earlier.c.conversation == _TABLE.c.conversation,
        text("earlier.state IN ('queued', 'sending')"),  # in the words of the partial index
        earlier.c.id < _TABLE.c.id,
        or_(earlier.c.priority <= _TABLE.c.priority, earlier.c.state == OutboxState.SENDING.value),
    )
    heads = (
        select(_TABLE.c.id)
        .where(
            _TABLE.c.state == OutboxState.QUEUED.value,
            _TABLE.c.channel.in_(bindparam("b_channels", expanding=True)),
            _TABLE.c.due <= bindparam("b_now", type_=UtcDateTime),
            _TABLE.c.priority >= bindparam("b_first", type_=Integer),
            _TABLE.c.priority <= bindparam("b_last", type_=Integer),
            ~waits,
        )
        .order_by(_TABLE.c.priority, _TABLE.c.due, _TABLE.c.id)
        .limit(bindparam("b_limit", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    return (
        update(_TABLE)
        .where(_TABLE.c.id.in_(heads))
        .values(
            state=OutboxState.SENDING.value,
            claimed_by=bindparam("b_owner"),
            claimed_at=bindparam("b_now", type_=UtcDateTime),
        )
        .returning(*(_TABLE.c[field.name] for field in fields(Claimed)))
    )


_CLAIM = _claim_statement()  # built once: building it costs more than running it


def _claim(session: Session, claim: Claim) -> list[Claimed]:
    wish = {
        "b_channels": claim.channels,
        "b_now": claim.now,
        "b_first": claim.first.value,
        "b_last": Priority.NOTICE.value if claim.is_quiet else Priority.BULK.value,
        "b_limit": claim.limit,
        "b_owner": claim.owner,
    }
    rows = session.connection().execute(_CLAIM, wish)
    return sorted((Claimed(*row) for row in rows), key=lambda row: (row.priority, row.id))


_SETTLE = (
    update(_TABLE)
    # What the provider has told of meanwhile, as that it did not arrive, stands.
    .where(
        _TABLE.c.id == bindparam("b_id"),
        IS_UNSETTLED,
        or_(
            bindparam("b_stands", type_=Boolean),
            _TABLE.c.claimed_by.in_((bindparam("b_owner"), WITHDRAWN)),
        ),
    )
    .values(
        state=case(
            (_TABLE.c.claimed_by == WITHDRAWN, bindparam("b_withdrawn")),
            else_=bindparam("b_state"),
        ),
        due=func.coalesce(bindparam("b_due", type_=UtcDateTime), _TABLE.c.due),
        settled_at=bindparam("b_at", type_=UtcDateTime),
        failure=bindparam("b_failure"),
        outer_id=bindparam("b_outer_id"),
        payload=func.coalesce(bindparam("b_payload", type_=LargeBinary), _TABLE.c.payload),
        attempts=_TABLE.c.attempts + bindparam("b_tries"),
        claimed_by="",
    )
)


def _settled(outcome: Outcome) -> dict[str, object]:
    ends = outcome.state.value not in (*UNSETTLED, *WAITING)
    return {
        "b_id": outcome.id,
        "b_stands": ends or not outcome.owner,
        "b_owner": outcome.owner,
        "b_state": outcome.state.value,
        "b_withdrawn": outcome.state.value if ends else OutboxState.STOPPED.value,
        "b_due": outcome.due,
        "b_at": outcome.at,
        "b_failure": outcome.failure,
        "b_outer_id": outcome.outer_id,
        "b_payload": outcome.payload,
        "b_tries": int(outcome.counts),
    }


def retry_delay(attempts: int) -> timedelta:
    """Exponential backoff: 1, 2, 4 … seconds, a minute at the most."""
    return timedelta(seconds=min(60, 2**attempts))
