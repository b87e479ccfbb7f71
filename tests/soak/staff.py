"""Staff of a county: they look at one page after the other, and answer who asked for a human."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import datetime
from html import unescape
from itertools import cycle

from aiohttp import ClientSession, DummyCookieJar

from bot.benching.campaign_world import AREA
from bot.benching.console import crawled
from console.guard import COOKIE
from records import console_access, staff_accounts
from records.database import Session
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.support.bot_api import BotApi
from tests.support.county import CLERK

LOOKERS = {CLERK: AREA, "小吴": "371700", "小郑": "371703104"}
_FIRST_ASKER = 500_000  # the chats of people who want to talk to a human
_ASK = ("人工", "我的补贴材料退回来了，缺什么？")
_TICKET = re.compile(r'href="/console(/inbox/[A-Z0-9]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def sign_in(session: Session, vault: Vault, now: datetime) -> None:
    """All of them have a post and an open session."""
    for name, area in LOOKERS.items():
        staff_accounts.add(session, name, role=StaffRole.STAFF, area=area, at=now, actor="system")
        print_ = vault.fingerprint(f"console {_token(name)}")
        console_access.open_session(session, print_, name, is_whole=True, at=now)


class Staff:
    """What they did. `broken` names pages, never people."""

    def __init__(self, address: str, api: BotApi) -> None:
        self._address, self._api = address, api
        self.pages: list[tuple[float, float]] = []  # when, and seconds that it took
        self.broken: list[str] = []
        self.asked = self.answered = 0
        self._walks: list[tuple[str, str]] = []  # whose page it is, and where

    async def find_pages(self) -> None:
        """Every page that links lead each of them to."""
        for name in LOOKERS:
            async with self._browser(name) as browser:
                self._walks += [(name, path) for path in await crawled(browser, is_shown=True)]

    async def look(self, a_second: float, is_over: asyncio.Event) -> None:
        """Everyone's pages, one after the other and over and over."""
        browsers = {name: self._browser(name) for name in LOOKERS}
        turns = cycle(self._walks)
        while not is_over.is_set():
            name, path = next(turns)
            await self._load(browsers[name], path)
            await asyncio.sleep(1 / a_second)
        await asyncio.gather(*(browser.close() for browser in browsers.values()))

    async def answer(self, seconds: float, is_over: asyncio.Event) -> None:
        """Somebody asks for a human every so many seconds, and is answered in the console."""
        async with self._browser(CLERK) as browser:
            while not is_over.is_set():
                chat = _FIRST_ASKER + self.asked
                for text in _ASK:
                    self._api.say(chat, text)
                    await asyncio.sleep(2)
                self.asked += 1
                await asyncio.sleep(seconds)
                await self._reply_to_all(browser)

    async def _reply_to_all(self, browser: ClientSession) -> None:
        listed = await self._text(browser, "/inbox")
        for path in dict.fromkeys(_TICKET.findall(listed)):
            words = f"缺的是营业执照复印件，补上就行。（{path[-6:]}）"
            self.answered += await self._act(browser, path, "reply", text=words)
            await self._act(browser, path, "close")

    async def _act(self, browser: ClientSession, path: str, act: str, **typed: str) -> bool:
        """Send a form of the page as it is, with what is typed."""
        form = re.compile(rf'action="/console{path}/{act}"[^>]*>(.*?)</form>', re.S)
        found = form.search(await self._text(browser, path))
        if found is None:
            self.broken.append(f"no {act}")
            return False
        fields = {name: unescape(value) for name, value in _HIDDEN.findall(found[1])}
        async with browser.post(
            f"/console{path}/{act}", data=fields | typed, allow_redirects=False
        ) as answer:
            if answer.status != 303:
                self.broken.append(f"{answer.status} {act}")
            return answer.status == 303

    async def _load(self, browser: ClientSession, path: str) -> None:
        began = time.time()
        async with browser.get(path, allow_redirects=False) as answer:
            await answer.read()
            if answer.status >= 400:
                self.broken.append(f"{answer.status} {path.partition('?')[0]}")
        self.pages.append((began, time.time() - began))

    async def _text(self, browser: ClientSession, path: str) -> str:
        async with browser.get(f"/console{path}") as answer:
            return await answer.text()

    def _browser(self, name: str) -> ClientSession:
        cookie = {"Cookie": f"{COOKIE}={_token(name)}"}
        return ClientSession(self._address, headers=cookie, cookie_jar=DummyCookieJar())


def _token(name: str) -> str:
    return f"soak-{name.encode().hex()}"
