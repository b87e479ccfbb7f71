"""The channel of 微信客服: notices in, messages pulled, replies within the budget."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from aiohttp import web

from channels.base import Channel, FailureKind, Limits, Receive, SendFailure
from channels.pictures import Pictures
from channels.wecom import pictures as picturing
from channels.wecom.callback import Callback, Event
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.envelope import Reply
from channels.wecom.failures import Trouble, WecomError
from channels.wecom_kf import bodies, ledger
from channels.wecom_kf.bodies import Body
from channels.wecom_kf.handing import Handing
from channels.wecom_kf.parse import KIND, parties
from channels.wecom_kf.pulling import SWEEP_SECONDS, Puller
from records import send_budgets
from records.database import Database
from records.messages import Inbound, Outgoing, Priority, Receipt
from records.send_budgets import Closing

log = logging.getLogger("guiyan.wecom")

PATH = "/wecom/kf"
NOBODY = (
    "GUIYAN_WECOM_KF_ACCOUNTS is empty, so nobody at 微信客服 is served: `guiyan wecom accounts` "
    "lists what to put there"
)

# A msgid used twice is refused; by which code, no public text says. Only for a repetition of ours.
_TWICE = 40058
_OVER, _LATE, _NEVER, _NOT_OURS, _ENDED = 95001, 95002, 95031, 95018, 95013


class CustomerService(Channel):
    """All accounts of one corporation that this program serves."""

    kind = KIND
    limits = Limits(
        text_length=bodies.TEXT_BYTES,
        per_chat=2.0,
        per_group=1.0,
        bulk=50.0,
        parallel=16,
        repeats_safely=True,
        allowance=ledger.ALLOWANCE,
        cost=bodies.cost,
    )

    def __init__(
        self,
        *,
        cipher: Cipher,
        client: Client,
        database: Database,
        accounts: Sequence[str],
        owner: str,
        now: Callable[[], datetime],
        sweep: float = SWEEP_SECONDS,
        pictures: Pictures | None = None,
    ) -> None:
        self._pictures = pictures
        self._callback = Callback(cipher, PATH, self._notice, now=now)
        self._client = client
        self._database = database
        self._now = now
        self._pullers = {
            account: Puller(account, client, database, owner=owner, now=now, sweep=sweep)
            for account in accounts
        }
        self._handing = Handing(client, database, now=now)
        self._loops: list[asyncio.Task[None]] = []

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        """The address that notices come to."""
        return self._callback.routes()

    async def start(self, receive: Receive) -> None:
        """Pull what came while we were away, then whenever there is a notice."""
        if not self._pullers:  # the console's address check comes before an account is known
            log.error("%s", NOBODY)
        self._loops = [asyncio.create_task(p.run(receive)) for p in self._pullers.values()]
        self._loops.append(asyncio.create_task(self._handing.run()))

    async def stop(self) -> None:
        """Pull nothing more; what is not stored yet stays with WeCom."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops = []

    async def close(self) -> None:
        """Close the connections to WeCom."""
        await self._client.close()

    def fault(self) -> str:
        """What WeCom last complained of, or why nobody is served."""
        if not self._pullers:
            return self._client.fault() or NOBODY
        faults = [self._client.fault(), self._callback.fault()]
        faults += [puller.fault() for puller in self._pullers.values()]
        return next(filter(None, faults), "")

    async def check(self) -> str:
        """Ask for a token, and whether each account is ours to serve."""
        trouble = await self._client.check() or ("" if self._pullers else NOBODY)
        return trouble or await self._accounts_fault()

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver a message within the budget; raises SendFailure."""
        open_kfid, customer = parties(message.chat)
        wanted = bodies.bodies(message.text, message.options)
        content = await self._pictures.of(message) if self._pictures else None
        try:
            if content:  # after the words: a greeting by code can be no picture
                wanted = [*wanted, await picturing.image(self._client, content)]
            code = await self._code(message.conversation)
            for part, body in enumerate(wanted):
                msgid = ledger.msgid_of(message.id, part)
                if code and part == 0:
                    await self._greet(code, {"msgid": msgid, **body})
                else:
                    ids = {"touser": customer, "open_kfid": open_kfid, "msgid": msgid}
                    await self._say({**ids, **body}, message)
        except WecomError as error:
            picturing.forget(self._client, wanted[-1])
            await self._note(message.conversation, error)
            raise _failure(error) from None
        if message.kind == "notice":
            self._handing.look()
        return Receipt(ledger.msgid_of(message.id))

    async def fetch(self, message: Inbound) -> bytes | None:
        """A voice (AMR) or a picture, for three days."""
        return await self._client.sent(message.extra["file_id"])

    async def _notice(self, event: Event) -> Reply | None:
        if event.event == "kf_msg_or_event":
            puller = self._pullers.get(event.text("OpenKfId"))
            if puller is not None:
                puller.tell(event.text("Token"))
            else:
                log.warning("a notice for an account that is not in GUIYAN_WECOM_KF_ACCOUNTS")
        return None

    async def _code(self, conversation: str) -> str:
        now = self._now()
        if not await self._database.read(send_budgets.has_code, conversation, now):
            return ""
        return await self._database.run(send_budgets.spend_code, conversation, now)

    async def _greet(self, code: str, body: Body) -> None:
        wanted = {"code": code, **body}
        try:
            await self._client.call("kf/send_msg_on_event", wanted, may_repeat=True)
        except WecomError as error:
            if not (error.after_doubt and error.trouble is Trouble.SPENT):
                raise
            log.info("a code was spent by a try whose answer was lost")

    async def _say(self, body: Body, message: Outgoing) -> None:
        is_bulk = message.priority > Priority.NOTICE
        try:
            await self._client.call("kf/send_msg", body, may_repeat=True, is_bulk=is_bulk)
        except WecomError as error:
            if not ((message.is_repeated or error.after_doubt) and _may_be_twice(error)):
                raise
            log.info("a repeated message was known already")

    async def _note(self, conversation: str, error: WecomError) -> None:
        """What a refusal tells of the budget."""
        if error.code == _OVER:
            await self._database.run(send_budgets.use_up, conversation, ledger.ALLOWANCE)
        elif error.code in (_LATE, _NEVER, _ENDED):
            await self._database.run(send_budgets.close, conversation, Closing.ENDED)
        elif error.code == _NOT_OURS:
            await self._handing.learn(conversation)

    async def _accounts_fault(self) -> str:
        try:
            listed = (await self._client.call("kf/account/list", {}, may_repeat=True)).get(
                "account_list"
            )
        except WecomError as error:
            return f"WeCom does not list the accounts of 微信客服: {error}"
        known = {str(account.get("open_kfid")) for account in listed or []}
        missing = [account for account in self._pullers if account not in known]
        if not missing:
            return ""
        return (
            f"{', '.join(missing)} in GUIYAN_WECOM_KF_ACCOUNTS is no account that this app may "
            "serve: in the console, 微信客服 → API → 可调用接口的应用, put it under 通过API管理"
        )


def _may_be_twice(error: WecomError) -> bool:
    return error.code == _TWICE or error.trouble is Trouble.UNKNOWN


def _failure(error: WecomError) -> SendFailure:
    """A code that came too late says: not now, when they write."""
    if error.trouble is Trouble.SPENT:
        return SendFailure(FailureKind.NOT_NOW, str(error))
    return error.as_failure()
