"""Whole turns: the program's own door and sender, from a message's arrival to its answer's end.

Nothing is searched for an answer and nothing goes over a wire: what is left is the store's part.
"""

from __future__ import annotations

import asyncio
import random
import time
from datetime import datetime, timedelta

from channels.sender import Sender
from handlers.advance import Talk
from handlers.forms.form import shipped_forms
from handlers.intake import Door
from handlers.places import country
from records.database import Database
from records.messages import Inbound, InboundKind
from records.vault import Vault
from tests.handlers.support.fixed_answers import FixedAnswers
from tests.handlers.support.walk import OFFICE
from tests.plans.filling import NOW
from tests.plans.growth.cost import Cost, Watch
from tests.plans.growth.world import Often, World, account
from tests.support.fake_channel import FakeChannel

ASKED = "首页"


class Service:
    """One process that answers everybody; its clock goes on from the moment of the data."""

    def __init__(self, database: Database, vault: Vault, name: str) -> None:
        self._began, self._vault, self._name = time.monotonic(), vault, name
        self._asked = 0
        self.channel = FakeChannel()
        self._door = Door(database, vault, now=self.now, wake_sender=lambda: None)
        channels = {"telegram": self.channel}
        self._sender = Sender(database, vault, channels, owner="growth", now=self.now)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - self._began)

    async def at(self, revision: int) -> Talk:
        """The talk, whatever the entries' revision."""
        return Talk(
            self._vault, FixedAnswers(), OFFICE, country(), shipped_forms(), lambda: self.now()
        )

    async def answer(self, people: list[int]) -> None:
        """Each of these says something; back when their answers are settled."""
        work = asyncio.create_task(self._door.work(self))
        await asyncio.gather(*(self._door.receive([self._saying(one)]) for one in people))
        await self._door.settled()
        await self._sender.settled()
        work.cancel()

    def _saying(self, person: int) -> Inbound:
        self._asked += 1
        chat = account(person).partition(":")[2]
        outer_id = f"{self._name}/{self._asked}"
        return Inbound("telegram", chat, outer_id, InboundKind.TEXT, ASKED, self.now(), chat)


async def turns(world: World, number: int, often: Often) -> dict[str, float]:
    """Some people one after the other, then groups of others at once; milliseconds a message."""
    service = Service(world.database, world.vault, f"round {number}")
    draw, together = random.Random(), often.together
    await service.answer(draw.sample(range(world.contacts), together))  # statements are built
    one, many = Cost(), Cost()
    for _ in range(often.alone):
        began = time.perf_counter()
        await service.answer([draw.randrange(world.contacts)])
        one.took.append(time.perf_counter() - began)
    for _ in range(often.groups):
        people = draw.sample(range(world.contacts), together)
        async with Watch(world.database).piece(many):
            await service.answer(people)
    if len(service.channel.sent) < often.alone + (often.groups + 1) * together:
        raise LookupError("somebody had no answer")
    return {
        "turn_p50_ms": 1000 * one.p50(),
        "turn_p99_ms": 1000 * one.p99(),
        "turn_ms_together": 1000 * many.p50() / together,
        "turn_cpu_ms": 1000 * many.used() / together,
    }
