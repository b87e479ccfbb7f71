"""The one door in: store, then answer each conversation in the order in which it spoke."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from handlers import advance
from handlers.advance import Finished, Loaded, Talk
from handlers.hearing import CARD_MASK, IDENTITY_MASK
from knowledge.advising import Doubt
from records import inbound, policies
from records.conversations import Overtaken
from records.database import Database, Session, StoreUnavailable
from records.inbound import NewInbound
from records.messages import Inbound
from records.vault import Vault

log = logging.getLogger("guiyan.intake")

TEXT_LIMIT = 4000  # characters of one message that we read
_TOGETHER = 64  # conversations advanced in one go
_SWEEP_SECONDS = 5.0
_GATHER_SECONDS = 0.004  # so that one read serves several conversations
_MAX_TRIES = 3

# Identity and card numbers are never stored, not even before we could refuse them (P-05, P-06).
_IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\d)")
_CARD_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){14,18}(?!\d)")


class Mind(Protocol):
    """What answers; it keeps up with the entries."""

    async def at(self, revision: int) -> Talk:
        """The talk with the entries as of this revision."""


class Door:
    """Receives from every channel, and sees that nothing received stays unanswered."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        now: Callable[[], datetime],
        wake_sender: Callable[[], None],
    ) -> None:
        self._database = database
        self._vault = vault
        self._now = now
        self._wake_sender = wake_sender
        self._ready: deque[str] = deque()
        self._waiting: set[str] = set()  # keys in `_ready`
        self._busy: set[str] = set()
        self._again: set[str] = set()  # woken while busy
        self._advised: dict[str, asyncio.Task[None]] = {}  # busy, and waiting for advice
        self._came = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    async def receive(self, messages: Iterable[Inbound]) -> list[bool]:
        """Store messages durably; for each, True if it was new. Raises StoreUnavailable."""
        batch = [_readable(message) for message in messages]
        if len(batch) == 1:  # a webhook's call
            fresh = [await self._database.batch(inbound.store, self._sealed(batch[0]))]
        else:
            stored = [self._database.batch(inbound.store, self._sealed(m)) for m in batch]
            fresh = list(await asyncio.gather(*stored))
        for message, is_new in zip(batch, fresh, strict=True):
            if is_new:
                self.wake(message.conversation)
        return fresh

    def wake(self, key: str) -> None:
        """There is something to answer in this conversation."""
        self._idle.clear()
        if key in self._busy:
            self._again.add(key)
        elif key not in self._waiting:
            self._waiting.add(key)
            self._ready.append(key)
        self._came.set()

    async def work(self, mind: Mind) -> None:
        """Answer what comes, for ever."""
        while True:
            keys = await self._next_keys()
            try:
                await self._advance(keys, mind)
            except Exception:  # the loop must outlive any fault of a turn; the messages stay open
                log.exception("turn failed", extra={"conversations": len(keys)})
                await asyncio.sleep(1)
            finally:
                self._release([key for key in keys if key not in self._advised])

    async def sweep(self) -> None:
        """Wake, for ever, what was committed but not woken: by a crash, or another process."""
        while True:
            try:
                for key in await self._database.read(inbound.open_conversations):
                    self.wake(key)
            except StoreUnavailable as fault:
                log.error("sweep: %s", fault)
            await asyncio.sleep(_SWEEP_SECONDS)

    async def settled(self) -> None:
        """Wait until nothing that was received is unanswered in this process."""
        await self._idle.wait()

    async def _next_keys(self) -> list[str]:
        while not self._ready:
            self._came.clear()
            if not self._busy:
                self._idle.set()
            await self._came.wait()
            await asyncio.sleep(_GATHER_SECONDS)
        keys = [self._ready.popleft() for _ in range(min(len(self._ready), _TOGETHER))]
        self._waiting.difference_update(keys)
        self._busy.update(keys)
        return keys

    def _release(self, keys: Sequence[str]) -> None:
        self._busy.difference_update(keys)
        for key in self._again.intersection(keys):
            self._again.discard(key)
            self.wake(key)
        if not self._busy and not self._ready:
            self._idle.set()

    async def _advance(self, keys: Sequence[str], mind: Mind) -> None:
        loaded, revision = await self._database.read(_load, keys, self._vault, self._now())
        talk = await mind.at(revision)
        pending = []
        for one in loaded:
            finished, doubt = talk.tried(one)
            if doubt is None:
                pending.append(self._save(one, finished, talk))
            else:  # nobody else waits for this one
                waiting = self._with_advice(one, finished, doubt, talk)
                self._advised[one.key] = asyncio.create_task(waiting)
            await asyncio.sleep(0)  # let the wire have its turn between two answers
        await asyncio.gather(*pending)

    async def _with_advice(
        self, loaded: Loaded, finished: Finished, doubt: Doubt, talk: Talk
    ) -> None:
        """Answer one conversation after asking the adviser; its next messages wait meanwhile."""
        try:
            finished = await talk.advised(loaded, finished, doubt)
        except Exception:  # whatever advice brings on, our own answer stands
            log.exception("advice could not be used")
        try:
            await self._save(loaded, finished, talk)
        finally:
            del self._advised[loaded.key]
            self._release([loaded.key])

    async def _save(self, loaded: Loaded, finished: Finished, talk: Talk) -> None:
        try:
            await self._database.batch(advance.commit, finished)
        except Overtaken:
            self.wake(loaded.key)
            return
        except StoreUnavailable as fault:
            log.error("answer not stored, will try again: %s", fault)
            return
        except Exception as error:  # an effect failed: this conversation must not hold up others
            log.exception("turn could not be stored")
            await self._try_again_or_apologise(loaded, error, talk)
            return
        self._wake_sender()
        if finished.has_more:
            self.wake(loaded.key)

    async def _try_again_or_apologise(self, loaded: Loaded, error: Exception, talk: Talk) -> None:
        first = loaded.messages[0]
        await self._database.run(inbound.note_fault, first.id, type(error).__name__)
        if first.attempts + 1 >= _MAX_TRIES:
            await self._database.batch(advance.commit, talk.apology(loaded))
            self._wake_sender()
        self.wake(loaded.key)

    def _sealed(self, message: Inbound) -> NewInbound:
        return NewInbound(
            channel=message.channel,
            outer_id=message.outer_id,
            conversation=message.conversation,
            sequence=message.sequence,
            payload=self._vault.seal(message.as_payload()),
            sent_at=message.sent_at,
            received_at=self._now(),
        )


def _load(
    session: Session, keys: Sequence[str], vault: Vault, now: datetime
) -> tuple[list[Loaded], int]:
    # The revision last: whatever was released before a message was stored is then known.
    return advance.load(session, keys, vault, now), policies.revision(session)


def _readable(message: Inbound) -> Inbound:
    text = _IDENTITY_NUMBER.sub(IDENTITY_MASK, message.text[:TEXT_LIMIT])
    text = _CARD_NUMBER.sub(CARD_MASK, text)
    return message if text == message.text else replace(message, text=text)
