"""The one loop that sends: claim, throttle, send, settle."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from channels.base import Channel, FailureKind, SendFailure
from channels.holding import Holding
from channels.merging import combiner
from channels.throttle import Throttle
from channels.window import Overlap, Window
from outreach.calendars import is_quiet
from outreach.caps import RULES
from records import caps, conversations, feeding, groups, outbox, rationing, sending
from records.caps import CappedClaim, Gather, Word, apart, as_they_are
from records.database import Database, Session, StoreUnavailable
from records.messages import Outgoing, Priority, Receipt
from records.outbox import Claimed, OutboxState
from records.rationing import RationedClaim, Rationing
from records.sending import Claim, Outcome, retry_delay
from records.vault import Vault, VaultError

log = logging.getLogger("guiyan.sender")

_SWEEP_SECONDS = 1.0
_STORE_REST_SECONDS = 1.0  # before another try to write down how a send ended
_GATHER_SECONDS = 0.008  # so that one claim takes what several turns have queued
_FREE_EVERY = timedelta(seconds=5)
_MAX_TRIES = 8
_STRETCH_ENDS = timedelta(minutes=1)  # when no message was put off for so long
_LONG_REST = timedelta(minutes=10)  # of what no try of the first few brought through
_PASSING = tuple(
    kind.word for kind in FailureKind if kind.may_retry and kind is not FailureKind.MOVED
)
_SILENCE = timedelta(seconds=1)  # of a channel that another sender has just left
_NONE = timedelta(0)
_LATELY = timedelta(minutes=1)  # the longest that a provider counts back
LEASE = timedelta(seconds=20)  # longer than any send may take


class Sender:
    """Delivers what is due on the channels of this process; nothing else calls `Channel.send`."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        channels: Mapping[str, Channel],
        *,
        owner: str,
        now: Callable[[], datetime],
        word: Word = as_they_are,
        gather: Gather = apart,
    ) -> None:
        self._database = database
        self._vault = vault
        self._channels = channels
        self._owner = owner
        self._now = now
        shared = [kind for kind, c in channels.items() if c.limits.is_shared]
        self._own = frozenset(channels).difference(shared)
        self._holding = Holding(database, shared, owner, now)
        self._word, self._gather = word, gather
        self._throttles = {kind: Throttle(c.limits) for kind, c in channels.items()}
        self._windows = {
            kind: Window(c.limits.parallel, c.limits.first) for kind, c in channels.items()
        }
        self._overlaps = {
            kind: Overlap(c.limits.bulk, c.limits.parallel) for kind, c in channels.items()
        }
        self._rationed = {
            kind: Rationing(c.limits.allowance, combiner(vault, c.limits.cost))
            for kind, c in channels.items()
            if c.limits.allowance
        }
        self._safe = tuple(kind for kind, c in channels.items() if c.limits.repeats_safely)
        self._in_flight = dict.fromkeys(channels, 0)
        self._bulk = dict.fromkeys(channels, 0)  # of these, what nobody waits for
        self._waits_until: dict[str, datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended_at: dict[int, float] = {}  # sends whose end is not written down yet
        self._settles = 0  # a settled message may free the next of its chat
        self._claiming = 0  # claims under way, whose rows are in nobody's hands yet
        self._woken = asyncio.Event()
        self.on_result: Callable[[str, str], None] = lambda channel, result: None
        self.on_sent: Callable[[str, str], None] = lambda channel, chat: None

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    async def run(self) -> None:
        """Send what is due, for ever."""
        freed = self._now()
        while True:
            self._woken.clear()
            until = asyncio.get_running_loop().time() + self._patience()
            try:
                if abs(self._now() - freed) > _FREE_EVERY and not self._is_behind():
                    freed = self._now()
                    await self.free_stale()
                took = await self._claim_and_send()
            except StoreUnavailable as fault:
                log.error("cannot read the outbox: %s", fault)
                self._holding.give_way()
                took, freed = False, self._now()
            if not took:
                await self._rest(until)
            await asyncio.sleep(_GATHER_SECONDS)

    async def free_stale(self, *, at_start: bool = False) -> int:
        """Take back what a dead process had claimed.

        On SQLite no other process serves these channels, so at the start all of it is stale.
        """
        now = self._now()
        alone = at_start and self._database.is_sqlite
        before = now + timedelta(seconds=1) if alone else now - LEASE
        await self._database.run(_try_again, tuple(self._rationed), now)
        return await self._database.run(_requeue, tuple(self._channels), before, now, self._safe)

    async def let_go(self) -> None:
        """Leave the channels to other senders."""
        await self._holding.let_go()

    async def drain(self, patience: float) -> None:
        """Wait for the sends in flight, `patience` seconds at the most."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)

    async def settled(self) -> None:
        """Wait until nothing is due and nothing is in flight."""
        while True:
            before = self._settles
            took = await self._claim_and_send()
            if self._tasks:
                await asyncio.wait(self._tasks)
            elif not took and not self._claiming and before == self._settles:
                return
            else:
                await asyncio.sleep(0)

    async def _rest(self, until: float) -> None:
        try:
            async with asyncio.timeout_at(until):
                await self._woken.wait()
        except TimeoutError:
            pass

    def _patience(self) -> float:
        """Seconds until something may be due, or a channel has room for bulk again."""
        now = self._now()
        rests = [throttle.rest(now) for throttle in self._throttles.values()]
        return min([_SWEEP_SECONDS, *(rest for rest in rests if rest > 0)])

    async def _take_over(self) -> None:
        """What another sender left behind on channels that are now ours goes its way."""
        for one in await self._holding.renew():
            now = self._now()
            self._throttles[one.name].rests(now + max(_SILENCE - (one.rested or _NONE), _NONE))
            left = (one.name,), None, now, self._safe, self._owner
            await self._database.run(_requeue, *left)

    def _may_send(self, kind: str) -> bool:
        return kind in self._own or self._holding.holds(kind)

    async def _claim_and_send(self) -> bool:
        await self._take_over()
        now, began = self._now(), time.monotonic()
        wishes = [self._claim(wish, wish.channels[0]) for wish in self._wishes(now)]
        self._claiming += 1
        try:
            claimed = [row for rows in await asyncio.gather(*wishes) for row in rows]
        finally:
            self._claiming -= 1
        for row in claimed:
            self._count(row, 1)
            task = asyncio.create_task(self._deliver(row, began))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(claimed)

    def _wishes(self, now: datetime) -> Iterator[Claim]:
        """What each channel can take: what somebody waits for apart, so that it never waits."""
        quiet = is_quiet(now)
        for kind, window in self._windows.items():
            if not self._may_send(kind):
                continue
            bulk = self._bulk[kind]
            if (room := window.room(self._in_flight[kind] - bulk)) > 0:
                yield Claim(self._owner, (kind,), room, now, is_quiet=True)
            room = min(self._overlaps[kind].room(bulk), self._throttles[kind].room(now))
            if room > 0 and not quiet:
                yield Claim(self._owner, (kind,), room, now, first=Priority.NEWS)

    def _count(self, row: Claimed, number: int) -> None:
        self._in_flight[row.channel] += number
        if _is_bulk(row):
            self._bulk[row.channel] += number

    async def _claim(self, wish: Claim, kind: str) -> list[Claimed]:
        rationed = self._rationed.get(kind)
        if rationed is None:
            return await self._database.batch(
                caps.claim, CappedClaim(wish, RULES, self._word, self._gather)
            )
        rationed_wish = RationedClaim(wish, rationed, RULES, self._word, self._gather)
        return await self._database.batch(rationing.claim, rationed_wish)

    async def _deliver(self, row: Claimed, began: float) -> None:
        try:
            outcome = await self._outcome(row)
            self.on_result(row.channel, outcome.failure or outcome.state.value)
            if outcome.state is OutboxState.SENT and not _is_bulk(row):
                self._windows[row.channel].grow()
            await self._settle(outcome)
            if outcome.state is OutboxState.SENT:
                self.on_sent(row.channel, row.chat)
        except StoreUnavailable as fault:
            log.error("a send did not come about, and is tried again: %s", fault)
        finally:
            self._count(row, -1)
            if _is_bulk(row):
                self._overlaps[row.channel].took(time.monotonic() - began)
            self._settles += 1
            self._woken.set()

    async def _settle(self, outcome: Outcome) -> None:
        """Write down how it ended, however long the store is away: what went out went out."""
        self._ended_at[outcome.id] = time.monotonic()
        try:
            while not await self._is_settled(outcome):  # noqa: ASYNC110 (the store is asked)
                await asyncio.sleep(_STORE_REST_SECONDS)
        finally:
            del self._ended_at[outcome.id]

    def _is_behind(self) -> bool:
        """Whether the store is slow to take how sends ended: they are nobody's to send again."""
        long_ago = time.monotonic() - _STORE_REST_SECONDS
        return any(ended < long_ago for ended in self._ended_at.values())

    async def _is_settled(self, outcome: Outcome) -> bool:
        try:
            await self._database.batch(sending.settle, outcome)
        except StoreUnavailable as fault:
            log.error("how a send ended is not stored, will try again: %s", fault)
            return False
        return True

    async def _outcome(self, row: Claimed) -> Outcome:
        try:
            message = outbox.as_outgoing(row, self._vault)
        except VaultError as fault:
            log.error("message %s: %s", row.id, fault)
            return self._ended(row, OutboxState.FAILED, "unreadable")
        slot = await self._slot(message)
        if slot > self._now():
            return self._later(row, slot, "")
        try:
            receipt = await self._sent(message)
        except _NotOurs:
            return self._later(row, self._now(), "")
        except SendFailure as failure:
            return await self._after_failure(row, message, failure)
        except Exception:  # a fault of our own in a channel must not stop the loop
            log.exception("channel failed", extra={"channel": row.channel})
            return self._again(row, FailureKind.UNCERTAIN)
        words = row.payload if feeding.whose(row.dedupe_key) else None
        sent = self._ended(row, OutboxState.SENT, "")
        return replace(sent, outer_id=receipt.outer_id, payload=words)

    async def _sent(self, message: Outgoing) -> Receipt:
        """Send it as soon as the provider's second has room."""
        throttle = self._throttles[message.channel]
        throttle.begins()
        try:
            await _in_turn(throttle, is_bulk=message.priority > Priority.NOTICE)
            if not self._may_send(message.channel):
                raise _NotOurs
            return await self._channels[message.channel].send(message)
        finally:
            throttle.ends()

    async def _slot(self, message: Outgoing) -> datetime:
        throttle, is_group = self._throttles[message.channel], "group" in message.extra
        if is_group and not throttle.knows(message.chat):
            since = self._now() - _LATELY
            went = await self._database.read(sending.lately, message.conversation, since)
            throttle.recall(message.chat, went, self._now())
        return throttle.slot(
            message.chat,
            is_group=is_group,
            is_bulk=message.priority > Priority.NOTICE,
            now=self._now(),
        )

    async def _after_failure(
        self, row: Claimed, message: Outgoing, failure: SendFailure
    ) -> Outcome:
        kind, now = failure.kind, self._now()
        until = now + (failure.retry_after or timedelta(seconds=1))
        if kind is not FailureKind.THROTTLED or self._begins_to_wait(row.channel, now, until):
            log.warning(
                "not sent",
                extra={"channel": row.channel, "kind": kind.word, "why": failure.detail},
            )
        if kind is FailureKind.THROTTLED:
            is_bulk = message.priority > Priority.NOTICE
            self._throttles[row.channel].pause(row.chat, until, is_bulk=is_bulk, now=now)
            return self._later(row, until, kind.word)
        if kind is FailureKind.NOT_NOW:
            return self._ended(row, OutboxState.HELD, kind.word)
        if kind is FailureKind.MOVED:
            await self._database.run(_move, row, failure.moved_to)
            return self._later(row, now, kind.word)
        if kind.ends_address:
            await self._database.run(_end_address, row, kind.word, now)
        if not kind.may_retry:
            return self._ended(row, OutboxState.FAILED, kind.word)
        return self._again(row, kind)

    def _begins_to_wait(self, channel: str, now: datetime, until: datetime) -> bool:
        """Whether this is the first that a pace puts off: a stretch of them is told once."""
        known = self._waits_until.get(channel)
        self._waits_until[channel] = max(until, known or until)
        return known is None or now > known + _STRETCH_ENDS

    def _again(self, row: Claimed, kind: FailureKind) -> Outcome:
        is_doubtful = kind in {FailureKind.UNCERTAIN, FailureKind.UNREADABLE_ANSWER}
        if is_doubtful and row.priority > Priority.REPLY and row.channel not in self._safe:
            return self._ended(row, OutboxState.UNCERTAIN, kind.word)
        if row.attempts + 1 >= _MAX_TRIES:
            # Held where the person's next message is another occasion: it blocks nothing there.
            state = OutboxState.HELD if row.channel in self._rationed else OutboxState.FAILED
            return self._ended(row, state, kind.word)
        return replace(
            self._later(row, self._now() + retry_delay(row.attempts), kind.word), counts=True
        )

    def _later(self, row: Claimed, due: datetime, word: str) -> Outcome:
        delay = max(0.0, (due - self._now()).total_seconds())
        asyncio.get_running_loop().call_later(delay, self._woken.set)
        return Outcome(
            row.id,
            OutboxState.QUEUED,
            self._now(),
            due=due,
            failure=word,
            counts=False,
            owner=self._owner,
        )

    def _ended(self, row: Claimed, state: OutboxState, word: str) -> Outcome:
        return Outcome(row.id, state, self._now(), failure=word)


class _NotOurs(Exception):
    """Another sender has the channel: this process was frozen, or cut off from the store."""


async def _in_turn(throttle: Throttle, *, is_bulk: bool) -> None:
    """Bulk steps back while the second is full; what somebody waits for only for a moment."""
    if is_bulk:
        while throttle.crowded():
            throttle.steps_back()
            await asyncio.sleep(throttle.crowded(1))
            throttle.begins()
    elif crowded := throttle.crowded():
        await asyncio.sleep(min(crowded, throttle.patience()))


def _is_bulk(row: Claimed) -> bool:
    return row.priority > Priority.NOTICE.value


def _requeue(
    session: Session,
    channels: tuple[str, ...],
    before: datetime | None,
    now: datetime,
    safe: tuple[str, ...],
    owner: str = "",
) -> int:
    return sending.requeue_stale(session, channels, before=before, now=now, safe=safe, owner=owner)


def _try_again(session: Session, channels: tuple[str, ...], now: datetime) -> int:
    return rationing.try_again(session, channels, _PASSING, before=now - _LONG_REST, now=now)


def _move(session: Session, row: Claimed, new_chat: str) -> None:
    outbox.move_address(session, row.channel, row.chat, new_chat)
    groups.move(session, row.channel, row.chat, new_chat)


def _end_address(session: Session, row: Claimed, word: str, now: datetime) -> None:
    outbox.end_address(session, row.conversation, word, now)
    conversations.mark_reach(session, row.conversation, word)
    groups.leave(session, row.channel, row.chat, now)
