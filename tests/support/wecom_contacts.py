"""客户联系 between the stand-in and our store, on a clock that stands until it is moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone

from aiohttp import web

from channels.wecom.calls import Patience
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.tokens import TokenStore
from channels.wecom_contact.channel import Contacts
from outreach import broadcasts
from outreach.broadcast_quota import Quota
from outreach.broadcasts import Broadcast, Content, Kind, Rules
from records import contact_changes, customers, group_tasks
from records.customers import GroupLine, Wanted
from records.database import Database, Session
from records.group_tasks import GroupTask
from records.messages import Inbound
from records.vault import Vault
from tests.support.wecom.clock import Clock
from tests.support.wecom.server import WeCom

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
PLACES = {"371703": "定陶区"}


def a_clock(at: datetime = MORNING) -> Clock:
    """Stands at a moment until it is advanced."""
    return Clock(lambda: at)


class Office:
    """Our side: the channel, and what an operator does."""

    def __init__(
        self,
        wecom: WeCom,
        database: Database,
        vault: Vault,
        quota: Quota = Quota.MONTH,
        *,
        owner: str = "tester",
    ) -> None:
        self.wecom, self.database, self.vault = wecom, database, vault
        self.rules = Rules(quota, lambda customer: [f"wecom_kf:wk/{customer}"])
        self.owner = owner
        self.channel = self._channel()

    def _channel(self) -> Contacts:
        app = self.wecom.tokens.apps["contact"]
        return Contacts(
            cipher=Cipher(app.token, app.aes_key, self.wecom.corp.corp_id),
            client=Client(
                base_url=self.wecom.url,
                corp_id=self.wecom.corp.corp_id,
                secret=app.secret,
                store=TokenStore(self.database, self.vault, "tester"),
                now=self.wecom.clock.moment,
                patience=Patience(rest=0.01),
            ),
            database=self.database,
            vault=self.vault,
            owner=self.owner,
            now=self.wecom.clock.moment,
            office="返乡创业服务中心",
            rules=self.rules,
            places=lambda code: PLACES.get(code, ""),
            tells_stewards=True,
        )

    async def restart(self) -> None:
        """The process died: another takes over with nothing but the store."""
        await self.channel.close()
        self.channel = self._channel()

    async def wants(
        self, *ids: str, text: str = "招工", key: str = "b", kind: Kind = Kind.GROUP
    ) -> list[GroupTask]:
        """Ask for a broadcast."""
        asked = Broadcast(key, kind, Content(text), Wanted(ids=ids))
        now = self.wecom.clock.moment()
        return await self.database.run(broadcasts.want, self.vault, asked, now, self.rules)

    async def works(self, *rests: float) -> None:
        """See to what is due, now and after each rest of so many seconds."""
        await self.channel.tasks.step()
        for rest in rests:
            self.wecom.clock.advance(rest)
            await self.channel.tasks.step()

    async def reads(self) -> None:
        """Read what events have marked."""
        await self.wecom.callbacks.settled()
        await self.channel.registry.settle()

    async def asks(self, key: str = "b", **what: bool) -> int:
        """Ask for a reminder or a cancellation."""
        now = self.wecom.clock.moment()
        return await self.database.run(_ask, key, now, what)

    async def task(self, key: str = "b") -> GroupTask:
        """The one task of a broadcast."""
        (task,) = [t for t in await self.tasks(key) if t.steward]
        return task

    async def tasks(self, key: str = "b") -> list[GroupTask]:
        return await self.database.read(group_tasks.of_broadcast, key)

    async def outcomes(self, key: str = "b") -> dict[str, str]:
        """What became of each customer or group."""
        ids = [task.id for task in await self.tasks(key)]
        rows = await self.database.read(group_tasks.targets_of, ids)
        return {row.target: row.state for row in rows}

    async def groups(self) -> dict[str, GroupLine]:
        found = await self.database.read(customers.groups, self.vault, Wanted())
        return {one.chat_id: one for one in found}

    async def friends(self) -> set[tuple[str, str]]:
        return set(await self.database.read(customers.friends, Wanted()))

    async def marks(self) -> int:
        """How much is still to be read anew."""
        return len(await self.database.read(contact_changes.marked, 1000))


def _ask(session: Session, key: str, now: datetime, what: dict[str, bool]) -> int:
    return group_tasks.ask(session, key, now, **what)


async def _nobody(messages: Iterable[Inbound]) -> list[bool]:
    raise AssertionError("this channel has no conversations")


async def a_group(office: Office, steward: str = "LiSi") -> str:
    chat_id = office.wecom.contacts.group(steward)
    await office.channel.registry.synchronise()
    return chat_id


async def a_friend(office: Office, steward: str = "LiSi") -> str:
    customer = office.wecom.contacts.customer()
    office.wecom.contacts.befriend(steward, customer)
    await office.channel.registry.synchronise()
    return customer


def confirm(office: Office, steward: str = "LiSi") -> None:
    """The steward confirms whatever waits."""
    for task in office.wecom.contacts.sends.of_member(steward):
        office.wecom.contacts.confirms(task.msgid, steward)


@asynccontextmanager
async def listening(office: Office) -> AsyncIterator[None]:
    """The callback served over HTTP; nothing runs by itself."""
    application = web.Application()
    application.add_routes(office.channel.routes(_nobody))
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        assert await office.wecom.listen(f"http://{host}:{port}", "contact") == ["contact"]
        yield
    finally:
        await asyncio.sleep(0)
        await runner.cleanup()
