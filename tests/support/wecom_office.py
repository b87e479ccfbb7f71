"""A company that has done every step of WeCom's console, and may undo some."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.findings import Finding, Grade
from bot.settings import Settings, load
from bot.wecom import Corp
from bot.wecom_doctor import WecomDoctor
from bot.wiring import build
from channels.wecom.callback import Callback, Event
from channels.wecom.cipher import Cipher
from tests.support.program import clean_environment
from tests.support.wecom.server import WeCom

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MODES = ("app", "kf", "contact")


@dataclass
class Office:
    """One corp set up in full, our callbacks served, and what the doctor says of it."""

    wecom: WeCom
    folder: Path
    answer: Callable[[], web.Response] | None = None  # instead of our own
    delay: float = 0.0
    settings: dict[str, str] = field(default_factory=dict)

    def account(self) -> str:
        return next(iter(self.wecom.kf.accounts))

    def switch_off(self, *modes: str) -> None:
        whole = [name for name in self.wecom.settings() if name.startswith("GUIYAN_WECOM_")]
        for name in whole:
            if any(name.startswith(f"GUIYAN_WECOM_{mode.upper()}_") for mode in modes):
                self.settings[name] = ""

    def given(self) -> dict[str, str]:
        return {k: v for k, v in (self.wecom.settings() | self.settings).items() if v}

    def loaded(self) -> Settings:
        return load(self.given(), self.folder)

    async def findings(self, *, speaks: bool = False, ahead: float = 0.0) -> list[Finding]:
        app = build(self.loaded(), channels={})
        await app.open()

        def now() -> datetime:
            return app.now() + timedelta(seconds=ahead)

        corp = Corp(app.settings, app.database, app.vault, owner="doctor", now=now)
        found = await WecomDoctor(app.settings, corp, now).findings(speaks=speaks)
        await app.database.close()
        return found

    async def faults(self, *, speaks: bool = False, ahead: float = 0.0) -> list[str]:
        found = await self.findings(speaks=speaks, ahead=ahead)
        return [str(one) for one in found if one.grade is Grade.FAULT]

    async def guiyan(self, *arguments: str) -> tuple[int | None, str]:
        """The command itself; its status, and all that it said."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments,
            cwd=self.folder,
            env=clean_environment() | self.given() | {"GUIYAN_AREAS": "定陶"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode, said.decode()

    def tells_a_secret(self, said: str) -> bool:
        apps = self.wecom.tokens.apps.values()
        parts = [part for app in apps for part in (app.secret, app.token, app.aes_key)]
        return any(part in said for part in [*parts, *self.wecom.robots.known()])


@asynccontextmanager
async def an_office(folder: Path) -> AsyncIterator[Office]:
    """Everything done that an administrator has to do."""
    async with WeCom() as wecom:
        office = Office(wecom, folder)
        runner = web.AppRunner(_server(office), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        office.settings = {
            "GUIYAN_PUBLIC_URL": f"http://127.0.0.1:{runner.addresses[0][1]}",
            "GUIYAN_DATABASE_URL": f"sqlite:///{folder}/guiyan.db",
        }
        wecom.kf.accounts[office.account()].servicers["zhang"] = True
        wecom.corp.member("zhang")
        wecom.contacts.stewards["zhang"] = True
        wecom.robots.add("值班群")
        yield office
        await runner.cleanup()


async def _nothing(event: Event) -> None:
    """Take an event and do nothing with it."""


def _server(office: Office) -> web.Application:
    """Our three callback addresses, unless something else is to answer there."""

    @web.middleware
    async def before(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(office.delay)
        return office.answer() if office.answer else await handler(request)

    server = web.Application(middlewares=[before])
    for mode in MODES:
        app = office.wecom.tokens.apps[mode]
        cipher = Cipher(app.token, app.aes_key, office.wecom.corp.corp_id)
        server.add_routes(Callback(cipher, f"/wecom/{mode}", _nothing).routes())
    return server
