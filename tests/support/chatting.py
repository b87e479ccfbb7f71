"""Many people who write on Telegram while things go wrong, and the account at the end."""

from __future__ import annotations

import asyncio
from itertools import groupby

import pytest

from records import inbound, outbox
from records.database import Database, Session
from records.vault import Vault
from tests.support.bot_api import BotApi

PEOPLE = 40
SECRET = "a key for tests only"
_BACKLOG = 200  # unanswered messages at which people wait
_SAYINGS = ["首页", "一次性创业补贴多少钱", "登记", "1", "返回", "谢谢", "创业担保贷款最高多少"]


async def keep_talking(api: BotApi, until: asyncio.Event, pause: float = 0.08) -> int:
    """Everybody says something now and then, while they get answers; how many messages."""
    asked = 0
    while not until.is_set():
        if asked > len(api.sent) + _BACKLOG:  # a machine that only ever starts answers nobody
            await asyncio.sleep(pause)
            continue
        api.say(1000 + asked % PEOPLE, _SAYINGS[(asked // PEOPLE) % len(_SAYINGS)])
        asked += 1
        await asyncio.sleep(pause)
    return asked


async def until_quiet(database: Database) -> None:
    """Wait until everything is answered and has left."""
    for _ in range(1500):
        if not await database.read(_unfinished):
            return
        await asyncio.sleep(0.2)
    pytest.fail("something is still unanswered five minutes after the last message")


def _unfinished(session: Session) -> bool:
    return bool(inbound.open_conversations(session)) or outbox.waiting(session) > 0


def under_way(session: Session) -> int:
    """How many messages may or may not have left."""
    return outbox.counts(session).get("sending", 0)


async def check(api: BotApi, database: Database, asked: int, doubtful: int) -> None:
    """Each message stored once and answered in order, none repeated but so many in doubt."""
    stored = await database.read(_stored_messages)
    assert stored == asked, "every message is stored exactly once"
    assert await database.read(outbox.counts) == {"sent": await database.read(_queued_messages)}
    for person in range(PEOPLE):
        chat = 1000 + person
        wanted = await database.read(_texts_to, f"telegram:{chat}")
        got = [sent.text for sent in api.sent if sent.chat == chat]
        assert len(wanted) >= asked // PEOPLE, "every message is answered"
        assert _without_repeats(got) == _without_repeats(wanted), "in order, none missing"
    repeats = len(api.sent) - await database.read(_queued_messages)
    assert 0 <= repeats <= doubtful, "only what was under way at a kill is repeated"


def _without_repeats(texts: list[str]) -> list[str]:
    return [text for text, _ in groupby(texts)]


def _stored_messages(session: Session) -> int:
    return sum(len(inbound.history(session, f"telegram:{1000 + p}", 10**6)) for p in range(PEOPLE))


def _queued_messages(session: Session) -> int:
    return sum(outbox.counts(session).values())


def _texts_to(session: Session, conversation: str) -> list[str]:
    vault = Vault(SECRET)
    rows = outbox.latest(session, conversation, 10**6)
    return [outbox.as_outgoing(row, vault).text for row in rows]
