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
from outreach.campaigns.freezing import digest_of, freeze
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts, feeding, ledger
from records.campaigns import CampaignState
from records.database import Database, Session, StoreUnavailable
from records.feeding import Running

log = logging.getLogger("guiyan.campaigns")

_EVERY = 1.0  # seconds
_SECONDS_AHEAD = 4  # so long the channels have enough to send
_LEAST, _MOST = 20, 5_000  # of one channel in the outbox
_SWEEP = 10  # rounds between two looks at what is over
_SYSTEM = "system"


class Feeder:
    """Looks at the campaigns each second, for ever."""

    def __init__(
        self,
        database: Database,
        lines: Lines,
        rates: Mapping[str, float],
        *,
        places: Callable[[], Awaitable[Gazetteer]],
        now: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._database, self._lines = database, lines
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
        found = await self._database.read(
            campaign_drafts.in_state,
            *(CampaignState.FREEZING, CampaignState.APPROVED, CampaignState.RUNNING),
        )
        if not found:
            return 0
        await self._freeze()
        await self._database.run(start_due, self._now())
        number = 0
        for channel, most in self._ahead.items():
            number += await self._database.run(feed, channel, most, self._now())
        if number:
            self._wake()
        if self._rounds % _SWEEP == 0:
            await self._sweep()
        self._rounds += 1
        return number

    async def _freeze(self) -> None:
        """Go on with freezes, also those that a process that died has begun."""
        for number in await self._database.read(campaign_drafts.in_state, CampaignState.FREEZING):
            campaign = await self._database.read(campaign_drafts.find, number)
            office = Office(await self._places(), campaign.area if campaign else "")
            try:
                await freeze(self._database, office, number, self._lines, self._now())
            except AudienceFault as fault:
                log.error("campaign %s: its audience cannot be read: %s", number, fault)

    async def _sweep(self) -> None:
        now = self._now()
        for number in await self._database.read(campaign_drafts.in_state, CampaignState.RUNNING):
            await self._database.run(feeding.resume, number)  # what a pause at the gate left over
            if await self._database.run(finish, number, now):
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
        if digest_of(session, number) != campaign.digest:
            campaign.state = CampaignState.DRAFT.value
            note = "与批准的内容不一样，没有发"
            campaign_drafts.step(session, number, "voided", by=_SYSTEM, at=now, note=note)
            continue
        campaign.state = CampaignState.RUNNING.value
        campaign_drafts.step(session, number, "started", by=_SYSTEM, at=now, note="")
        started.append(number)
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
    if campaign is None or campaign.state != CampaignState.RUNNING.value:
        return False
    is_late = campaign.ends_at is not None and campaign.ends_at <= now
    if not is_late and not feeding.is_through(session, number):
        return False
    campaign.state, campaign.finished_at = CampaignState.FINISHED.value, now
    session.flush()
    feeding.stop(session, number, now)
    campaign_drafts.step(session, number, "finished", by=_SYSTEM, at=now, note="")
    return True


async def keep_ends(database: Database, number: int) -> int:
    """Copy to the ledger what is final in the outbox, a page at a time; how many were copied."""
    copied, after = 0, ""
    while (page := await database.run(ledger.keep_ends, number, after)).last:
        copied, after = copied + page.copied, page.last
    return copied
