"""People on every channel who ask one thing after the other, at an even pace, all the time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import count, cycle

import aiohttp
import orjson

from tests.soak.waits import Waits
from tests.support.bot_api import BotApi
from tests.support.wecom.server import WeCom

SAYINGS = (
    "首页",
    "定陶区个体户创业担保贷款最高多少",
    "登记",
    "1",
    "返回",
    "一次性创业补贴要什么条件",
    "我想回家养羊，有没有补贴",
    "小微企业贴息贷款多少",
    "谢谢",
)
FIRST_CHAT = 1000
_LOOK = 0.2  # seconds between two looks at what came; the stand-ins note the moment themselves


class Turns:
    """Who speaks next, and what: those who still wait for an answer are passed over."""

    def __init__(self, people: list[str], waits: Waits) -> None:
        self._people, self._waits = cycle(people), waits
        self._many = len(people)
        self._turns: dict[str, Iterator[str]] = {one: cycle(SAYINGS) for one in people}

    def next(self) -> tuple[str, str] | None:
        """None where everybody waits."""
        for _ in range(self._many):
            who = next(self._people)
            if who not in self._waits.open:
                return who, next(self._turns[who])
        return None


class OnTelegram:
    """Private chats with the bot."""

    def __init__(self, api: BotApi, people: int) -> None:
        self.waits = Waits()
        self._api, self._seen = api, 0
        self.chats = frozenset(range(FIRST_CHAT, FIRST_CHAT + people))
        self._turns = Turns([str(chat) for chat in sorted(self.chats)], self.waits)

    def say(self) -> None:
        """Whoever's turn it is."""
        if turn := self._turns.next():
            self.waits.say(turn[0])
            self._api.say(int(turn[0]), turn[1])

    def look(self) -> None:
        """Note the answers that came."""
        new, self._seen = self._api.sent[self._seen :], len(self._api.sent)
        for one in new:
            if one.chat in self.chats:
                self.waits.answered(str(one.chat), one.at)


class OnWecom:
    """Customers of 微信客服, or members who write to the app."""

    def __init__(self, wecom: WeCom, people: int, *, are_members: bool) -> None:
        self.waits = Waits()
        self._wecom = wecom
        numbers = range(people)
        if are_members:
            self.people = [wecom.corp.member(f"gong{n}") for n in numbers]
        else:
            self.people = [wecom.kf.customer(f"老乡{n}") for n in numbers]
        self._says = wecom.app.says if are_members else wecom.kf.says
        self._turns = Turns(self.people, self.waits)

    def say(self) -> None:
        """Whoever's turn it is."""
        if turn := self._turns.next():
            self.waits.say(turn[0])
            self._says(turn[0], turn[1])

    def look(self) -> None:
        """Note the answers that came."""
        ahead = self._wecom.clock.now() - time.time()
        for who in list(self.waits.open):
            for shown in reversed(self._wecom.phones.from_us(who)):
                at = shown.at - ahead
                if at < self.waits.open.get(who, at + 1):
                    break
                self.waits.answered(who, at)


class OnTheWeb:
    """Visitors of the web chat, each with a page that is open all the time."""

    def __init__(self, address: str, people: int) -> None:
        self.waits = Waits()
        self._address = address
        self._turns = Turns([str(n) for n in range(people)], self.waits)
        self._pages = [aiohttp.ClientSession(address, cookie_jar=_jar()) for _ in range(people)]
        self._tasks: list[asyncio.Task[None]] = []
        self.refused = 0

    async def open(self) -> None:
        """All pages, and their streams."""
        for number, page in enumerate(self._pages):
            async with page.get("/chat") as answer:
                answer.raise_for_status()
            self._tasks.append(asyncio.create_task(self._listen(str(number), page)))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(page.close() for page in self._pages))

    def say(self) -> None:
        """Whoever's turn it is."""
        if turn := self._turns.next():
            self.waits.say(turn[0])
            self._tasks.append(asyncio.create_task(self._post(*turn)))

    def look(self) -> None:
        """Answers come by themselves; posts that are over are forgotten."""
        pages = len(self._pages)
        self._tasks[pages:] = [task for task in self._tasks[pages:] if not task.done()]

    async def _post(self, who: str, text: str) -> None:
        async with self._pages[int(who)].post(
            "/chat/api/messages", data=orjson.dumps({"text": text})
        ) as answer:
            self.refused += answer.status != 202

    async def _listen(self, who: str, page: aiohttp.ClientSession) -> None:
        patience = aiohttp.ClientTimeout(total=None)
        async with page.get("/chat/api/stream", timeout=patience) as answer:
            async for line in answer.content:
                if line.startswith(b"data: "):
                    self.waits.answered(who, time.time())


Talkers = OnTelegram | OnWecom | OnTheWeb


async def talk(talkers: Talkers, a_second: float, is_over: asyncio.Event) -> None:
    """One message after the other at this rate, by the clock: a late one does not delay the next.

    When it is over nobody begins anew, and those who wait are heard out for a minute.
    """
    began, turns = time.monotonic(), count(1)
    looked = began
    due = began
    while not is_over.is_set():
        talkers.say()
        due = began + next(turns) / a_second
        while (now := time.monotonic()) < due:
            await asyncio.sleep(min(_LOOK, due - now))
            if time.monotonic() - looked >= _LOOK:
                talkers.look()
                looked = time.monotonic()
    for _ in range(int(60 / _LOOK)):
        talkers.look()
        if not talkers.waits.open:
            return
        await asyncio.sleep(_LOOK)


def _jar() -> aiohttp.CookieJar:
    return aiohttp.CookieJar(unsafe=True)  # an address instead of a name
