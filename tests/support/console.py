"""The console as staff use it: real requests, with a session of anybody's."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from html import unescape

from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from bot.packs import AS_SHIPPED, library_of
from console.guard import COOKIE, csrf_of
from console.means import Means, Single
from console.routes import Console, mount
from knowledge.answer import Answerer
from outreach.reach import ALL
from records import console_access, staff_accounts
from records.database import Database, Session
from records.staff_accounts import StaffRole
from records.vault import Vault

Client = TestClient[web.Request, web.Application]


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    path: str = ""  # where it leads, below /console
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def words(self) -> str:
        """What a reader sees, in one line."""
        body = re.sub(r"<(script|style).*?</\1>", " ", self.text, flags=re.S)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


class Browser:
    """A browser of somebody's: `token` "" is nobody's."""

    def __init__(self, client: Client, means: Means, token: str = "") -> None:
        self.client = client
        self._means = means
        self.token = token
        self.cookies: dict[str, str] = {COOKIE: token} if token else {}

    @property
    def csrf(self) -> str:
        return csrf_of(self._means, self.token)

    async def get(self, path: str) -> Answer:
        """A page below /console, redirects not followed."""
        return await self._ask("GET", path, None)

    async def post(self, path: str, /, **fields: str) -> Answer:
        """A form with its mark."""
        return await self._ask("POST", path, {"csrf": self.csrf, **fields})

    async def post_bare(self, path: str, /, **fields: str) -> Answer:
        """A form as another site would send it."""
        return await self._ask("POST", path, fields)

    async def _ask(self, method: str, path: str, data: Mapping[str, str] | None) -> Answer:
        asked = self.client.request(
            method,
            f"/console{path}",
            data=data,
            allow_redirects=False,
            headers={"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())},
        )
        async with asked as response:
            for name, morsel in response.cookies.items():
                self.cookies[name] = morsel.value
            body = await response.read()
            location = response.headers.get("Location", "").removeprefix("/console")
            text = body.decode("utf-8", "replace")
            return Answer(response.status, text, location, dict(response.headers), body)


class Stage:
    """A served console with a clock that tests move."""

    def __init__(self, client: Client, means: Means, clock: list[datetime]) -> None:
        self.client, self.means, self.clock = client, means, clock

    @property
    def database(self) -> Database:
        return self.means.database

    @property
    def vault(self) -> Vault:
        return self.means.vault

    @property
    def now(self) -> datetime:
        return self.clock[0]

    def nobody(self) -> Browser:
        """A browser that is not signed in."""
        return Browser(self.client, self.means)

    async def staff(
        self, name: str = "小周", role: StaffRole = StaffRole.STAFF, area: str = "371703"
    ) -> Browser:
        """Somebody who joins, and is signed in."""
        await self.database.run(_join, name, role, area, self.now)
        token = f"token of {name}".replace(" ", "-").encode().hex()
        print_ = self.vault.fingerprint(f"console {token}")
        await self.database.run(_open, print_, name, self.now)
        return Browser(self.client, self.means, token)


def _join(session: Session, name: str, role: StaffRole, area: str, now: datetime) -> None:
    if staff_accounts.active(session, name) is None:
        staff_accounts.add(session, name, role=role, area=area, at=now, actor="staff:terminal")


def _open(session: Session, print_: str, name: str, now: datetime) -> None:
    if console_access.signed_in(session, print_) is None:
        console_access.open_session(session, print_, name, is_whole=True, at=now)


@cache
def shipped() -> Answerer:
    """What is shipped, read once for all tests."""
    return Answerer(library_of((), AS_SHIPPED))


@asynccontextmanager
async def served(
    database: Database,
    vault: Vault,
    now: datetime,
    single: Single | None = None,
    patience: float | None = None,
    public_url: str = "",
) -> AsyncIterator[Stage]:
    """The console over a database."""
    clock = [now]

    async def answerer() -> Answerer:
        return shipped()

    means = Means(
        database=database,
        vault=vault,
        now=lambda: clock[0],
        answerer=answerer,
        lines=ALL,
        wake_sender=lambda: None,
        office="测试服务中心",
        single=single or Single(),
        patience=patience,
        public_url=public_url,
    )
    app = web.Application()
    console = Console(means)
    mount(app, console)
    async with TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as client:
        yield Stage(client, means, clock)
        console.live.stop()
