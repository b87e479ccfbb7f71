"""People who go on talking while things go wrong, and what must be true of what they hear."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from records import inbound, outbox
from records.database import Database, Session
from records.vault import Vault
from tests.support.bot_api import BotApi

PEOPLE = 30
FIRST = 1000  # the number of the first of them
SAYINGS = ("首页", "一次性创业补贴多少钱", "登记", "1", "返回", "谢谢", "创业担保贷款最高多少")
_APART = 0.1  # seconds between two messages
_BACKLOG = 150  # unanswered messages at which people wait


class Crowd:
    """They talk until told to stop."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self.said = 0
        self._is_over = False

    async def talk(self) -> None:
        """Everybody says something now and then."""
        while not self._is_over:
            if self.said <= len(self._api.sent) + _BACKLOG:
                person, turn = self.said % PEOPLE, self.said // PEOPLE
                self._api.say(FIRST + person, SAYINGS[turn % len(SAYINGS)])
                self.said += 1
            await asyncio.sleep(_APART)

    def stop(self) -> None:
        """Nobody says anything more."""
        self._is_over = True

    async def answered(self, patience: float) -> float:
        """Seconds until somebody hears something again; TimeoutError."""
        began, before = time.monotonic(), len(self._api.sent)
        await self._api.sent_count(before + 1, patience)
        return time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Account:
    """What became of all that was said. `broken`: the invariants that do not hold."""

    said: int
    queued: int
    heard: int
    repeated: int
    broken: tuple[str, ...]


async def quiet(database: Database, patience: float) -> bool:
    """Whether everything is answered and settled within so many seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not await database.read(_unfinished):
            return True
        await asyncio.sleep(0.2)
    return False


def _unfinished(session: Session) -> bool:
    return bool(inbound.open_conversations(session)) or outbox.waiting(session) > 0


async def account(api: BotApi, database: Database, said: int, vault: Vault) -> Account:
    """Hold what was heard against what was said and what was queued."""
    stored = await database.read(_stored)
    states = await database.read(outbox.counts)
    queued = await database.read(_queued, vault)
    broken = [] if stored == said else [f"{said} said, {stored} stored"]
    if set(states) - {"sent"}:
        broken.append(f"not all sent: {states}")
    heard = {chat: [one.text for one in api.sent if one.chat == chat] for chat in queued}
    for chat, wanted in queued.items():
        if _without_repeats(heard[chat]) != _without_repeats(wanted):
            broken.append(f"{chat} heard something else, or in another order")
        if len(wanted) < said // PEOPLE:
            broken.append(f"{chat} was not answered every time")
    extra = {chat: Counter(heard[chat]) - Counter(queued[chat]) for chat in queued}
    repeated = sum(one.total() for one in extra.values())
    total = sum(map(len, queued.values()))
    return Account(said, total, len(api.sent), repeated, tuple(broken))


def _stored(session: Session) -> int:
    return sum(len(inbound.history(session, key, 10**6)) for key in _keys())


def _queued(session: Session, vault: Vault) -> dict[int, list[str]]:
    return {
        int(key.partition(":")[2]): [
            outbox.as_outgoing(row, vault).text for row in outbox.latest(session, key, 10**6)
        ]
        for key in _keys()
    }


def _keys() -> list[str]:
    return [f"telegram:{FIRST + person}" for person in range(PEOPLE)]


def _without_repeats(texts: list[str]) -> list[str]:
    return [text for text, _ in groupby(texts)]
