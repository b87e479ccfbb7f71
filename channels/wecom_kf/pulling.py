"""Pulling what customers wrote: WeCom tells that there is something, we read it page by page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from channels.base import Receive
from channels.wecom.client import Client
from channels.wecom.failures import Trouble, WecomError, advice
from channels.wecom_kf import ledger
from channels.wecom_kf.parse import KIND, Entered, Handed, Item, parse
from records import pull_cursors
from records.database import Database, StoreUnavailable
from records.messages import Inbound

log = logging.getLogger("guiyan.wecom")

SECRET = "GUIYAN_WECOM_KF_SECRET"
TOKEN_LIFE = timedelta(minutes=10)
_PAGE = 1000
_AT_ONCE = 200  # of a page: what is parsed and sealed in one go holds up every answer to WeCom
_GATHER_SECONDS = 0.1  # so that under a flood of notices one pull reads what many of them told of
_LEASE = timedelta(seconds=60)
SWEEP_SECONDS = 300.0  # without a notice: strictly limited, and only for notices that were lost
_PATIENCE_SECONDS = (1, 2, 5, 10, 30, 60)
_NOT_TAKEN = "what was pulled could not be taken in, and is tried again; the log says where"
# Refusals that stay until a human mends them; those of the app as a whole the client tells of.
_LASTING = frozenset({Trouble.CONFIGURATION, Trouble.UNKNOWN})


class Puller:
    """Reads one account, serially; the cursor is kept once a page is stored."""

    def __init__(
        self,
        open_kfid: str,
        client: Client,
        database: Database,
        *,
        owner: str,
        now: Callable[[], datetime],
        sweep: float = SWEEP_SECONDS,
    ) -> None:
        self._open_kfid = open_kfid
        self._account = f"{KIND}:{open_kfid}"
        self._client = client
        self._database = database
        self._owner = owner
        self._now = now
        self._sweep = sweep
        self._token: tuple[str, datetime] | None = None
        self._told = asyncio.Event()
        self._failed = 0
        self._fault = ""

    def fault(self) -> str:
        """Why nobody at this account can be heard, until a page is read; "" if they can."""
        return self._fault

    def tell(self, token: str) -> None:
        """There is something to pull; `token` opens the store without its strict limit."""
        self._token = (token, self._now() + TOKEN_LIFE)
        self._told.set()

    async def run(self, receive: Receive) -> None:
        """Pull whenever told, and now and then untold, for ever."""
        if self._database.is_sqlite:  # no other process serves this database
            await self._database.run(pull_cursors.free, [self._account])
        self._told.set()  # what came while we were away
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._sweep):
                    await self._told.wait()
            self._told.clear()
            try:
                await self.pull(receive)
            except WecomError as error:
                await self._rest(error)
            except StoreUnavailable as fault:
                log.error("messages could not be stored: %s", fault)
                await self._wait(1.0)
            except Exception:  # a fault of our own must not leave an account unheard for good
                log.exception("what was pulled could not be taken in")
                self._fault = f"{self._open_kfid}: {_NOT_TAKEN}"
                await self._wait(_PATIENCE_SECONDS[2])

    async def pull(self, receive: Receive) -> None:
        """Read on from the cursor until there is nothing more, and nothing more is told of."""
        cursor = await self._database.run(self._hold)
        if cursor is None:  # another process reads this account: look again when it may be done
            asyncio.get_running_loop().call_later(2.0, self._told.set)
            return
        try:
            has_more = True
            while has_more:
                page = await self._page(cursor)
                self._failed, self._fault = 0, ""
                await self._take(page.get("msg_list") or [], receive)
                cursor = str(page.get("next_cursor") or cursor)
                if not await self._database.run(self._advance, cursor):
                    return
                has_more = page.get("has_more") == 1 or await self._told_again()
        finally:
            with suppress(StoreUnavailable):
                await self._database.run(pull_cursors.release, self._account, self._owner)

    async def _told_again(self) -> bool:
        """Whether notices came while a page was read: one more pull answers all of them."""
        if self._told.is_set():
            await asyncio.sleep(_GATHER_SECONDS)
            self._told.clear()
            return True
        return False

    async def _page(self, cursor: str) -> dict[str, Any]:
        token = self._fresh_token()
        body = {"open_kfid": self._open_kfid, "limit": _PAGE, "cursor": cursor, "token": token}
        wanted = {name: value for name, value in body.items() if value}
        try:
            return await self._client.call("kf/sync_msg", wanted, may_repeat=True)
        except WecomError as error:
            if error.code != 95007 or not token:
                raise
            self._token = None  # spent before its time: the store opens without it, too
            wanted.pop("token")
            return await self._client.call("kf/sync_msg", wanted, may_repeat=True)

    def _fresh_token(self) -> str:
        if self._token is None or self._now() >= self._token[1]:
            return ""
        return self._token[0]

    async def _take(self, listed: Sequence[Any], receive: Receive) -> None:
        for first in range(0, len(listed), _AT_ONCE):
            await self._take_some(listed[first : first + _AT_ONCE], receive)

    async def _take_some(self, listed: Sequence[Any], receive: Receive) -> None:
        now = self._now()
        items = [item for item in (parse(one, now) for one in listed) if item is not None]
        if items:
            await self._database.run(ledger.enter, items, now)
        said = [message for item in items if (message := _said(item)) is not None]
        if said:
            await receive(said)

    async def _rest(self, error: WecomError) -> None:
        patience = _PATIENCE_SECONDS[min(self._failed, len(_PATIENCE_SECONDS) - 1)]
        self._failed += 1
        log.warning("could not pull: %s", error)
        if error.trouble in _LASTING:
            self._fault = f"{self._open_kfid}: {advice(error, SECRET)}"
        rest = error.retry_after.total_seconds() if error.retry_after else 0.0
        # A new notice brings a token that may do what this try could not, but for a limit.
        await self._wait(max(rest, patience), until_told=error.trouble is not Trouble.TOO_FAST)

    async def _wait(self, seconds: float, *, until_told: bool = False) -> None:
        if until_told:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._told.wait()
        else:
            await asyncio.sleep(seconds)
        self._told.set()

    def _hold(self, session: Any) -> str | None:
        now = self._now()
        return pull_cursors.hold(session, self._account, self._owner, until=now + _LEASE, now=now)

    def _advance(self, session: Any, cursor: str) -> bool:
        now = self._now()
        return pull_cursors.advance(
            session, self._account, self._owner, cursor, until=now + _LEASE, now=now
        )


def _said(item: Item) -> Inbound | None:
    if isinstance(item, Entered):
        return item.start
    if isinstance(item, Handed):
        return item.notice
    return item if isinstance(item, Inbound) else None
