"""The channel of 客户联系: events in; broadcasts, greetings and tags out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from aiohttp import web

from channels.base import Channel, FailureKind, Limits, Receive, SendFailure
from channels.wecom.callback import Callback, Event
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.envelope import Reply
from channels.wecom.failures import WecomError, advice
from channels.wecom_contact import registry
from channels.wecom_contact.parse import KIND, told
from channels.wecom_contact.registry import Registry
from channels.wecom_contact.tagging import Tagger
from channels.wecom_contact.tasks import Tasks
from channels.wecom_contact.welcoming import Welcomer
from outreach import broadcasts
from outreach.broadcasts import Broadcast, BroadcastRefused, Content, Kind, Rules
from outreach.customers import Places
from records import group_tasks
from records.customers import Wanted
from records.database import Database, Session
from records.group_tasks import GroupTask, TargetState
from records.messages import Outgoing, Receipt
from records.vault import Vault

PATH = "/wecom/contact"

_REFUSED = {
    TargetState.OVER_QUOTA: FailureKind.REJECTED,
    TargetState.NOT_FRIEND: FailureKind.BLOCKED_BY_PERSON,
    TargetState.GONE: FailureKind.BAD_ADDRESS,
}


class Contacts(Channel):
    """The customers and groups of one corporation's staff.

    A chat is a group's chat_id, or `steward/external_userid`. What is sent there becomes a task
    that the steward confirms.
    """

    kind = KIND
    limits = Limits(
        text_length=broadcasts.TEXT_BYTES // 4, per_chat=1.0, per_group=1.0, bulk=20.0, parallel=4
    )

    def __init__(
        self,
        *,
        cipher: Cipher,
        client: Client,
        database: Database,
        vault: Vault,
        owner: str,
        now: Callable[[], datetime],
        office: str,
        rules: Rules,
        places: Places,
        tells_stewards: bool = False,
    ) -> None:
        self._callback = Callback(cipher, PATH, self._take, now=now)
        self._client = client
        self._database = database
        self._vault = vault
        self._now = now
        self._rules = rules
        self.registry = Registry(
            client,
            database,
            vault,
            tagger=Tagger(client, database, vault, places=places, talks=rules.talks),
            owner=owner,
            now=now,
        )
        self.tasks = Tasks(
            client, database, vault, owner=owner, now=now, tells_stewards=tells_stewards
        )
        self.welcomer = Welcomer(client, database, office=office, places=places, now=now)
        self._loops: list[asyncio.Task[None]] = []

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        """The address that events come to."""
        return self._callback.routes()

    async def start(self, receive: Receive) -> None:
        """Read everything anew, then whatever events tell of; see to tasks and greetings."""
        runs = (self.welcomer.run(), self.registry.run(), self.tasks.run())
        self._loops = [asyncio.create_task(run) for run in runs]

    async def stop(self) -> None:
        """Begin nothing more; what was begun is looked for at the next start."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops = []

    async def close(self) -> None:
        """Close the connections to WeCom."""
        await self._client.close()

    def fault(self) -> str:
        """What WeCom last complained of, or that its callbacks cannot be opened."""
        return self._client.fault() or self._callback.fault()

    async def check(self) -> str:
        """Ask for a token, and whether anybody may have customers."""
        trouble = await self._client.check()
        if trouble:
            return trouble
        try:
            answer = await self._client.read("externalcontact/get_follow_user_list")
        except WecomError as error:
            return advice(error, "GUIYAN_WECOM_CONTACT_SECRET")
        if answer.get("follow_user"):
            return ""
        return (
            "nobody whom this app sees may have customers: in the console, 客户联系 → 权限配置 → "
            "使用范围, add the stewards, and widen the app's 可见范围 to them"
        )

    async def send(self, message: Outgoing) -> Receipt:
        """Ask the steward to send it; raises SendFailure where it may not be sent."""
        steward, _, customer = message.chat.rpartition("/")
        broadcast = Broadcast(
            key=f"message/{message.id}",
            kind=Kind.SINGLE if steward else Kind.GROUP,
            content=Content(message.text),
            wanted=Wanted(ids=(customer,), owners=(steward,) if steward else ()),
        )
        try:
            asked = await self._database.run(self._want, broadcast)
        except BroadcastRefused:
            raise SendFailure(FailureKind.REJECTED, "no text for a broadcast") from None
        ids = [task.id for task in asked]
        for target in await self._database.read(group_tasks.targets_of, ids):
            if target.state in _REFUSED:
                raise SendFailure(_REFUSED[TargetState(target.state)], target.state)
        self.tasks.tell()
        return Receipt(broadcast.key)

    async def _take(self, event: Event) -> Reply | None:
        found = told(event, self._now())
        if found is not None:
            await self._database.run(registry.note, self._vault, found)
            self.registry.tell()
            if found.code:
                self.welcomer.tell()
        return None

    def _want(self, session: Session, broadcast: Broadcast) -> list[GroupTask]:
        return broadcasts.want(session, self._vault, broadcast, self._now(), self._rules)
