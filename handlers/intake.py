"""The one door in: store, then answer each conversation in the order in which it spoke."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from handlers import advance, loading
from handlers.advance import Finished, Talk
from handlers.album import Album
from handlers.beside import Beside, Turns, a_moment
from handlers.listening import Listener
from handlers.loading import Loaded
from handlers.papers import without_numbers
from handlers.spoken import FILE, as_said
from handlers.state import State
from knowledge.advising import Doubt
from outreach.reach import ALL, Lines
from records import inbound, policies
from records.conversations import Overtaken
from records.database import Database, Session, StoreUnavailable
from records.inbound import NewInbound
from records.messages import Inbound
from records.vault import Vault

log = logging.getLogger("guiyan.intake")

TEXT_LIMIT = 4000  # characters of one message that we read
_SWEEP_SECONDS = 5.0
_GATHER_SECONDS = 0.004  # so that one read serves several conversations
_MAX_TRIES = 3
_MAX_OVERTAKEN = 20  # by others who are at the same thing
_STORE_REST_SECONDS = 1.0


class Mind(Protocol):
    """What answers; it keeps up with the entries."""

    async def at(self, revision: int) -> Talk:
        """The talk with the entries as of this revision."""


class Wakes(Protocol):
    """How the workers of several processes hear of what came in."""

    def store(self, session: Session, messages: Sequence[NewInbound]) -> list[bool]:
        """Store messages, and wake a worker for what was new."""

    def wake(self, session: Session, keys: Sequence[str]) -> None:
        """Wake a worker for these conversations."""


class Door:
    """Receives from every channel, and sees that nothing received stays unanswered."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        now: Callable[[], datetime],
        wake_sender: Callable[[], None],
        listener: Listener | None = None,  # where spoken messages are recognised
        album: Album | None = None,
        lines: Lines = ALL,
        wakes: Wakes | None = None,  # where several processes answer
        turns: Turns | None = None,  # where they share conversations
    ) -> None:
        self._database = database
        self._vault = vault
        self._now = now
        self._wake_sender = wake_sender
        self._listener = listener
        self._album = album or Album(database, vault, {}, now)
        self._lines = lines
        self._wakes = wakes
        self._beside = Beside(turns)
        self._store = inbound.store if wakes is None else wakes.store
        self._watched: dict[str, list[asyncio.Future[None]]] = {}
        self._ready: deque[str] = deque()
        self._waiting: set[str] = set()  # keys in `_ready`
        self._busy: dict[str, object] = {}  # in whose hands: those of a batch, or aside
        self._again: set[str] = set()  # woken while busy
        self._overtaken: Counter[str] = Counter()  # how often in a row
        # Busy, and waiting for advice or for a voice to be recognised.
        self._aside: dict[str, asyncio.Task[None]] = {}
        self._came = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    async def receive(self, messages: Iterable[Inbound]) -> list[bool]:
        """Store messages durably; for each, True if it was new. Raises StoreUnavailable."""
        batch = await self._album.without_others([_readable(message) for message in messages])
        if len(batch) == 1:  # a webhook's call
            fresh = [await self._database.batch(self._store, self._sealed(batch[0]))]
        else:  # in one piece: two lanes of the store could change what somebody said first
            sealed = [self._sealed(message) for message in batch]
            fresh = await self._database.run(self._store, sealed)
        if self._wakes is not None:
            return fresh  # whoever answers is woken with the commit
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

    async def answer(self, key: str) -> None:
        """Answer what is open in a conversation; back when it is, or could not be for now."""
        done = asyncio.get_running_loop().create_future()
        self._watched.setdefault(key, []).append(done)
        self.wake(key)
        await done

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
                self._release(keys, keys)

    async def sweep(self) -> None:
        """Wake, for ever, what was committed but not woken: by a crash, or another process."""
        while True:
            try:
                for key in await self._database.read(inbound.open_conversations):
                    self.wake(key)
            except StoreUnavailable as fault:
                log.error("sweep: %s", fault)
            await asyncio.sleep(_SWEEP_SECONDS)

    async def hand_over(self) -> None:
        """Leave what is not begun to the other processes, where there are any."""
        if self._wakes is None or not self._ready:
            return
        keys = list(self._ready)
        self._ready.clear()
        self._waiting.difference_update(keys)
        try:
            await self._database.run(self._wakes.wake, keys)
        except StoreUnavailable as fault:
            log.error("nobody else was woken, their sweep will find it: %s", fault)
        for key in keys:
            self._tell(key)

    async def settled(self) -> None:
        """Wait until nothing that was received is unanswered in this process."""
        await self._idle.wait()

    async def close(self) -> None:
        """Let go of what waits for advice or for words; it stays open for the next start."""
        tasks = list(self._aside.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._beside.close()

    async def _next_keys(self) -> list[str]:
        while not self._ready:
            self._came.clear()
            if not self._busy:
                self._idle.set()
            await self._came.wait()
            await asyncio.sleep(_GATHER_SECONDS)
        keys = [self._ready.popleft() for _ in range(self._beside.portion(len(self._ready)))]
        self._waiting.difference_update(keys)
        self._busy |= dict.fromkeys(keys, keys)
        return keys

    def _release(self, keys: Sequence[str], hands: object) -> None:
        """Let go of those of these that are still in the same hands."""
        left = [key for key in keys if self._busy.get(key) is hands]
        for key in left:
            del self._busy[key]
        self._beside.end(left)
        for key in left:
            if key in self._again:
                self._again.discard(key)
                self.wake(key)
            else:
                self._tell(key)
        if not self._busy and not self._ready:
            self._idle.set()

    def _tell(self, key: str) -> None:
        """Whoever asked for an answer hears that it is out."""
        for done in self._watched.pop(key, ()):
            if not done.done():
                done.set_result(None)

    async def _advance(self, keys: Sequence[str], mind: Mind) -> None:
        ours, rest = await self._beside.ours(keys)
        for key in {*keys}.difference(ours):
            self._set_aside(key, self._give_way(key, rest))
        if ours:
            await self._answer(ours, mind)

    async def _answer(self, keys: Sequence[str], mind: Mind) -> None:
        loaded, revision = await self._database.read(
            _load, keys, self._vault, self._now(), self._lines
        )
        talk = await mind.at(revision)
        for key in {*keys} - {one.key for one in loaded}:  # another has answered it
            self._overtaken.pop(key, None)
        pending = []
        for one in loaded:
            if self._is_aside(one.messages[0].said, one.state):
                self._set_aside(one.key, self._hear(one, talk))
                continue
            finished, doubt = talk.tried(one)
            if doubt is None:
                pending.append(self._save(one, finished, talk))
            else:
                self._set_aside(one.key, self._with_advice(one, finished, doubt, talk))
            await asyncio.sleep(0)  # let the wire have its turn between two answers
        for fault in await asyncio.gather(*pending, return_exceptions=True):
            if fault is not None:  # now that all have ended, and nobody's hands are mixed up
                raise fault

    def _set_aside(self, key: str, waiting: Coroutine[None, None, None]) -> None:
        """Go on with one conversation in its own time: nobody else waits for it."""
        self._busy[key] = self._aside[key] = asyncio.create_task(waiting)

    def _is_aside(self, message: Inbound, state: State) -> bool:
        return self._may_hear(message) or self._album.may_keep(message, state)

    def _may_take(self, message: Inbound) -> bool:
        """Whether there is a file of it to hear or to keep."""
        return self._may_hear(message) or self._album.may_fetch(message)

    async def _hear(self, loaded: Loaded, talk: Talk) -> None:
        """Make words of a voice, or keep a picture; it is then taken. What comes next waits."""
        try:
            first = loaded.messages[0]
            heard = await self._taken(first.said)
            await self._keep(first.id, self._vault.seal(heard.as_payload()))
            self.wake(loaded.key)
        except Exception as error:  # a voice must not be able to stop the talk
            log.exception("a voice or a picture could not be dealt with")
            await self._try_again_or_apologise(loaded, error, talk)
        finally:
            self._back(loaded.key)

    def _back(self, key: str) -> None:
        """It is no longer aside, unless it gives way to somebody."""
        hands = asyncio.current_task()
        if self._aside[key] is hands:
            del self._aside[key]
            self._release([key], hands)

    async def _taken(self, message: Inbound) -> Inbound:
        if self._listener is None or not self._may_hear(message):
            return await self._album.kept(message)
        return as_said(message, await self._listener.heard(message))

    def _may_hear(self, message: Inbound) -> bool:
        return self._listener is not None and self._listener.may_hear(message)

    async def _keep(self, message_id: int, payload: bytes) -> None:
        """Store what was heard, however long the store is away: nothing is heard twice."""
        while True:
            try:
                await self._database.run(inbound.hear, message_id, payload)
            except StoreUnavailable as fault:
                log.error("what was heard is not stored, will try again: %s", fault)
                await asyncio.sleep(_STORE_REST_SECONDS)
            else:
                return

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
            self._back(loaded.key)

    async def _save(self, loaded: Loaded, finished: Finished, talk: Talk) -> None:
        try:
            await self._database.batch(advance.commit, finished)
        except Overtaken as overtaken:
            await self._once_more(loaded, overtaken, talk)
            return
        except StoreUnavailable as fault:
            log.error("answer not stored, will try again: %s", fault)
            return
        except Exception as error:  # an effect failed: this conversation must not hold up others
            log.exception("turn could not be stored")
            await self._try_again_or_apologise(loaded, error, talk)
            return
        self._overtaken.pop(loaded.key, None)
        self._wake_sender()
        if finished.has_more:
            self.wake(loaded.key)

    async def _once_more(self, loaded: Loaded, overtaken: Overtaken, talk: Talk) -> None:
        """Decide anew on what has changed; where that never fits, it is a fault of ours."""
        self._overtaken[loaded.key] += 1
        if self._overtaken[loaded.key] <= _MAX_OVERTAKEN:
            rest = a_moment(self._overtaken[loaded.key])
            self._set_aside(loaded.key, self._give_way(loaded.key, rest))
            return
        log.error("overtaken again and again", extra={"conversations": 1})
        await self._try_again_or_apologise(loaded, overtaken, talk)

    async def _give_way(self, key: str, seconds: float) -> None:
        """Wait a moment: of several workers at one conversation one goes on alone."""
        self._beside.end([key])
        await asyncio.sleep(seconds)
        self.wake(key)
        self._back(key)

    async def _try_again_or_apologise(self, loaded: Loaded, error: Exception, talk: Talk) -> None:
        first = loaded.messages[0]
        await self._database.run(inbound.note_fault, first.id, type(error).__name__)
        if first.attempts + 1 >= _MAX_TRIES:
            await self._database.batch(advance.commit, talk.apology(loaded))
            self._overtaken.pop(loaded.key, None)
            self._wake_sender()
        self.wake(loaded.key)

    def _sealed(self, message: Inbound) -> NewInbound:
        file_id = message.extra.get(FILE)
        is_to_fetch = self._may_take(message)
        if file_id:  # where nobody listens or looks, not even the address is kept
            rest = {name: value for name, value in message.extra.items() if name != FILE}
            message = replace(message, extra=rest)
        return NewInbound(
            channel=message.channel,
            outer_id=message.outer_id,
            conversation=message.conversation,
            sequence=message.sequence,
            payload=self._vault.seal(message.as_payload()),
            sent_at=message.sent_at,
            received_at=self._now(),
            file=self._vault.seal(file_id) if is_to_fetch else None,
        )


def _load(
    session: Session, keys: Sequence[str], vault: Vault, now: datetime, lines: Lines
) -> tuple[list[Loaded], int]:
    # The revision last: whatever was released before a message was stored is then known.
    return loading.load(session, keys, vault, now, lines), policies.revision(session)


def _readable(message: Inbound) -> Inbound:
    text = without_numbers(message.text[:TEXT_LIMIT])
    return message if text == message.text else replace(message, text=text)
