"""The feeder: lets campaigns begin, hands their people to the outbox, and brings them to an end.

Any number of processes may run it: the row of a campaign is locked while something is done to it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from knowledge.areas import Gazetteer
from matching.audience.parsing import AudienceFault
from outreach.campaigns import asking
from outreach.campaigns.freezing import digest_of, freeze
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts, feeding, ledger
from records.campaigns import CampaignState
from records.database import Database, Session, StoreUnavailable
from records.feeding import Running
from records.vault import Vault

log = logging.getLogger("guiyan.campaigns")

_EVERY = 1.0  # seconds
_SECONDS_AHEAD = 4  # so long the channels have enough to send
_LEAST, _MOST = 20, 5_000  # of one channel in the outbox
_SYSTEM = "系统"
_SWEEP = 10  # rounds between two looks at what is over


class Feeder:
    """Looks at the campaigns each second, for ever."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        lines: Lines,
        rates: Mapping[str, float],
        *,
        places: Callable[[], Awaitable[Gazetteer]],
        now: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._database, self._vault, self._lines = database, vault, lines
        self._ahead = {channel: ahead(rate) for channel, rate in rates.items()}
        self._places, self._now, self._wake = places, now, wake
        self._rounds = 0

    async def run(self) -> None:
        """A round each second."""
        while True:
            try:
                await self.round()
            except StoreUnavailable as fault:
                log.error("cannot read the campaigns: %s", fault)
            except Exception:  # a fault of our own in one campaign must not stop the others
                log.exception("a round of the campaigns failed")
            await asyncio.sleep(_EVERY)

    async def round(self) -> int:
        """Do what is due now; how many messages were queued."""
        for number in await self._in(CampaignState.FREEZING):
            await self._freeze(number)
        if await self._in(CampaignState.APPROVED):
            await self._database.run(start_due, self._now())
        queued = 0
        if await self._in(CampaignState.RUNNING):
            for channel, most in self._ahead.items():
                queued += await self._database.run(feed, channel, most, self._now())
        if queued:
            self._wake()
        if self._rounds % _SWEEP == 0:
            await self._sweep()
        self._rounds += 1
        return queued

    async def _in(self, *states: CampaignState) -> list[int]:
        return await self._database.read(campaign_drafts.in_state, *states)

    async def _freeze(self, number: int) -> None:
        """Freeze what was submitted; also what a process that died has begun to."""
        office, now = Office(await self._places(), ""), self._now()
        try:
            if await freeze(self._database, office, number, self._lines, now):
                await self._database.run(asking.ask_a_second, self._vault, number, now)
                self._wake()
        except AudienceFault as fault:
            log.error("campaign %s: its audience cannot be read: %s", number, fault)

    async def _sweep(self) -> None:
        """End what is over, and copy to the ledger how it ended."""
        now = self._now()
        for number in await self._in(CampaignState.RUNNING, CampaignState.PAUSED):
            await self._database.run(finish, number, now)
        for number in await self._database.read(feeding.over_lately, now):
            await keep_ends(self._database, number)


def ahead(rate: float) -> int:
    """How many messages of campaigns a channel of this rate has waiting at the most."""
    return max(_LEAST, min(_MOST, int(rate * _SECONDS_AHEAD)))


def start_due(session: Session, now: datetime) -> list[int]:
    """Let approved campaigns run whose first wave is due; one that was changed since does not."""
    started = []
    for number in campaign_drafts.in_state(session, CampaignState.APPROVED):
        campaign = campaign_drafts.find(session, number, locks=True)
        if campaign is None or campaign.state != CampaignState.APPROVED.value:
            continue
        begins = feeding.first_due(session, number)
        if begins is not None and begins > now:
            continue
        is_same = digest_of(session, number) == campaign.digest
        campaign.state = (CampaignState.RUNNING if is_same else CampaignState.DRAFT).value
        what, note = ("started", "") if is_same else ("voided", "与批准的内容不一样，没有发")
        campaign_drafts.step(session, number, what, by=_SYSTEM, at=now, note=note)
        started += [number] if is_same else []
    session.flush()
    return started


def feed(session: Session, channel: str, most: int, now: datetime) -> int:
    """Fill up what waits of a channel to `most`, shared by weight; how many were queued."""
    room = most - feeding.waiting(session, channel, now)
    hungry, fed = feeding.running(session) if room > 0 else [], 0
    while hungry and fed < room:
        wanted = dict(zip(hungry, shares(room - fed, hungry), strict=True))
        took = {
            one: feeding.feed(session, one.id, channel, share, now)
            for one, share in wanted.items()
            if share
        }
        fed += sum(took.values())
        hungry = [one for one, number in took.items() if number == wanted[one]]
    return fed


def shares(room: int, campaigns: Sequence[Running]) -> list[int]:
    """`room` parted by weight; what is left over goes to the heaviest, the earliest first."""
    total = sum(one.weight for one in campaigns)
    parts = [room * one.weight // total for one in campaigns]
    order = sorted(range(len(parts)), key=lambda i: (-campaigns[i].weight, campaigns[i].id))
    for i in order[: room - sum(parts)]:
        parts[i] += 1
    return parts


def finish(session: Session, number: int, now: datetime) -> bool:
    """End a campaign of which everybody has it, or whose time is over; what waits is stopped."""
    campaign = campaign_drafts.find(session, number, locks=True)
    if campaign is None:
        return False
    if campaign.state == CampaignState.RUNNING.value:
        feeding.resume(session, number)  # what a pause at the gate left over
    elif campaign.state != CampaignState.PAUSED.value:
        return False
    is_late = campaign.ends_at is not None and campaign.ends_at <= now
    may_grow = campaign.takes_late and campaign.ends_at is not None
    if not is_late and (may_grow or not feeding.is_through(session, number)):
        return False
    campaign.state, campaign.finished_at = CampaignState.FINISHED.value, now
    session.flush()
    feeding.stop(session, number, now, keeps_why=True)
    campaign_drafts.step(session, number, "finished", by=_SYSTEM, at=now, note="")
    return True


async def keep_ends(database: Database, number: int) -> int:
    """Copy to the ledger what is final in the outbox, a page at a time; how many were copied."""
    copied, after = 0, ""
    while (page := await database.run(ledger.keep_ends, number, after)).last:
        copied, after = copied + page.copied, page.last
    return copied
