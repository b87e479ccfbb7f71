"""Where the steps of a message are seen: at the door, in the talk, and at the store's commits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from bot.settings import Settings, SettingsError
from bot.tracing.spans import ROOT, Ids, Span, answers
from channels.base import Receive
from handlers import advance
from handlers.advance import Finished, Talk
from handlers.loading import Loaded
from knowledge.advising import Noting
from knowledge.answer import Answer, Answerer
from knowledge.reply import Topic
from records import caps, inbound, rationing, sending
from records.database import Database, StoreUnavailable
from records.messages import Inbound
from records.outbox import Claimed
from records.sending import Outcome
from records.vault import Vault

_arrived: ContextVar[int] = ContextVar("arrived")


class Sink(Protocol):
    """Where spans go."""

    def take(self, span: Span) -> None: ...
    def close(self) -> None: ...


class Tracing:
    """Follows what comes in through this process."""

    def __init__(self, sink: Sink, database: Database) -> None:
        self._sink = sink
        self._database = database
        self._leaving: dict[int, tuple[int, int]] = {}  # outbox row → what it answers, since when
        database.watch = self._committed

    def close(self) -> None:
        """Send what is left; may take seconds."""
        self._sink.close()

    def receive(self, inner: Receive) -> Receive:
        """The door, with each new message's arrival and commit noted."""

        async def receive(messages: Iterable[Inbound]) -> list[bool]:
            batch, began = list(messages), time.time_ns()
            fresh = await inner(batch)
            stored = time.time_ns()
            new = [message for message, is_new in zip(batch, fresh, strict=True) if is_new]
            await self._came(new, _arrived.get(began), began, stored)
            return fresh

        return receive

    def talk(self, talk: Talk) -> Talk:
        """The same talk, with its turns and answers noted."""
        known = {name: getattr(talk, name) for name in Talk.__dataclass_fields__}
        return _FollowedTalk(**known, step=self.step)

    def step(self, name: str, message: int, began: int, **attributes: str | int) -> None:
        """A step that has just ended."""
        self._sink.take(Span(name, message, began, time.time_ns(), attributes))

    async def _came(
        self, messages: Sequence[Inbound], arrived: int, began: int, stored: int
    ) -> None:
        try:
            ids = await self._database.read(
                inbound.ids, [(m.channel, m.outer_id) for m in messages]
            )
        except StoreUnavailable:
            return  # they are stored, and go on without the beginning of their traces
        for (channel, _), message in ids.items():
            self.step(ROOT, message, arrived, channel=channel)
            self._sink.take(Span("stored", message, began, stored))

    def _committed(self, work: Callable[..., Any], item: Any, result: Any, began: int) -> None:
        if work is advance.commit:
            self._queued(item, began)
        elif work is caps.claim or work is rationing.claim:
            self._claimed(result, began)
        elif work is sending.settle:
            self._settled(item, began)

    def _queued(self, turn: Finished, began: int) -> None:
        self.step("queued", turn.done, began, replies=len(turn.replies))

    def _claimed(self, rows: Sequence[Claimed], began: int) -> None:
        for row in rows:
            message = answers(row.dedupe_key)
            if message is not None:
                self.step("claimed", message, began, channel=row.channel, tries=row.attempts)
                self._leaving[row.id] = message, time.time_ns()

    def _settled(self, outcome: Outcome, began: int) -> None:
        message, since = self._leaving.pop(outcome.id, (None, 0))
        if message is not None:
            result = outcome.failure or outcome.state.value
            self._sink.take(Span("sent", message, since, began, {"result": result}))
            self.step("settled", message, began, state=outcome.state.value)


def begin(settings: Settings, vault: Vault, database: Database) -> Tracing | None:
    """Traces, where an address for them is set; SettingsError without the packages."""
    if not settings.traces_url:
        return None
    try:
        from bot.tracing.export import Exporter
    except ModuleNotFoundError as missing:
        raise SettingsError(
            f"GUIYAN_TRACES_URL is set, and {missing.name} is not installed: "
            "`pip install -r requirements-traces.lock`, or remove the setting"
        ) from missing
    return Tracing(Exporter(settings.traces_url, Ids(vault)), database)


@web.middleware
async def note_arrival(
    request: web.Request, handler: Callable[[web.Request], Any]
) -> web.StreamResponse:
    """Remember when a request came, for the message that may be in it."""
    _arrived.set(time.time_ns())
    answer: web.StreamResponse = await handler(request)
    return answer


@dataclass(slots=True)
class _FollowedTalk(Talk):
    step: Callable[..., None] = lambda *args, **attributes: None

    def turn(self, loaded: Loaded) -> Finished:
        """As the talk does it, timed."""
        message, began = loaded.messages[0], time.time_ns()
        timed = replace(self, answerer=_Timed(self.answerer, self.step, message.id))
        finished = Talk.turn(timed, loaded)
        self.step("advanced", message.id, began, kind=message.said.kind.value)
        return finished


class _Timed(Noting):
    """Answers as another does, and tells how long it took."""

    def __init__(self, real: Answerer, step: Callable[..., None], message: int) -> None:
        super().__init__(real)
        self._step, self._message = step, message

    def answer(
        self,
        question: str,
        *,
        area: str | None = None,
        prev: Sequence[str] = (),
        topic: Topic | None = None,
        now: datetime,
    ) -> Answer:
        """The other's own."""
        began = time.time_ns()
        found = super().answer(question, area=area, prev=prev, topic=topic, now=now)
        self._step("answered", self._message, began, decision=found.decision.value)
        return found
