"""Claiming where the provider counts: several messages leave as one, what must wait is held."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, text, update
from sqlmodel import Session

from records import caps, digests, feeding, send_budgets, sending, stops, unasked
from records.caps import Gather, Rules, Word, apart, as_they_are
from records.messages import Priority
from records.outbox import Claimed, OutboxRow, OutboxState
from records.send_budgets import Allowance, Hold, Standing
from records.sending import Claim

RELEASE = timedelta(seconds=5)  # what was held waits so long for the reply, to leave with it
_ROUNDS = 25  # claims in one transaction whose messages are all held
_TOGETHER = 20  # waiting messages of a chat that are looked at

_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Part:
    """A message that waits, alone or to be put together with others."""

    payload: bytes
    since: datetime
    is_reply: bool
    answers_only: bool = False  # the person said stop: nothing unasked may be inside it


@dataclass(frozen=True, slots=True)
class Combined:
    """Several messages of a chat as one: the first `taken` of them, as `cost` messages there."""

    payload: bytes
    taken: int
    cost: int


@dataclass(frozen=True, slots=True)
class Rationing:
    """What a provider allows, and how waiting messages are put together while they fit.

    `combine` gets the messages, the moment, and the most that they may cost together; the first
    is taken whatever it costs.
    """

    allowance: Allowance
    combine: Callable[[Sequence[Part], datetime, int], Combined]


@dataclass(frozen=True, slots=True)
class RationedClaim:
    """A claim on a channel whose messages are counted."""

    claim: Claim
    rationing: Rationing
    rules: Rules | None = None  # of what nobody waits for; None: all of it may leave
    word: Word = as_they_are  # gives words to what waited without
    gather: Gather = apart  # puts what waits unasked for somebody into what leaves for them


def claim(session: Session, wishes: Sequence[RationedClaim]) -> list[list[Claimed]]:
    """As `sending.claim`, but only what the budgets allow; the rest is held."""
    return [_claim(session, wish) for wish in wishes]


def heard(session: Session, spoke: dict[str, datetime], now: datetime) -> None:
    """These people wrote: their count begins anew, and what was held for them leaves."""
    if not spoke:
        return
    release(session, send_budgets.reopen(session, spoke, _used(session, spoke)), now)


def handed_back(session: Session, conversation: str, now: datetime) -> None:
    """Staff are done with the talk: what was held meanwhile leaves if the count allows it."""
    send_budgets.hand_back(session, conversation)
    release(session, [conversation], now)


def bounced(session: Session, row_id: int, *, is_for_now: bool, word: str, at: datetime) -> None:
    """A message that had been accepted did not arrive: held anew as another, or failed.

    As another, for the provider would take a repetition under its old id for the same one.
    """
    row = session.get(OutboxRow, row_id)
    if row is None or row.state not in (OutboxState.SENDING.value, OutboxState.SENT.value):
        return
    row.state, row.failure, row.settled_at = OutboxState.FAILED.value, word[:40], at
    session.flush()
    if not is_for_now or _is_unwelcome(session, row, at):
        return
    if feeding.whose(row.dedupe_key) is None:
        _hold_anew(session, row, word, at)
    else:  # a campaign's: its ledger says failed, but what went inside it may go by itself
        digests.free(session, row.conversation, row_id)


def try_again(
    session: Session,
    channels: Sequence[str],
    words: Sequence[str],
    *,
    before: datetime,
    now: datetime,
) -> int:
    """What is held since before that moment for a fault that may have passed: one more try."""
    again = session.connection().execute(
        update(_TABLE)
        .where(
            text("state = 'held'"),  # spelled out: the index of what is held is used
            _TABLE.c.channel.in_(channels),
            _TABLE.c.failure.in_(words),
            _TABLE.c.settled_at < before,
        )
        .values(state=OutboxState.QUEUED.value, due=now)
    )
    return int(again.rowcount)


def held(session: Session, conversations: Sequence[str]) -> dict[str, int]:
    """How many messages wait for each of these to write."""
    query = select(_TABLE.c.conversation).where(
        _TABLE.c.conversation.in_(conversations), _TABLE.c.state == OutboxState.HELD.value
    )
    found = list(session.execute(query).scalars())
    return {key: found.count(key) for key in conversations}


def _claim(session: Session, wish: RationedClaim) -> list[Claimed]:
    """Where all that was taken is held, what waits behind it is looked at in the same breath."""
    for _ in range(_ROUNDS):
        rows = sending.claim(session, [wish.claim])[0]
        worded = caps.with_words(session, wish.word(session, rows), wish.claim.now)
        admitted = _rationed(session, worded, wish)
        if admitted or not rows:
            return admitted
    return []


def _rationed(session: Session, rows: Sequence[Claimed], wish: RationedClaim) -> list[Claimed]:
    rationing, now = wish.rationing, wish.claim.now
    budgets = send_budgets.standings(session, [row.conversation for row in rows])
    unwelcome = stops.stopped(session, [row.conversation for row in rows], now) if rows else set()
    admitted = []
    for row in rows:
        budget = budgets.get(row.conversation)
        first = _part(row, answers_only=row.conversation in unwelcome)
        cost = 0 if row.counted else rationing.combine([first], now, 0).cost
        if cost > rationing.allowance.messages:
            _give_up(session, row, now)
            continue
        why = _hold(budget, rationing.allowance, row, cost, now)
        if budget is None or why is not None:
            _hold_back(session, row, why or Hold.NEVER_WROTE)
        elif wish.rules and not caps.admit(session, [row], wish.rules, now):
            continue  # waits for its moment; what is held takes nobody's day
        elif row.counted:
            admitted.append(row)
        else:
            (row,) = wish.gather(session, [row], now)
            first = _part(row, answers_only=first.answers_only)
            others = _joining(session, row, wish)
            most = max(cost, _most(budget, rationing.allowance, row, others, now))
            combined = rationing.combine([first, *map(_part, others)], now, most)
            if first.answers_only:
                unasked.stop_merged(session, row.conversation, row.id, at=now)
            admitted.append(_counted(session, row, others, combined, now))
            budgets[row.conversation] = replace(budget, used=budget.used + combined.cost)
    return admitted


def _hold(
    budget: Standing | None, allowance: Allowance, row: Claimed, cost: int, now: datetime
) -> Hold | None:
    return budget.hold(allowance, row.priority, now, cost) if budget else Hold.NEVER_WROTE


def _most(
    budget: Standing,
    allowance: Allowance,
    row: Claimed,
    others: Sequence[OutboxRow],
    now: datetime,
) -> int:
    """How many messages it may grow to: a code lets one through, pushes leave the reserve."""
    if budget.has_code(row.priority, now):
        return 1
    return budget.left(allowance, max([row.priority, *(other.priority for other in others)]))


def _counted(
    session: Session,
    row: Claimed,
    others: Sequence[OutboxRow],
    combined: Combined,
    now: datetime,
) -> Claimed:
    """The message with those that leave inside it; its share of the budget is taken."""
    merged = [other.id or 0 for other in others[: combined.taken - 1]]
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.id.in_(merged))
        .values(state=OutboxState.MERGED.value, outer_id=str(row.id), settled_at=now)
    )
    digests.hand_on(session, row.conversation, merged, row.id)
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.id == row.id)
        .values(payload=combined.payload, counted=combined.cost)
    )
    send_budgets.take(session, row.conversation, combined.cost)
    return replace(row, payload=combined.payload)


def _waiting(session: Session, row: Claimed, now: datetime) -> list[OutboxRow]:
    """What may leave inside a message; never a reply inside a push, which may be held up.

    What may have arrived already goes again as it was.
    """
    if row.attempts:
        return []
    query = (
        select(OutboxRow)
        .where(
            _TABLE.c.conversation == row.conversation,
            _TABLE.c.state == OutboxState.QUEUED.value,
            _TABLE.c.priority >= row.priority,
            _TABLE.c.due <= now + RELEASE,
            _TABLE.c.counted == 0,
            _TABLE.c.attempts == 0,
            _TABLE.c.payload != b"",  # what is worded when it leaves goes alone
        )
        .order_by(_TABLE.c.priority, _TABLE.c.id)
        .limit(_TOGETHER)
    )
    return list(session.execute(query).scalars())


def _joining(session: Session, row: Claimed, wish: RationedClaim) -> list[OutboxRow]:
    """Of what waits, what the gate lets through: nothing unasked slips out inside an answer."""
    now, others = wish.claim.now, _waiting(session, row, wish.claim.now)
    if wish.rules is None:
        return others
    claimed = [Claimed(*(getattr(one, each.name) for each in fields(Claimed))) for one in others]
    free = {one.id for one in caps.admit(session, claimed, wish.rules, now)}
    return [one for one in others if one.id in free]


def _part(row: Claimed | OutboxRow, *, answers_only: bool = False) -> Part:
    is_reply = row.priority <= Priority.REPLY
    return Part(row.payload, row.created_at, is_reply, answers_only and is_reply)


def _used(session: Session, spoke: Mapping[str, datetime]) -> dict[str, int]:
    """What these chats were sent since the person wrote: before we came to know of it."""
    is_under_way = _TABLE.c.state.in_((OutboxState.QUEUED.value, OutboxState.SENDING.value))
    used = dict.fromkeys(spoke, 0)
    query = select(_TABLE.c.conversation, _TABLE.c.counted, is_under_way, _TABLE.c.settled_at)
    query = query.where(
        _TABLE.c.conversation.in_(list(spoke)),
        _TABLE.c.counted > 0,
        or_(is_under_way, _TABLE.c.settled_at >= min(spoke.values())),
    )
    for key, counted, is_open, at in session.execute(query):
        if is_open or at >= spoke[key]:
            used[key] += counted
    return used


def _is_unwelcome(session: Session, row: OutboxRow, now: datetime) -> bool:
    """Whether nobody waits for it, and the person has said stop since."""
    is_push = row.priority > Priority.REPLY.value
    return is_push and bool(stops.stopped(session, [row.conversation], now))


def _give_up(session: Session, row: Claimed, now: datetime) -> None:
    """No count is ever enough for it."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.id == row.id)
        .values(state=OutboxState.FAILED.value, failure="too_long", settled_at=now, claimed_by="")
    )


def _hold_back(session: Session, row: Claimed, why: Hold) -> None:
    # What was counted may have been tried: when it leaves, the provider may know it already.
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.id == row.id)
        .values(
            state=OutboxState.HELD.value,
            failure=why.value,
            claimed_by="",
            attempts=_TABLE.c.attempts + (1 if row.counted else 0),
        )
    )


def _hold_anew(session: Session, row: OutboxRow, word: str, at: datetime) -> None:
    anew = OutboxRow(
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
    session.add(anew)
    session.flush()
    digests.hand_on(session, row.conversation, [row.id or 0], anew.id or 0)


def release(session: Session, conversations: Sequence[str], now: datetime) -> None:
    """Queue what was held; what nobody waits for a little later, to leave with the reply."""
    is_held = and_(
        _TABLE.c.conversation.in_(conversations), _TABLE.c.state == OutboxState.HELD.value
    )
    is_reply = _TABLE.c.priority <= Priority.REPLY.value
    for which, due in ((is_reply, now), (~is_reply, now + RELEASE)):
        session.execute(
            update(_TABLE)
            .where(is_held, which)
            .values(state=OutboxState.QUEUED.value, due=due, counted=0)
        )
