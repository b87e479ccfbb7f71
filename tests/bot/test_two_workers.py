"""Two workers at the same conversations: one goes on alone, and each message is answered once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from bot.settings import load
from bot.wiring import App, build
from handlers.advance import Talk
from handlers.dialogue import Scene, State, Turn
from handlers.intake import Mind
from records import inbound
from records.database import Session
from records.inbound import InboundRow
from records.messages import Inbound, InboundKind
from records.outbox import OutboxRow
from tests.support import database as databases

CHATS = [f"chat{number}" for number in range(3)]
EACH = 120
_CHAT = OutboxRow.__table__.c.chat  # type: ignore[attr-defined]
_FAULT = InboundRow.__table__.c.fault  # type: ignore[attr-defined]


@pytest.fixture
async def shared_url(postgres_url: str) -> AsyncIterator[str]:
    """A store that several processes may share."""
    url = await databases.fresh(postgres_url)
    yield url
    await databases.drop(postgres_url, url)


class Slow:
    """The mind of a machine that has much else to do; what it answered is noted."""

    def __init__(self, mind: Mind, pause: float, answered: list[str]) -> None:
        self._mind, self._pause, self._answered = mind, pause, answered

    async def at(self, revision: int) -> Talk:
        """The same, later."""
        await asyncio.sleep(self._pause)
        talk = await self._mind.at(revision)

        def noted(message: Inbound, state: State, scene: Scene) -> Turn:
            self._answered.append(message.outer_id)
            return talk.respond(message, state, scene)

        return replace(talk, respond=noted)


@asynccontextmanager
async def _worker(
    url: str, pause: float = 0.0, answered: list[str] | None = None
) -> AsyncIterator[App]:
    """One that answers what its door is woken for."""
    given = {"GUIYAN_DATABASE_URL": url, "GUIYAN_SECRET_KEY": "k" * 32, "GUIYAN_AREAS": "定陶"}
    app = build(load(given), channels={}, is_service=True)
    await app.open()
    mind = Slow(await app.learn(), pause, [] if answered is None else answered)
    work = asyncio.create_task(app.door.work(mind))
    try:
        yield app
    finally:
        work.cancel()
        await app.door.close()
        await app.database.close()


def _said() -> list[Inbound]:
    now = datetime.now(UTC)
    return [
        Inbound(
            "webchat", chat, f"{chat} {number}", InboundKind.TEXT, "首页", now, sequence=number
        )
        for number in range(EACH)
        for chat in CHATS
    ]


def _answers(session: Session) -> Counter[str]:
    return Counter(session.execute(select(_CHAT)).scalars())


def _faults(session: Session) -> list[str]:
    return [one for one in session.execute(select(_FAULT)).scalars() if one]


async def test_at_one_conversation_none_is_overtaken_until_it_apologises(
    shared_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    async with _worker(shared_url) as one, _worker(shared_url, 0.03) as two:
        await one.door.receive(_said())
        keys = [f"webchat:{chat}" for chat in CHATS]
        while keys:
            await asyncio.gather(*(app.door.answer(key) for app in (one, two) for key in keys))
            keys = await one.database.read(inbound.open_conversations)
        assert await one.database.read(_answers) == dict.fromkeys(CHATS, EACH + 1)
        assert await one.database.read(_faults) == []
    assert caplog.messages == []


async def test_hardly_anything_is_answered_in_vain(shared_url: str) -> None:
    answered: list[str] = []
    async with _worker(shared_url, 0, answered) as one, _worker(shared_url, 0, answered) as two:
        await one.door.receive(_said())
        keys = [f"webchat:{chat}" for chat in CHATS]
        await asyncio.gather(*(app.door.answer(key) for app in (one, two) for key in keys))
    assert {*answered} == {message.outer_id for message in _said()}
    assert len(answered) < 1.1 * len(_said())  # a machine that stands still for seconds repeats


async def test_what_is_not_begun_is_left_to_another(shared_url: str) -> None:
    async with _worker(shared_url) as app:
        await app.door.receive(_said())
        waiting = [asyncio.create_task(app.door.answer(f"webchat:{chat}")) for chat in CHATS]
        await asyncio.sleep(0)
        await app.door.hand_over()
        await asyncio.gather(*waiting)
        assert await app.database.read(_answers) == {}
        assert await app.database.read(_woken) == 2 * len(CHATS)


def _woken(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM pgqueuer")).scalar_one())
