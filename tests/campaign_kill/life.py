"""One campaign from its draft to its end, killed at the stages that were chosen for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from outreach.campaigns import drafting, late, states
from outreach.campaigns.drafting import New, Split, Wording
from outreach.groups import registry
from outreach.posting import sending
from outreach.posting.sending import Draft
from outreach.pushes import a_push
from outreach.reach import Lines
from records import campaign_drafts, group_posts, outbox, staff_accounts
from records.campaigns import CampaignState
from records.database import Session
from tests.campaign_kill import world as worlds
from tests.campaign_kill.account import Account
from tests.campaign_kill.world import VAULT, Kill, World
from tests.support.campaign_stage import DINGTAO, HOSTS, OFFICE, SECOND, WRITER

LINES = Lines(frozenset({"telegram"}))
_DAYS = timedelta(days=9)  # from one to the next: nobody has had too many
_FIRST, _NEXT = timedelta(hours=1), timedelta(hours=2)  # behind the begin of its day
_EVENING = timedelta(days=7, hours=8.5)  # all who had to wait for another day have it then
_END = timedelta(days=7, hours=11, minutes=1)
_PATIENCE = 60.0
_NEARLY = 0.9  # what a dead process had in its hands waits for a while
_LEASE = timedelta(seconds=30)  # longer than what a dead process had claimed is left to it
_WORDS = ("停", "不要活动", "我上夜班", "少发点")


class Stage(StrEnum):
    """Where a campaign is killed."""

    FREEZING = "freezing"
    WAITING = "waiting for approval"
    BEFORE = "before the first wave"
    FEEDING = "feeding"
    SENDING = "sending"
    PAUSED = "between pause and resume"
    RESUMED = "after resume"
    SECOND_WAVE = "sending the second wave"
    ENDING = "ending"


@dataclass
class Life:
    """A campaign, and what staff and people do to it."""

    world: World
    order: int
    kills: Collection[Stage]
    number: int = 0
    mark: str = ""
    day: datetime = worlds.BEGIN
    account: Account = field(init=False)

    @property
    def is_stopped(self) -> bool:
        """Every third is stopped in the middle, the others finish."""
        return self.order % 3 == 2

    @property
    def is_edited(self) -> bool:
        return self.order % 2 == 1

    async def live(self) -> None:
        """From the draft to the end."""
        world = self.world
        self.day = worlds.BEGIN + self.order * _DAYS
        world.skip_to(self.day)
        await self._drafted()
        self.account = Account(world, self.number, self.mark)
        await world.start()
        await self._agreed_to()
        await self._begun()
        await self._under_way()
        await self._paused()
        await self._second_wave()
        await (self._stopped() if self.is_stopped else self._finished())
        await self._halt()
        await self.account.close()

    async def _drafted(self) -> None:
        world, now = self.world, self.world.now()
        self.mark = f"大集{self.order:02}甲"
        new = New("腊月赶大集", DINGTAO, topic="events")
        self.number = await world.run(drafting.new, new, WRITER, now)
        await world.run(_written, self.number, self.mark, self.day)
        await world.run(_strays, self.order, world.people, self.day + _FIRST)

    async def _agreed_to(self) -> None:
        """Frozen and approved; some are edited then, which makes it void, and agreed to anew."""
        await self._submit()
        await self._maybe(Stage.FREEZING, 0.9)
        await self._until(CampaignState.SUBMITTED)
        await self._maybe(Stage.WAITING, 0.4)
        await self._approve()
        if self.is_edited:
            self.mark = self.account.mark = f"大集{self.order:02}乙"
            await self.world.run(_worded, self.number, self.mark, self.world.now())
            self.account.void()
            await self._submit()
            await self._until(CampaignState.SUBMITTED)
            await self._approve()

    async def _submit(self) -> None:
        await self.world.run(states.submit, self.number, WRITER, self.world.now())

    async def _approve(self) -> None:
        await self.world.run(_approved, self.number, self.world.now())
        await self.account.approved()

    async def _begun(self) -> None:
        """Its first wave comes while the program runs; it may die right before or after."""
        dice = self.world.dice
        lead = timedelta(seconds=dice.uniform(0.5, 2.5))
        await self._again(Stage.BEFORE, 0.3, at=self.day + _FIRST - lead)
        await self._maybe(Stage.BEFORE, lead.total_seconds())
        await self._until(CampaignState.RUNNING)
        await self._maybe(Stage.FEEDING, 0.6)

    async def _under_way(self) -> None:
        """People say what they want, a steward posts, somebody comes late."""
        world, dice = self.world, self.world.dice
        for words in dice.sample(_WORDS, 2):
            world.api.say(1000 + dice.randrange(world.people), words)
        await world.run(_posted, world.now())
        await self._arrived(dice.uniform(0.05, 0.5))
        await self._maybe(Stage.SENDING, 0.1)
        await world.run(worlds.register, world.people + self.order, world.now())
        await late.take_in(world.database, OFFICE, self.number, LINES, world.now())
        await self.account.grown()

    async def _paused(self) -> None:
        world = self.world
        await self._arrived(world.dice.uniform(0.1, 0.8))
        await self._staff(states.pause)
        await self._maybe(Stage.PAUSED, 0.5)
        await asyncio.sleep(world.dice.uniform(0.2, 0.8))
        await self._staff(states.resume)
        await self._maybe(Stage.RESUMED, 0.6)

    async def _second_wave(self) -> None:
        await self._arrived(_NEARLY)
        await self._again(Stage.SECOND_WAVE, 0.0, at=self.day + _NEXT)
        await self._arrived(self.world.dice.uniform(0.1, 0.9), second=True)
        await self._maybe(Stage.SECOND_WAVE, 0.1)

    async def _stopped(self) -> None:
        await self._staff(states.stop)
        await self._maybe(Stage.ENDING, 0.4)
        await asyncio.sleep(0.8)
        await self._again(Stage.ENDING, 0.0, at=self.world.now() + _LEASE)

    async def _finished(self) -> None:
        """On the last evening those have it who waited; what is left then is stopped."""
        await self._arrived(_NEARLY, second=True)
        await self._again(Stage.ENDING, 0.0, at=self.day + _EVENING)
        await asyncio.sleep(self.world.dice.uniform(0.5, 2.0))
        await self._maybe(Stage.ENDING, 0.3)
        await self._again(Stage.ENDING, 0.0, at=self.day + _END)
        await self._until(CampaignState.FINISHED)

    async def _staff(self, act: Callable[[Session, int, str, datetime], None]) -> None:
        """As `guiyan campaign pause` does, in a process of its own."""
        await self.world.run(act, self.number, SECOND, self.world.now())
        self.account.acted(act.__name__)

    async def _maybe(self, stage: Stage, seconds: float) -> None:
        """Where this stage was chosen: kill -9 within so many seconds, and begin anew."""
        if stage in self.kills:
            await asyncio.sleep(self.world.dice.uniform(0, seconds))
            await self._killed(stage)
            late = self.world.dice.choice((timedelta(0), _LEASE))
            self.world.skip_to(self.world.now() + late)
            await self.world.start()

    async def _again(self, stage: Stage, seconds: float, *, at: datetime) -> None:
        """It begins anew at another time of day."""
        if stage in self.kills:
            await asyncio.sleep(self.world.dice.uniform(0, seconds))
        await self._halt()
        self.world.skip_to(at)
        await self.world.start()

    async def _killed(self, stage: Stage) -> None:
        await self._halt()
        campaign = await self.world.database.read(campaign_drafts.find, self.number)
        state = campaign.state if campaign else ""
        open_ones = await self.world.database.read(worlds.in_hand)
        self.world.kills.append(Kill(stage.value, self.number, state, open_ones))

    async def _halt(self) -> None:
        """Dead, so that nothing moves: what is written must fit what arrived."""
        await self.world.nursery.end()
        await self.account.check()

    async def _until(self, state: CampaignState) -> None:
        await self._happens(lambda c: c == state.value, str(state))

    async def _happens(self, is_so: Callable[[str], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            campaign = await self.world.database.read(campaign_drafts.find, self.number)
            assert campaign is not None
            if is_so(campaign.state):
                return
            assert time.monotonic() < deadline, f"{campaign.state}, never {what}"
            await asyncio.sleep(0.1)

    async def _arrived(self, share: float, *, second: bool = False) -> None:
        """Wait until so many of those whose turn has come have it, or wait for something else."""
        deadline = time.monotonic() + _PATIENCE
        wave = 2 if second else 1
        while await self.account.share_done(wave) < share:
            assert time.monotonic() < deadline, await self.account.told()
            await asyncio.sleep(0.1)


def _written(session: Session, number: int, mark: str, day: datetime) -> None:
    """Two waves; a few are held out; who comes later is taken in."""
    _worded(session, number, mark, day)
    drafting.aim(session, OFFICE, number, "在外地", WRITER, day)
    on = f"{day.month}月{day.day}日"
    drafting.plan(session, number, [f"{on} 10:30 60%", f"{on} 11:30 40%"], "", WRITER, day)
    split = Split(holdout=5, takes_late=True)
    drafting.split(session, number, split, WRITER, day)


def _worded(session: Session, number: int, mark: str, at: datetime) -> None:
    text = f"{mark}有摊位，{{称呼|老乡}}想来就回我。"
    drafting.write(session, number, Wording(text), HOSTS, WRITER, at)


def _approved(session: Session, number: int, now: datetime) -> None:
    states.tested(session, number, WRITER, now)
    states.look(session, number, SECOND, now)
    states.approve(session, number, SECOND, now)


def _strays(session: Session, order: int, people: int, due: datetime) -> None:
    """Some have two more messages waiting, so that all leave as one digest."""
    for number in range(order % 7, people, 29):
        for part in (1, 2):
            key = f"gap/{order}/{number}/{part}"
            push = a_push(VAULT, worlds.account_of(number), f"问{part}有回音", key=key, now=due)
            outbox.enqueue(session, [push])


def _posted(session: Session, now: datetime) -> None:
    """A steward posts to all groups at once."""
    staff = staff_accounts.named(session, WRITER)
    mine = tuple(enumerate(registry.of_steward(session, VAULT, staff), 1))
    number = group_posts.next_number(session)
    draft = Draft(number, f"第{number}次通知：周六有招聘会。", mine)
    assert sending.ask(session, VAULT, draft, staff, now)
