"""微信客服 between the stand-in and our store: what is written is kept, what we queue is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from channels.pictures import Pictures
from channels.sender import Sender
from channels.wecom.calls import Patience
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.tokens import TokenStore
from channels.wecom_kf.channel import CustomerService
from records import outbox
from records.database import Database
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.vault import Vault
from tests.support.heard import Heard
from tests.support.wecom.kf_world import Account
from tests.support.wecom.server import WeCom


class Line(Heard):
    """A running channel; `heard` is what it gave to the door."""

    def __init__(self, wecom: WeCom, database: Database, vault: Vault) -> None:
        super().__init__()
        self.wecom, self.database, self.vault = wecom, database, vault
        self._queued = 0
        self._pushed: set[str] = set()
        app = wecom.tokens.apps["kf"]
        self.channel = CustomerService(
            cipher=Cipher(app.token, app.aes_key, wecom.corp.corp_id),
            client=Client(
                base_url=wecom.url,
                corp_id=wecom.corp.corp_id,
                secret=app.secret,
                store=TokenStore(database, vault, "tester"),
                now=wecom.clock.moment,
                patience=Patience(rest=0.01),
            ),
            database=database,
            accounts=list(wecom.kf.accounts),
            owner="tester",
            now=wecom.clock.moment,
            pictures=Pictures(database, vault),
        )
        self.sender = Sender(
            database, vault, {"wecom_kf": self.channel}, owner="tester", now=wecom.clock.moment
        )

    async def says(
        self,
        customer: str,
        *texts: str,
        options: tuple[Option, ...] = (),
        priority: Priority = Priority.REPLY,
        account: str = "",
    ) -> None:
        """Queue messages to a customer and send what may be sent."""
        for text in texts:
            self._queued += 1
            new = NewOutgoing(
                channel="wecom_kf",
                chat=self.chat(customer, account),
                dedupe_key=self._key(customer, priority),
                payload=outbox.sealed_content(self.vault, text, options=options),
                due=self.wecom.clock.moment(),
                priority=priority.value,
            )
            await self.database.run(outbox.enqueue, [new])
        await self.sender.settled()

    def _key(self, customer: str, priority: Priority) -> str:
        """Pushes to one customer are parts of one message, of which a day holds one."""
        if priority is not Priority.BULK:
            return f"line/{self._queued}"
        is_first = customer not in self._pushed
        self._pushed.add(customer)
        return f"push/{customer}" if is_first else f"push/{customer}/{self._queued}"

    def hints(self, accounts: Iterable[Account]) -> None:
        """Have these accounts pulled: notices come for them."""
        for account in accounts:
            self.wecom.kf.notify(account)

    async def shows_fault(self, part: str) -> None:
        """Wait until the channel's fault says this; "" = until there is none."""
        async with asyncio.timeout(5):
            while not (part in self.channel.fault() if part else not self.channel.fault()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def chat(self, customer: str, account: str = "") -> str:
        return f"{account or next(iter(self.wecom.kf.accounts))}/{customer}"

    def talk(self, customer: str) -> str:
        """The key of the conversation."""
        return f"wecom_kf:{self.chat(customer)}"

    async def states(self) -> dict[str, int]:
        """How many messages of the outbox stand in each state."""
        return await self.database.read(outbox.counts)


@asynccontextmanager
async def a_line(wecom: WeCom, database: Database, vault: Vault) -> AsyncIterator[Line]:
    """The channel served over HTTP and listening to the stand-in's callbacks."""
    line = Line(wecom, database, vault)
    application = web.Application()
    application.add_routes(line.channel.routes(line.receive))
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    await line.channel.start(line.receive)
    try:
        await wecom.listen(f"http://{host}:{port}", "kf")
        yield line
    finally:
        await line.channel.stop()
        await line.channel.close()
        await runner.cleanup()
