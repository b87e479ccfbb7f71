"""An account on a channel that counts: turns and sends both go through the store."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from channels.base import Limits
from channels.sender import Sender
from handlers.advance import Talk
from handlers.forms.form import shipped_forms
from handlers.intake import Door
from handlers.places import country
from outreach.pushes import a_push
from records import outbox, rationing
from records.database import Database
from records.messages import Inbound, InboundKind, Option
from records.send_budgets import Allowance
from records.vault import Vault
from tests.handlers.support.fixed_answers import FixedAnswers
from tests.handlers.support.walk import OFFICE
from tests.support.builders import a_message
from tests.support.fake_channel import FakeChannel

TALK = "fake:42"


class Counted(FakeChannel):
    """Five messages in two days, each as long as they come."""

    limits = Limits(
        text_length=4096,
        per_chat=1000,
        per_group=1000,
        bulk=1000,
        burst=100,
        repeats_safely=True,
        allowance=Allowance(messages=5, lasts=timedelta(hours=48), reserve=1),
        cost=lambda text, options: 1,
    )


@dataclass
class Account:
    """Somebody there; the clock is the test's."""

    database: Database
    vault: Vault
    now: datetime
    channel: Counted = field(default_factory=Counted)

    async def says(
        self, *texts: str, kind: InboundKind = InboundKind.TEXT, **extra: str
    ) -> list[str]:
        """Write messages, half a minute apart; what is said to the last."""
        told: list[str] = []
        for text in texts:
            self.now += timedelta(seconds=30)
            message = replace(a_message(self.now, text, kind=kind), extra=extra)
            await self.database.run(rationing.heard, {TALK: self.now}, self.now)
            await self._answered(message)
            told = await self.sends()
        return told

    async def taps(self, label: str) -> list[str]:
        """Tap an option of the last message that has it."""
        options = [option for one in reversed(self.channel.sent) for option in one.options]
        value = next(option.value for option in options if label in option.label)
        return await self.says(value, kind=InboundKind.OPTION)

    async def is_pushed(self, text: str, *options: Option) -> None:
        """Queue something that nobody waits for."""
        key = f"push/{self.now.isoformat()}/{text}"
        push = a_push(self.vault, TALK, text, key=key, now=self.now, options=options)
        await self.database.run(outbox.enqueue, [push])

    async def sends(self) -> list[str]:
        """Send what may be sent; its texts."""
        before = len(self.channel.sent)
        await self._sender().settled()
        return self.channel.texts[before:]

    def wait(self, **length: float) -> None:
        self.now += timedelta(**length)

    async def at(self, revision: int) -> Talk:
        """The talk, whatever the entries' revision."""
        return Talk(
            self.vault, FixedAnswers(), OFFICE, country(), shipped_forms(), lambda: self.now
        )

    async def _answered(self, message: Inbound) -> None:
        door = Door(self.database, self.vault, now=lambda: self.now, wake_sender=lambda: None)
        work = asyncio.create_task(door.work(self))
        await door.receive([message])
        await door.settled()
        work.cancel()

    def _sender(self) -> Sender:
        channels = {"fake": self.channel}
        return Sender(self.database, self.vault, channels, owner="tester", now=lambda: self.now)
