"""The channel of the self-built app: what members do comes in, texts and cards go out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial

from aiohttp import web

from channels.base import Channel, FailureKind, Limits, Receive, SendFailure
from channels.pictures import Pictures
from channels.wecom import pictures as picturing
from channels.wecom.callback import Callback, Event
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.envelope import Reply
from channels.wecom.failures import Trouble, WecomError
from channels.wecom_app import cards, menu
from channels.wecom_app.cards import Body
from channels.wecom_app.parse import KIND, chosen, is_tap, parse
from records import outbox
from records.database import Database, Session, StoreUnavailable
from records.messages import Inbound, Outgoing, Priority, Receipt
from records.vault import Vault, VaultError

log = logging.getLogger("guiyan.wecom")

PATH = "/wecom/app"

_TAPPED = "已选"
_NAME_LENGTH = 20  # characters on a greyed button
_LATE_SECONDS = 4.0  # WeCom gives a callback five
_MENU_RESTS = (5, 60, 600, 3600)
_REFUSED_CARD = {Trouble.CONTENT, Trouble.UNKNOWN}
# The platform forgets a repetition after this; each message has a span of its own, see `_span`.
_LEAST_SPAN, _SPANS = 1800, 1800


class SelfBuiltApp(Channel):
    """One app of one corporation; a chat is a member's userid."""

    kind = KIND
    # Thirty a minute to a member, what is more is dropped without a word: five at once, then
    # twenty a minute, as `member-minute` of channels/wecom/limits.py spends them.
    limits = Limits(
        text_length=cards.TEXT_BYTES,
        per_chat=20 / 60,
        per_group=20 / 60,
        bulk=20.0,
        burst=5,
        parallel=16,
        repeats_safely=True,
    )

    def __init__(
        self,
        *,
        cipher: Cipher,
        client: Client,
        database: Database,
        vault: Vault,
        corp_id: str,
        agent_id: int,
        now: Callable[[], datetime],
        pictures: Pictures | None = None,
    ) -> None:
        self._cipher = cipher
        self._pictures = pictures
        self._callback: Callback | None = None  # until the address is served
        self._client = client
        self._database = database
        self._vault = vault
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._now = now
        self._sent: dict[int, int] = {}  # message → parts that arrived before a failure
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        """The address that everything comes to."""
        take = partial(self._take, receive)
        self._callback = Callback(self._cipher, PATH, take, now=self._now)
        return self._callback.routes()

    async def start(self, receive: Receive) -> None:
        """See to the app's menu, without waiting for a WeCom that may be out of reach."""
        self._spawn(self._keep_menu())

    async def stop(self) -> None:
        """Begin nothing more by ourselves; a callback that still comes is stored."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Close the connections to WeCom."""
        await self._client.close()

    def fault(self) -> str:
        """What WeCom last complained of, or that its callbacks cannot be opened."""
        shut = self._callback.fault() if self._callback else ""
        return self._client.fault() or shut

    async def check(self) -> str:
        """Ask for a token, and whether the agent id is this app's."""
        trouble = await self._client.check()
        if trouble:
            return trouble
        try:
            await self._client.read("agent/get", {"agentid": str(self._agent_id)})
        except WecomError as error:
            return self.fault() or f"WeCom does not describe the app: {error}"
        return ""

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver a message, in parts where it is long; raises SendFailure.

        What arrived of a message is remembered: a member's pace has no room for saying it again.
        """
        wanted = await self._bodies(message)
        sent, msgid = self._sent.pop(message.id, 0), ""
        try:
            while sent < len(wanted):
                try:
                    msgid = await self._say(message, wanted[sent])
                except WecomError as error:
                    picturing.forget(self._client, wanted[sent])
                    if not cards.is_card(wanted[sent]) or error.trouble not in _REFUSED_CARD:
                        raise
                    if not error.after_doubt:  # else it is known already
                        wanted = [*wanted[:sent], *cards.texts(message)]
                        continue
                sent += 1
        except WecomError as error:
            if sent:
                self._sent[message.id] = sent
            raise error.as_failure() from None
        return Receipt(msgid[:80])

    async def fetch(self, message: Inbound) -> bytes | None:
        """A voice (AMR) or a picture, for three days."""
        return await self._client.sent(message.extra["file_id"])

    async def _bodies(self, message: Outgoing) -> list[Body]:
        """Its picture first, which is uploaded here, then its words."""
        content = await self._pictures.of(message) if self._pictures else None
        if content is None:
            return cards.bodies(message)
        try:
            return [await picturing.image(self._client, content), *cards.bodies(message)]
        except WecomError as error:
            raise error.as_failure() from None

    async def _say(self, message: Outgoing, body: Body) -> str:
        whole = {
            "touser": message.chat,
            "agentid": self._agent_id,
            **body,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _span(message.id),
        }
        is_bulk = message.priority > Priority.NOTICE
        answer = await self._client.call("message/send", whole, may_repeat=True, is_bulk=is_bulk)
        if answer.get("invaliduser"):
            raise SendFailure(FailureKind.BAD_ADDRESS, "no such member, or the app is hidden")
        if answer.get("unlicenseduser"):
            raise SendFailure(FailureKind.REJECTED, "the member has no licence (互通账号)")
        return str(answer.get("msgid") or "")

    async def _take(self, receive: Receive, event: Event) -> Reply | None:
        """Store what came; a tapped card is greyed by the answer to the tap."""
        began = asyncio.get_running_loop().time()
        message = parse(event, self._now())
        if message is None:
            return None
        [is_new] = await receive([message])
        if not is_tap(event):
            return None
        label = await self._label(event)
        is_late = asyncio.get_running_loop().time() - began > _LATE_SECONDS
        if is_late or not is_new:  # a repeat: our answer did not get there
            self._spawn(self._grey(event, label))
        return self._greyed(event, label)

    def _greyed(self, event: Event, label: str) -> Reply:
        return {
            "ToUserName": event.sender,
            "FromUserName": self._corp_id,
            "CreateTime": int(self._now().timestamp()),
            "MsgType": "update_button",
            "Button": {"ReplaceName": label},
        }

    async def _grey(self, event: Event, label: str) -> None:
        """The same by a call of our own, which a tap allows once."""
        body = {
            "userids": [event.sender],
            "agentid": self._agent_id,
            "response_code": event.text("ResponseCode"),
            "button": {"replace_name": label},
        }
        try:
            await self._client.call("message/update_template_card", body)
        except WecomError as error:
            if error.trouble is not Trouble.SPENT:
                log.warning("a tapped card stays as it was: %s", error)

    async def _label(self, event: Event) -> str:
        """The words of what was tapped, as the card showed them."""
        row_id = cards.row_of(event.text("TaskId"))
        if row_id is None:
            return _TAPPED
        labels: list[str] = []
        with suppress(StoreUnavailable, VaultError):  # the message is stored: that matters
            labels = await self._database.read(
                _labels, self._vault, row_id, event.sender, chosen(event)
            )
        words = "、".join(labels)
        return words if 0 < len(words) <= _NAME_LENGTH else words[: _NAME_LENGTH - 1] or _TAPPED

    async def _keep_menu(self) -> None:
        """Make the menu if it differs; try again, ever more rarely, until it is there."""
        for rest in (*_MENU_RESTS, *_MENU_RESTS[-1:] * 24):
            try:
                await self._make_menu()
            except WecomError as error:
                log.warning("the app's menu could not be made: %s", error)
                await asyncio.sleep(rest)
            else:
                return

    async def _make_menu(self) -> None:
        query = {"agentid": str(self._agent_id)}
        listed = None
        try:
            listed = (await self._client.read("menu/get", query)).get("button")
        except WecomError as error:
            if error.code not in menu.NONE_YET:
                raise
        if not menu.is_ours(listed):
            body = {"button": menu.BUTTONS}
            await self._client.call("menu/create", body, query=query, may_repeat=True)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _span(row_id: int) -> int:
    """Seconds in which WeCom drops a second request of the same JSON.

    Two messages of the same words are not the same: this figure tells them apart.
    """
    return _LEAST_SPAN + row_id % _SPANS


def _labels(
    session: Session, vault: Vault, row_id: int, member: str, values: list[str]
) -> list[str]:
    row = outbox.find(session, row_id)
    if row is None or row.channel != KIND or row.chat.lower() != member.lower():
        return []
    options = outbox.as_outgoing(row, vault).options
    return [option.label for option in options if option.value in values]
