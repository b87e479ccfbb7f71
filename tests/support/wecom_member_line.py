"""The self-built app between the stand-in and our store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from channels.pictures import Pictures
from channels.sender import Sender
from channels.wecom.calls import Patience
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.tokens import TokenStore
from channels.wecom_app.channel import SelfBuiltApp
from records import outbox
from records.database import Database
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.vault import Vault
from tests.support.heard import Heard
from tests.support.wecom.server import WeCom


class MemberLine(Heard):
    """A running channel; `heard` is what it gave to the door."""

    def __init__(self, wecom: WeCom, database: Database, vault: Vault) -> None:
        super().__init__()
        self.wecom, self.database, self.vault = wecom, database, vault
        self._queued = 0
        app = wecom.tokens.apps["app"]
        self.channel = SelfBuiltApp(
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
            vault=vault,
            corp_id=wecom.corp.corp_id,
            agent_id=app.agent_id,
            now=wecom.clock.moment,
            pictures=Pictures(database, vault),
        )
        self.sender = Sender(
            database, vault, {"wecom_app": self.channel}, owner="tester", now=wecom.clock.moment
        )

    async def hears(self, count: int, seconds: float = 5) -> list[str]:
        """As the door hears; and until WeCom has all our answers."""
        texts = await super().hears(count, seconds)
        await self.wecom.callbacks.settled()
        return texts

    async def says(
        self,
        member: str,
        text: str,
        *options: Option,
        extra: dict[str, str] | None = None,
        priority: Priority = Priority.REPLY,
    ) -> None:
        """Queue a message to a member and send what may be sent now."""
        self._queued += 1
        new = NewOutgoing(
            channel="wecom_app",
            chat=member,
            dedupe_key=f"line/{self._queued}",
            payload=outbox.sealed_content(self.vault, text, options=options, extra=extra),
            due=self.wecom.clock.moment(),
            priority=priority.value,
        )
        await self.database.run(outbox.enqueue, [new])
        await self.sender.settled()

    async def states(self) -> dict[str, int]:
        """How many messages of the outbox stand in each state."""
        return await self.database.read(outbox.counts)


@asynccontextmanager
async def a_member_line(
    wecom: WeCom, database: Database, vault: Vault
) -> AsyncIterator[MemberLine]:
    """The channel served over HTTP and listening to the stand-in's callbacks."""
    line = MemberLine(wecom, database, vault)
    application = web.Application()
    application.add_routes(line.channel.routes(line.receive))
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    await line.channel.start(line.receive)
    try:
        await wecom.listen(f"http://{host}:{port}", "app")
        yield line
    finally:
        await line.channel.stop()
        await line.channel.close()
        await runner.cleanup()
