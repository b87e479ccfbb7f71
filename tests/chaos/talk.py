"""People who go on talking while things go wrong, and newcomers who wait for a first word."""

from __future__ import annotations

import asyncio
import time

from tests.support.bot_api import BotApi

PEOPLE = 30
FIRST = 1000  # the number of the first of them
SAYINGS = ("首页", "一次性创业补贴多少钱", "登记", "1", "返回", "谢谢", "创业担保贷款最高多少")
_NEWCOMERS = 3  # at a time: different workers answer them
_FIRST_NEWCOMER = 100_000
_APART = 0.1  # seconds between two messages
_BACKLOG = 150  # unanswered messages at which people wait


class Crowd:
    """They talk until told to stop."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._said: dict[int, int] = {}
        self._turn = 0
        self._is_over = False

    @property
    def said(self) -> dict[int, int]:
        """How many messages each chat has written."""
        return dict(self._said)

    async def talk(self) -> None:
        """Everybody says something now and then."""
        while not self._is_over:
            if sum(self._said.values()) <= len(self._api.sent) + _BACKLOG:
                person, turn = self._turn % PEOPLE, self._turn // PEOPLE
                self._say(FIRST + person, SAYINGS[turn % len(SAYINGS)])
                self._turn += 1
            await asyncio.sleep(_APART)

    def stop(self) -> None:
        """Nobody says anything more."""
        self._is_over = True

    async def answered(self, patience: float) -> float:
        """Seconds until all of a few who never wrote before are answered; TimeoutError."""
        began, before = time.monotonic(), len(self._api.sent)
        first = _FIRST_NEWCOMER + len(self._said)
        waiting = set(range(first, first + _NEWCOMERS))
        for chat in waiting:
            self._say(chat, SAYINGS[0])
        await self._api.until(
            lambda: waiting <= {one.chat for one in self._api.sent[before:]}, patience
        )
        return time.monotonic() - began

    def _say(self, chat: int, text: str) -> None:
        self._api.say(chat, text)
        self._said[chat] = self._said.get(chat, 0) + 1
