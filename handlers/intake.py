"""The one door in: store, lock, load, advance, save, queue, wake."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.catalog import draft_lives, respond
from handlers.dialogue import Office, Reply, Scene, State, Turn
from handlers.effects import Effect, EffectContext, ForgetConversation
from handlers.effects import apply as apply_effects
from handlers.texts import say
from knowledge.answer import Answerer
from records import conversations, inbound, outbox, people, tickets
from records.conversations import Conversation, Overtaken, Saved
from records.database import Database, Session, StoreUnavailable
from records.inbound import InboundRow, NewInbound
from records.messages import NOTICES, Inbound, InboundKind
from records.outbox import NewOutgoing
from records.people import Profile
from records.vault import Vault

log = logging.getLogger("guiyan.intake")

TEXT_LIMIT = 4000  # characters of one message that we read
DRAFT_LIFE = timedelta(days=30)  # domain rule 3.3-12
FORGET_AFTER = timedelta(minutes=10)  # the receipt of a deletion must still arrive
_TOGETHER = 64  # conversations advanced in one go
_AT_ONCE = 20  # messages of one conversation in one turn, so that a flood holds up nobody
_SWEEP_SECONDS = 5.0
_MAX_TRIES = 3

# An 18-digit identity number is never stored, not even before we could refuse it (domain P-06).
_IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\d)")
IDENTITY_MASK = "「身份证号已隐去」"


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What the store knows of one conversation with open messages."""

    key: str
    conversation: Conversation | None
    messages: tuple[InboundRow, ...]
    profiles: tuple[Profile, ...]
    ticket: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Finished:
    """What a turn leaves to be committed, all or nothing."""

    saved: Saved
    done: tuple[int, ...]
    replies: tuple[NewOutgoing, ...]
    effects: tuple[Effect, ...]
    context: EffectContext
    notices: tuple[Inbound, ...]
    forgets_past: bool


