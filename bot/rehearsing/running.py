"""Runs a masked copy of a campaign through the feeder, the gate and the sender to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.rehearsing.jumping import JumpingLoop
from bot.rehearsing.stand_ins import StandIn
from channels.base import Channel, Limits
from channels.sender import Sender
from knowledge.areas import Gazetteer
from outreach.calendars import after_quiet, is_quiet
from outreach.campaigns import rehearsal
from outreach.campaigns.feeding import Feeder
from outreach.campaigns.rehearsal import Cast, Observed, Predicted
from outreach.campaigns.wording import Wording
from outreach.digests import Gathering
from outreach.reach import Lines
from records import masked, turns
from records.database import Database
from records.send_budgets import Standing
from records.vault import Vault
from records.waits import Wait

_A_MOMENT = 0.05  # seconds: the least that the clock goes on by
_LONGEST = timedelta(days=60)  # so long is one without an end looked at


@dataclass(frozen=True, slots=True)
class Stage:
    """What a rehearsal is played with: the copy's address, and the channels' limits."""

    url: str
    vault: Vault
    places: Gazetteer
    limits: Mapping[str, Limits]
    office: str = ""


def run(stage: Stage, cast: Cast, now: datetime) -> Predicted:
    """Play it from `now` to its end."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(_run(stage, cast, now))


async def _run(stage: Stage, cast: Cast, now: datetime) -> Predicted:
    database = Database(stage.url)
    try:
        budgets = await database.read(masked.budgets)
        play = _Play(stage, cast, database, budgets, now)
        await play.to_its_end()
        return await database.read(rehearsal.predicted, cast, play.observed())
    finally:
        await database.close()


@dataclass(slots=True)
class _Play:
    stage: Stage
    cast: Cast
    database: Database
    budgets: Mapping[str, Standing]
    began: datetime
    put_off: dict[Wait, set[str]] = field(default_factory=dict)
    stand_ins: dict[str, StandIn] = field(init=False)
    feeder: Feeder = field(init=False)
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        share, limits = self.cast.share, self.stage.limits
        self.stand_ins = {
            kind: StandIn(kind, one, share, self.budgets, now=self.now)
            for kind, one in limits.items()
        }
        channels: dict[str, Channel] = dict(self.stand_ins)
        word = Wording(self.stage.vault, self.stage.office).worded
        self.sender = Sender(
            self.database,
            self.stage.vault,
            channels,
            owner="rehearsal",
            now=self.now,
            word=word,
            gather=Gathering(self.stage.vault, word).leaving,
        )
        allowed = {kind: one.allowance for kind, one in limits.items() if one.allowance}
        self.feeder = Feeder(
            self.database,
            self.stage.vault,
            Lines(frozenset(channels), allowed),
            {kind: one.limits.bulk for kind, one in self.stand_ins.items()},
            places=self._places,
            now=self.now,
            wake=lambda: None,
        )

    def now(self) -> datetime:
        """As late as it is in the play."""
        return self.began + timedelta(seconds=asyncio.get_running_loop().time())

    def observed(self) -> Observed:
        """What was seen on the way."""
        return Observed(
            ends=self.now(),
            delayed={why: frozenset(who) for why, who in self.put_off.items()},
            told={key: text for one in self.stand_ins.values() for key, text in one.told.items()},
            throttled=sum(one.throttled for one in self.stand_ins.values()),
        )

    async def to_its_end(self) -> None:
        """Freeze, agree, and let time pass while something moves."""
        number = self.cast.campaign.id or 0
        await self.feeder.round()  # freezes what is not frozen yet
        await self.database.run(rehearsal.agreed, number)
        ends = self.cast.campaign.ends_at or self.began + _LONGEST
        while (at := await self._next(number)) is not None and at < ends:
            await self._until(at)
            await self._busy(number, ends)

    async def _busy(self, number: int, ends: datetime) -> None:
        """While something could leave."""
        while not is_quiet(self.now()) and self.now() < ends:
            channels = await self.database.read(turns.due, number, self.now())
            if not channels:
                break
            began = self.now()
            await self.feeder.round()
            await self.sender.settled()
            await self._note()
            await self._until(began + timedelta(seconds=self._step(channels)))

    async def _next(self, number: int) -> datetime | None:
        """The next moment at which something may leave."""
        now = self.now()
        if await self.database.read(turns.due, number, now):
            return after_quiet(now)
        return await self.database.read(turns.next_due, number, now)

    async def _note(self) -> None:
        """Who may not be written to yet, and why."""
        for who, why in (await self.database.read(rehearsal.put_off, self.now())).items():
            self.put_off.setdefault(why, set()).add(who)

    def _step(self, channels: set[str]) -> float:
        """Until the fastest of these may send again."""
        rates = [self.stand_ins[one].limits.bulk for one in channels if one in self.stand_ins]
        return max(_A_MOMENT, 1 / max(rates, default=1.0))

    async def _until(self, at: datetime) -> None:
        await asyncio.sleep(max(0.0, (at - self.now()).total_seconds()))

    async def _places(self) -> Gazetteer:
        return self.stage.places
