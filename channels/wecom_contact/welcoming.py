"""Greets new customers: one message by the code of the event, within 20 seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from channels.wecom.client import Client
from channels.wecom.failures import Trouble, WecomError
from channels.wecom_contact.lease import for_ever
from outreach.customers import Places, greeting
from records import contact_changes
from records.contact_changes import Greeting
from records.database import Database

log = logging.getLogger("guiyan.wecom")

_LOOK_SECONDS = 30.0
_AGAIN_SECONDS = 0.5
_KEPT = timedelta(days=1)


class Welcomer:
    """Spends each code once; the platform knows a code that was spent."""

    def __init__(
        self,
        client: Client,
        database: Database,
        *,
        office: str,
        places: Places,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._database = database
        self._office = office
        self._places = places
        self._now = now
        self._told = asyncio.Event()

    def tell(self) -> None:
        """There is somebody to greet."""
        self._told.set()

    async def run(self) -> None:
        """Greet for ever."""
        await for_ever(self.step, self._told, _LOOK_SECONDS)

    async def step(self) -> None:
        """Greet everybody who can still be greeted."""
        while found := await self._database.read(contact_changes.greetings):
            settled = await asyncio.gather(*(self._greet(one) for one in found))
            if not all(settled):
                await asyncio.sleep(_AGAIN_SECONDS)
        before = self._now() - _KEPT
        await self._database.run(contact_changes.forget_greetings, before)

    async def _greet(self, one: Greeting) -> bool:
        """Whether the code is settled."""
        if self._now() >= one.until:
            return await self._settle(one, "late")
        text = greeting(self._office, one.state, self._places)
        body = {"welcome_code": one.code, "text": {"content": text}}
        try:
            await self._client.call("externalcontact/send_welcome_msg", body, may_repeat=True)
        except WecomError as error:
            if error.trouble.is_passing or error.trouble is Trouble.TOO_FAST:
                return False
            if not (error.trouble is Trouble.SPENT and error.after_doubt):
                log.info("a new customer was not greeted: %s", error)
                return await self._settle(one, "refused")
        return await self._settle(one, "greeted")

    async def _settle(self, one: Greeting, how: str) -> bool:
        await self._database.run(contact_changes.greeted, one.code, how)
        return True