class Door:
    """Receives from every channel and answers each conversation in the order in which it spoke."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        answerer: Answerer,
        office: Office,
        *,
        now: Callable[[], datetime],
        wake_sender: Callable[[], None],
    ) -> None:
        self._database = database
        self._vault = vault
        self._answerer = answerer
        self._office = office
        self._now = now
        self._wake_sender = wake_sender
        self.home = ""  # an area for people who have not said theirs (a terminal's --area)
        self._ready: deque[str] = deque()
        self._waiting: set[str] = set()  # keys in `_ready`
        self._busy: set[str] = set()
        self._again: set[str] = set()  # woken while busy
        self._came = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    async def receive(self, messages: Iterable[Inbound]) -> list[bool]:
        """Store messages durably; for each, True if it was new. Raises StoreUnavailable."""
        batch = [_readable(message) for message in messages]
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

    async def work(self) -> None:
        """Answer what comes, for ever."""
        while True:
            keys = await self._next_keys()
            try:
                await self._advance(keys)
            except Exception:  # the loop must outlive any fault of a turn; the messages stay open
                log.exception("turn failed", extra={"conversations": len(keys)})
                await asyncio.sleep(1)
            finally:
                self._release(keys)

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

    async def _advance(self, keys: Sequence[str]) -> None:
        loaded = await self._database.read(_load, keys, self._vault)
        pending = []
        for one in loaded:
            finished = self._talk(one)
            pending.append(self._save(one, finished))
            await asyncio.sleep(0)  # let the wire have its turn between two answers
        await asyncio.gather(*pending)
        self._wake_sender()

    async def _save(self, loaded: _Loaded, finished: _Finished) -> None:
        try:
            await self._database.batch(_commit, finished)
            if loaded.has_more:
                self.wake(loaded.key)
        except Overtaken:
            self.wake(loaded.key)
        except StoreUnavailable as fault:
            log.error("answer not stored, will try again: %s", fault)
        except Exception as error:  # an effect failed: this conversation must not hold up others
            log.exception("turn could not be stored", extra={"fault": type(error).__name__})
            await self._give_up_or_retry(loaded, error)

    async def _give_up_or_retry(self, loaded: _Loaded, error: Exception) -> None:
        worst = loaded.messages[0]
        await self._database.run(inbound.note_fault, worst.id, type(error).__name__)
        if worst.attempts + 1 < _MAX_TRIES:
            self.wake(loaded.key)
            return
        state = self._state(loaded.conversation)
        turn = Turn((Reply(say("sorry")),), state)
        await self._database.batch(_commit, self._finish(loaded, [worst], turn, ()))

    def _talk(self, loaded: _Loaded) -> _Finished:
        now = self._now()
        state = self._state(loaded.conversation)
        replies: list[Reply] = []
        effects: list[Effect] = []
        notices: list[Inbound] = []
        for number, row in enumerate(loaded.messages):
            message = self._opened(row)
            if message.kind in NOTICES:
                notices.append(message)
                continue
            turn = self._respond(message, state, self._scene(loaded, state, number == 0, now))
            state = turn.state
            replies.extend(turn.replies)
            effects.extend(turn.effects)
        turn = Turn(tuple(replies), state, tuple(effects))
        return self._finish(loaded, loaded.messages, turn, tuple(notices))

    def _respond(self, message: Inbound, state: State, scene: Scene) -> Turn:
        try:
            return respond(message, state, scene)
        except Exception:  # a message that breaks a flow must not be able to stop the talk
            log.exception("flow failed", extra={"flow": state.flow, "step": state.step})
            return Turn((Reply(say("sorry")),), state)

    def _scene(self, loaded: _Loaded, state: State, is_first: bool, now: datetime) -> Scene:
        conversation = loaded.conversation
        return Scene(
            now=now,
            answerer=self._answerer,
            office=self._office,
            area=(conversation.area if conversation else "") or self.home,
            is_new=conversation is None and is_first,
            profiles=loaded.profiles,
            ticket=loaded.ticket,
            token=secrets.token_hex(8),
        )

    def _finish(
        self,
        loaded: _Loaded,
        rows: Sequence[InboundRow],
        turn: Turn,
        notices: tuple[Inbound, ...],
    ) -> _Finished:
        now, old = self._now(), loaded.conversation
        channel, chat = loaded.key.split(":", 1)
        forgets = any(isinstance(effect, ForgetConversation) for effect in turn.effects)
        saved = Saved(
            key=loaded.key,
            channel=channel,
            chat=chat,
            is_group=old.is_group if old else self._opened(rows[0]).is_group,
            version=old.version if old else 0,
            state=self._vault.seal(turn.state.as_dict()),
            area=turn.state.memory.get("area", ""),
            draft_until=now + DRAFT_LIFE if draft_lives(turn.state) else None,
            forget_at=now + FORGET_AFTER if forgets else None,
            at=now,
        )
        return _Finished(
            saved=saved,
            done=tuple(row.id or 0 for row in rows),
            replies=self._queued(loaded.key, rows, turn.replies, now),
            effects=turn.effects,
            context=EffectContext(loaded.key, channel, chat, now, self._vault),
            notices=notices,
            forgets_past=old is not None and old.forget_at is not None,
        )

    def _queued(
        self, key: str, rows: Sequence[InboundRow], replies: Sequence[Reply], now: datetime
    ) -> tuple[NewOutgoing, ...]:
        channel, chat = key.split(":", 1)
        origin = self._opened(rows[-1])
        return tuple(
            NewOutgoing(
                channel=channel,
                chat=chat,
                # Bound to the message that it answers: a turn done twice queues its replies once.
                dedupe_key=f"re:{rows[0].id}:{number}",
                payload=outbox.sealed_content(
                    self._vault,
                    reply.text,
                    options=reply.options,
                    kind=reply.kind,
                    extra=_wire_hints(reply, origin),
                ),
                due=now,
            )
            for number, reply in enumerate(replies)
        )

    def _state(self, conversation: Conversation | None) -> State:
        return State.from_dict(self._vault.open(conversation.state)) if conversation else State()

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

    def _opened(self, row: InboundRow) -> Inbound:
        content = self._vault.open(row.payload)
        channel, chat = row.conversation.split(":", 1)
        return Inbound(
            channel=channel,
            chat=chat,
            outer_id=row.outer_id,
            kind=InboundKind(content["kind"]),
            text=content["text"],
            sent_at=row.sent_at,
            sender=content["sender"],
            sequence=row.sequence,
            is_group=content["is_group"],
            extra=content["extra"],
        )


def _readable(message: Inbound) -> Inbound:
    text = _IDENTITY_NUMBER.sub(IDENTITY_MASK, message.text[:TEXT_LIMIT])
    if text == message.text:
        return message
    return Inbound(
        channel=message.channel,
        chat=message.chat,
        outer_id=message.outer_id,
        kind=message.kind,
        text=text,
        sent_at=message.sent_at,
        sender=message.sender,
        sequence=message.sequence,
        is_group=message.is_group,
        extra=message.extra,
    )


def _wire_hints(reply: Reply, origin: Inbound) -> dict[str, str]:
    """What a channel needs beside the text: where in the chat to answer, which button to show."""
    hints = {key: origin.extra[key] for key in ("thread",) if key in origin.extra}
    if origin.is_group:
        hints["group"] = "1"
    if reply.wants_contact:
        hints["wants_contact"] = "1"
    return hints


def _load(session: Session, keys: Sequence[str], vault: Vault) -> list[_Loaded]:
    known = conversations.load(session, keys)
    rows: dict[str, list[InboundRow]] = {}
    for row in inbound.open_messages(session, keys):
        rows.setdefault(row.conversation, []).append(row)
    profiles = people.profiles_of(session, vault, list(rows))
    numbers = tickets.open_for(session, list(rows))
    return [
        _Loaded(
            key,
            known.get(key),
            tuple(found[:_AT_ONCE]),
            profiles.get(key, ()),
            numbers.get(key, ""),
            has_more=len(found) > _AT_ONCE,
        )
        for key, found in rows.items()
    ]


def _commit(session: Session, turns: Sequence[_Finished]) -> list[None]:
    conversations.save(session, [turn.saved for turn in turns])
    for turn in turns:
        if turn.forgets_past:
            inbound.erase_answered(session, turn.saved.key)
            outbox.erase(session, turn.saved.key)
        for notice in turn.notices:
            _touch(session, notice)
        if turn.effects:
            apply_effects(session, turn.effects, turn.context)
    inbound.mark_done(session, [i for turn in turns for i in turn.done], turns[0].saved.at)
    outbox.enqueue(session, [reply for turn in turns for reply in turn.replies])
    return [None] * len(turns)


def _touch(session: Session, notice: Inbound) -> None:
    if notice.kind in {InboundKind.BLOCKED, InboundKind.LEFT}:
        conversations.mark_reach(session, notice.conversation, notice.kind.value)
    elif notice.kind is InboundKind.MIGRATED:
        outbox.move_address(session, notice.channel, notice.chat, notice.text)
