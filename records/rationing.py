"""Claiming where the provider counts: several messages leave as one, what must wait is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
from sqlmodel import Session

from records import outbox, send_budgets
from records.messages import Priority
from records.outbox import Claim, Claimed, OutboxRow, OutboxState
from records.send_budgets import Allowance, Hold, Standing

RELEASE = timedelta(seconds=5)  # what was held waits so long for the reply, to leave with it
_TOGETHER = 20  # waiting messages of a chat that are looked at

_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Combined:
    """Several messages of a chat as one: the first `taken` of them, as `cost` messages there."""

    payload: bytes
    taken: int
    cost: int


@dataclass(frozen=True, slots=True)
class Rationing:
    """What a provider allows, and how waiting messages are put together while they fit."""

    allowance: Allowance
    combine: Callable[[Sequence[bytes]], Combined]


@dataclass(frozen=True, slots=True)
class RationedClaim:
    """A claim on a channel whose messages are counted."""

    claim: Claim
    rationing: Rationing


def claim(session: Session, wishes: Sequence[RationedClaim]) -> list[list[Claimed]]:
    """As `outbox.claim`, but only what the budgets allow; the rest is held."""
    claimed = outbox.claim(session, [wish.claim for wish in wishes])
    return [
        _rationed(session, rows, wish.rationing, wish.claim.now)
        for rows, wish in zip(claimed, wishes, strict=True)
    ]


def heard(session: Session, spoke: dict[str, datetime], now: datetime) -> None:
    """These people wrote: their count begins anew, and what was held for them leaves."""
    _release(session, send_budgets.reopen(session, spoke), now)


def handed_back(session: Session, conversation: str, now: datetime) -> None:
    """Staff are done with the talk: what was held meanwhile leaves if the count allows it."""
    send_budgets.hand_back(session, conversation)
    _release(session, [conversation], now)


def bounced(session: Session, row_id: int, *, is_for_now: bool, word: str, at: datetime) -> None:
    """A message that had been accepted did not arrive: held anew as another, or failed.

    As another, for the provider would take a repetition under its old id for the same one.
    """
    row = session.get(OutboxRow, row_id)
    if row is None or row.state not in (OutboxState.SENDING.value, OutboxState.SENT.value):
        return
    row.state, row.failure, row.settled_at = OutboxState.FAILED.value, word[:40], at
    session.flush()
    if is_for_now:
        _hold_anew(session, row, word, at)


def held(session: Session, conversations: Sequence[str]) -> dict[str, int]:
    """How many messages wait for each of these to write."""
    query = select(_TABLE.c.conversation).where(
        _TABLE.c.conversation.in_(conversations), _TABLE.c.state == OutboxState.HELD.value
    )
    found = list(session.execute(query).scalars())
    return {key: found.count(key) for key in conversations}


def _rationed(
    session: Session, rows: Sequence[Claimed], rationing: Rationing, now: datetime
) -> list[Claimed]:
    fresh = [row for row in rows if not row.is_counted]
    budgets = send_budgets.standings(session, [row.conversation for row in fresh])
    admitted = [row for row in rows if row.is_counted]
    for row in fresh:
        budget = budgets.get(row.conversation)
        why = _hold(budget, rationing.allowance, row, now)
        if why is not None:
            _hold_back(session, row.id, why.value)
        else:
            admitted.append(_counted(session, row, rationing, now))
    return admitted


def _hold(
    budget: Standing | None, allowance: Allowance, row: Claimed, now: datetime
) -> Hold | None:
    return budget.hold(allowance, row.priority, now) if budget else Hold.NEVER_WROTE


def _counted(session: Session, row: Claimed, rationing: Rationing, now: datetime) -> Claimed:
    """The message with those that leave inside it; its share of the budget is taken."""
    others = _waiting(session, row, now)
    combined = rationing.combine([row.payload, *(other.payload for other in others)])
    merged = [other.id for other in others[: combined.taken - 1]]
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.id.in_(merged))
        .values(state=OutboxState.MERGED.value, outer_id=str(row.id), settled_at=now)
    )
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.id == row.id)
        .values(payload=combined.payload, is_counted=True)
    )
    send_budgets.take(session, row.conversation, combined.cost)
    return replace(row, payload=combined.payload)


def _waiting(session: Session, row: Claimed, now: datetime) -> list[OutboxRow]:
    query = (
        select(OutboxRow)
        .where(
            _TABLE.c.conversation == row.conversation,
            _TABLE.c.state == OutboxState.QUEUED.value,
            _TABLE.c.due <= now + RELEASE,
            _TABLE.c.is_counted.is_(False),
        )
        .order_by(_TABLE.c.priority, _TABLE.c.id)
        .limit(_TOGETHER)
    )
    return list(session.execute(query).scalars())


def _hold_back(session: Session, row_id: int, why: str) -> None:
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.id == row_id)
        .values(state=OutboxState.HELD.value, failure=why, claimed_by="")
    )


def _hold_anew(session: Session, row: OutboxRow, word: str, at: datetime) -> None:
    session.add(
        OutboxRow(
            channel=row.channel,
            chat=row.chat,
            conversation=row.conversation,
            dedupe_key=f"{row.dedupe_key[:100]}/again{row.id}",
            payload=row.payload,
            priority=row.priority,
            state=OutboxState.HELD.value,
            due=at,
            failure=word[:40],
            created_at=row.created_at,
        )
    )
    session.flush()


def _release(session: Session, conversations: Sequence[str], now: datetime) -> None:
    """Queue what was held; what nobody waits for a little later, to leave with the reply."""
    is_held = and_(
        _TABLE.c.conversation.in_(conversations), _TABLE.c.state == OutboxState.HELD.value
    )
    is_reply = _TABLE.c.priority == Priority.REPLY.value
    for which, due in ((is_reply, now), (~is_reply, now + RELEASE)):
        session.execute(
            update(_TABLE)
            .where(is_held, which)
            .values(state=OutboxState.QUEUED.value, due=due, is_counted=False)
        )
