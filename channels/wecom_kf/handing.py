"""Handing talks over to servicers and taking them back; silent in between.

States of a session (developer.work.weixin.qq.com, page 94698): 0 new, 1 ours, 2 waits for a
servicer, 3 a servicer has it, 4 over. We may send in 0 and 1 only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from channels.wecom.client import Client
from channels.wecom.failures import WecomError
from channels.wecom_kf.parse import KIND, parties
from records import outbox, rationing, send_budgets, tickets
from records.database import Database, Session, StoreUnavailable
from records.send_budgets import Closing

log = logging.getLogger("guiyan.wecom")

POOL, SERVICER, OVER = 2, 3, 4
_OURS = (0, 1)
_RECEIVING = 0
_LOOK_SECONDS = 3.0
_BETWEEN_SECONDS = 0.5  # looks: under load many messages a second may be followed by a ticket
_END_CODE_LIFE = timedelta(seconds=20)
_UNSERVED_FOR = timedelta(seconds=30)
_REST = timedelta(minutes=1)
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_LONG_SILENCE = timedelta(hours=1)


class Handing:
    """Keeps the state of each session there in step with the tickets here."""

    def __init__(self, client: Client, database: Database, *, now: Callable[[], datetime]) -> None:
        self._client = client
        self._database = database
        self._now = now
        self._looked = asyncio.Event()
        self._left: set[str] = set()
        self._last = ""  # servicer who got a talk
        self._heard: dict[str, datetime] = {}  # talks with staff → the person's last message
        self._rests: dict[str, datetime] = {}  # talks that could not be moved → try again then
        self._unserved: dict[str, datetime] = {}  # accounts without servicers → ask again then

    def look(self) -> None:
        """A ticket may have been raised or left."""
        self._looked.set()

    async def run(self) -> None:
        """Hand over and take back, for ever."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._looked.wait()
            self._looked.clear()
            try:
                await self.settle()
            except StoreUnavailable as fault:
                log.error("could not look for hand-overs: %s", fault)
            await asyncio.sleep(_BETWEEN_SECONDS)

    async def settle(self) -> None:
        """Hand over what a human is wanted for, take back what the person has left."""
        for conversation in await self._database.read(_in_doubt):
            await self.learn(conversation)
        wanted, left = await self._database.read(_out_of_step)
        for conversation in wanted:
            await self._try(self._hand_over, conversation)
        # Not at the first look: the ticket of a talk that staff began may still be on its way.
        for conversation in sorted(self._left.intersection(left)):
            await self._try(self._take_back, conversation)
        self._left = set(left)
        await self._look_after_lapsed()

    async def _look_after_lapsed(self) -> None:
        """A session with staff ends by itself in two days, and nobody tells us."""
        heard = await self._database.read(_heard_with_staff)
        before, self._heard = self._heard, heard
        for conversation, at in heard.items():
            if at - before.get(conversation, _NEVER) > _LONG_SILENCE:
                await self.learn(conversation)

    async def learn(self, conversation: str) -> None:
        """Ask whose a talk is: a send was refused, or the session may have lapsed with staff."""
        with suppress(WecomError):
            answer = await self._client.call(
                "kf/service_state/get", _ids(conversation), may_repeat=True
            )
            state, servicer = answer.get("service_state"), str(answer.get("servicer_userid") or "")
            if state in (POOL, SERVICER):
                await self._close(conversation, Closing.HANDED_OVER, servicer)
            elif state == OVER:
                await self._close(conversation, Closing.ENDED, "")
            elif state in _OURS:
                await self._database.run(_ours, conversation, self._now())

    async def _try(self, move: Callable[[str], Awaitable[None]], conversation: str) -> None:
        """One talk that cannot be moved now is tried again later, and holds up no other."""
        until = self._rests.get(conversation)
        if until is not None and self._now() < until:
            return
        try:
            await move(conversation)
            self._rests.pop(conversation, None)
        except WecomError as error:
            log.warning("could not hand over or take back: %s", error)
            self._rests[conversation] = self._now() + _REST

    async def _hand_over(self, conversation: str) -> None:
        """To who receives now; where nobody does, the desk has it.

        Never to the pool: from there a person cannot come back to us until somebody takes them.
        """
        account = parties(conversation.partition(":")[2])[0]
        until = self._unserved.get(account)
        if until is not None and self._now() < until:
            return
        answer = await self._client.read("kf/servicer/list", {"open_kfid": account})
        servicers = answer.get("servicer_list") or []
        free = sorted(str(s["userid"]) for s in servicers if s.get("status") == _RECEIVING)
        if not free:
            self._unserved[account] = self._now() + _UNSERVED_FOR
            return
        # Closed first: what left on the way over would be refused.
        if not await self._database.run(_begin_to_move, conversation):
            return
        to = {"service_state": SERVICER, "servicer_userid": self._next(free)}
        try:
            await self._client.call("kf/service_state/trans", {**_ids(conversation), **to})
        except WecomError as error:
            if error.is_doubtful:  # it may be there all the same
                await self.learn(conversation)
            else:
                await self._database.run(_stay, conversation, self._now())
            raise
        await self._close(conversation, Closing.HANDED_OVER, str(to["servicer_userid"]))

    def _next(self, free: list[str]) -> str:
        """One after another, so that not the first of the list gets everybody."""
        later = [userid for userid in free if userid > self._last]
        self._last = (later or free)[0]
        return self._last

    async def _take_back(self, conversation: str) -> None:
        answer = await self._client.call(
            "kf/service_state/trans", {**_ids(conversation), "service_state": OVER}
        )
        code = str(answer.get("msg_code") or "")
        await self._database.run(_back, conversation, code, self._now())

    async def _close(self, conversation: str, why: Closing, servicer: str) -> None:
        await self._database.run(_close, conversation, why, servicer)


