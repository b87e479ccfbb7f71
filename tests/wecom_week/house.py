"""The program's own parts in this process, against the stand-in, on the clock of the week."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from aiohttp import web

import bot
from bot.packs import Knowledge
from bot.settings import load
from bot.wiring import App, Mind, in_china
from channels.sender import Sender
from channels.wecom.calls import Patience
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.tokens import TokenStore
from channels.wecom_kf.channel import CustomerService
from handlers.intake import Door
from records import outbox, schema
from records.database import Database, Session
from records.messages import Inbound
from records.outbox import NewOutgoing
from records.vault import Vault
from scheduler.jobs import JOBS
from scheduler.means import Means
from scheduler.runner import Runner
from tests.support.wecom.server import WeCom

T = TypeVar("T")

SECRET = "a key for tests only"
_SWEEP_SECONDS = 4.0  # real ones; without a notice twenty pulls a minute are allowed
_ROOT = Path(bot.__file__).parent.parent
_OURS = tuple(str(_ROOT / part) for part in ("bot", "channels", "handlers", "records"))


class House:
    """Door, turns, sender, channel and jobs; stopped, cut off and opened again on one store."""

    def __init__(self, wecom: WeCom, folder: Path, areas: str) -> None:
        self.wecom = wecom
        self.taken: set[str] = set()  # msgids that came through the door
        self._settings = load(
            {"GUIYAN_DATABASE_URL": f"sqlite:///{folder}/week.db", "GUIYAN_AREAS": areas}
        )
        self._mind: Mind | None = None
        self._loops: list[asyncio.Task[None]] = []
        self._web: web.AppRunner | None = None
        self.vault = Vault(SECRET)
        self.opened = 0

    async def open(self) -> None:
        """Start everything, as the program does: take back, pull, answer."""
        self.opened += 1
        self.app = self._built()
        await schema.migrate(self.app.database)
        if self._mind is None:
            self._mind = await self.app.learn()
        await self.app.sender.free_stale(at_start=True)
        door, sender = self.app.door, self.app.sender
        endless = (sender.run(), door.work(self._mind), door.work(self._mind), door.sweep())
        self._loops = [asyncio.create_task(each) for each in endless]
        await self._listen()
        await self.channel.start(self._receive)

    async def stop(self) -> None:
        """A polite stop: what came in is answered, what is due is sent."""
        await self.channel.stop()
        await self._close_door()
        await self.app.door.settled()
        await self.app.sender.settled()
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self.app.sender.drain(5.0)
        await self.channel.close()
        await self.app.database.close()

    async def cut_off(self) -> None:
        """As if killed: nothing is finished, nothing is told to anybody."""
        while cut := [task for task in asyncio.all_tasks() if _is_ours(task)]:
            for task in cut:  # more than once: what tidies up must not come to it
                task.cancel()
            await asyncio.wait(cut, timeout=0.1)
        await self._close_door()
        await self.channel.close()
        self.app.database = Database(str(self._settings.database_url))

    async def quiet(self, seconds: float) -> None:
        """Until all that came in is answered and all that is due is out."""
        try:
            async with asyncio.timeout(seconds):
                await self.app.door.settled()
                await self.app.sender.settled()
        except TimeoutError:
            pass

    async def jobs(self) -> None:
        """Run what the scheduler would have run by now."""
        for job in JOBS:
            await self.app.runner.run(job)

    async def queue(self, messages: Sequence[NewOutgoing]) -> None:
        """Queue messages that nobody asked for."""
        await self.app.database.run(outbox.enqueue, messages)
        self.app.sender.wake()

    async def read(self, function: Callable[[Session], T]) -> T:
        return await self.app.database.read(function)

    async def _receive(self, messages: Iterable[Inbound]) -> list[bool]:
        listed = list(messages)
        fresh = await self.app.door.receive(listed)
        self.taken.update(message.outer_id for message in listed)
        return fresh

    def _built(self) -> App:
        now = in_china(self.wecom.clock.moment)
        database = Database(str(self._settings.database_url))
        owner = f"house-{self.opened}"
        self.channel = self._channel(database, now, owner)
        channels = {self.channel.kind: self.channel}
        sender = Sender(database, self.vault, dict(channels), owner=owner, now=now)
        door = Door(database, self.vault, now=now, wake_sender=sender.wake)
        knowledge = Knowledge(database, self._settings.areas)
        means = Means(database, self.vault, lambda: knowledge.known.answerer)
        runner = Runner(means, now=now)
        return App(
            self._settings, database, self.vault, dict(channels), door, sender, runner,
            knowledge, now,
        )  # fmt: skip

    def _channel(
        self, database: Database, now: Callable[[], datetime], owner: str
    ) -> CustomerService:
        app = self.wecom.tokens.apps["kf"]
        client = Client(
            base_url=self.wecom.url,
            corp_id=self.wecom.corp.corp_id,
            secret=app.secret,
            store=TokenStore(database, self.vault, owner),
            now=now,
            patience=Patience(seconds=6.0, each=1.0, rest=0.02),
        )
        return CustomerService(
            cipher=Cipher(app.token, app.aes_key, self.wecom.corp.corp_id),
            client=client,
            database=database,
            accounts=list(self.wecom.kf.accounts),
            owner=owner,
            now=now,
            sweep=_SWEEP_SECONDS,
        )

    async def _listen(self) -> None:
        application = web.Application()
        application.add_routes(self.channel.routes(self._receive))
        self._web = web.AppRunner(application, handle_signals=False)
        await self._web.setup()
        await web.TCPSite(self._web, "127.0.0.1", 0).start()
        host, port = self._web.addresses[0][:2]
        await self.wecom.listen(f"http://{host}:{port}", "kf")

    async def _close_door(self) -> None:
        if self._web is not None:
            await self._web.cleanup()
            self._web = None


def _is_ours(task: asyncio.Task[object]) -> bool:
    """Whether the task runs a function of the program."""
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and code.co_filename.startswith(_OURS)