def _in_doubt(session: Session) -> list[str]:
    """Talks whose move was cut off: by a crash, or because its answer was lost."""
    closed = send_budgets.closings(session, KIND)
    return sorted(key for key, why in closed.items() if why is Closing.MOVING)


def _out_of_step(session: Session) -> tuple[list[str], list[str]]:
    """Talks that wait for a human and are ours; talks that staff have and nobody wants."""
    closed = send_budgets.closings(session, KIND)
    handed = {key for key, why in closed.items() if why is Closing.HANDED_OVER}
    live = set(tickets.live_on(session, KIND))
    wanted = live - closed.keys()
    told = wanted - outbox.leaving(session, sorted(wanted))  # that a human is coming
    return sorted(told), sorted(handed - live)


def _heard_with_staff(session: Session) -> dict[str, datetime]:
    """Talks that staff have by our books, and when the person last wrote."""
    closed = send_budgets.closings(session, KIND)
    staffed = sorted(key for key, why in closed.items() if why is Closing.HANDED_OVER)
    return send_budgets.heard_at(session, staffed)


def _begin_to_move(session: Session, conversation: str) -> bool:
    """Nothing leaves from now on; False where something is just leaving."""
    if outbox.leaving(session, [conversation]):
        return False
    send_budgets.close(session, conversation, Closing.MOVING)
    return True


def _ours(session: Session, conversation: str, now: datetime) -> None:
    send_budgets.stay(session, conversation)
    rationing.handed_back(session, conversation, now)


def _stay(session: Session, conversation: str, now: datetime) -> None:
    send_budgets.stay(session, conversation)
    rationing.release(session, [conversation], now)


def _close(session: Session, conversation: str, why: Closing, servicer: str) -> None:
    send_budgets.close(session, conversation, why, servicer=servicer)


def _back(session: Session, conversation: str, code: str, now: datetime) -> None:
    if code:  # one last message says who answers from now on
        send_budgets.let_through(session, conversation, code, until=now + _END_CODE_LIFE)
    rationing.handed_back(session, conversation, now)


def _ids(conversation: str) -> dict[str, str]:
    account, customer = parties(conversation.partition(":")[2])
    return {"open_kfid": account, "external_userid": customer}
