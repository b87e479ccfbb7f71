"""A county to whose people a campaign goes out while something else is tried."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.benching import campaign_world
from bot.benching.campaign_world import AREA
from knowledge.areas import Gazetteer
from outreach.calendars import CHINA
from outreach.campaigns import freezing, states
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts
from records.campaigns import CampaignState
from records.database import Database, Session
from records.keyring import open_store
from records.vault import Vault

CAMPAIGN = 1
CLERK = "小周"


def until_the_morning(now: datetime) -> timedelta:
    """How far ahead the next half past ten in China is: campaigns rest at night.

    At ten, on some days, jobs of our own write to people as well.
    """
    there = now.astimezone(CHINA)
    then = there.replace(hour=10, minute=30, second=0, microsecond=0)
    ahead = then - there if then > there else then + timedelta(days=1) - there
    return timedelta(minutes=ahead // timedelta(minutes=1))


def as_setting(ahead: timedelta) -> str:
    """The same for GUIYAN_NOW."""
    minutes = ahead // timedelta(minutes=1)
    return f"+{minutes // 60}:{minutes % 60:02}"


async def begin(database: Database, vault: Vault, people: int, now: datetime) -> None:
    """So many people on Telegram, and a campaign that is due."""
    await open_store(database, vault, now)
    await campaign_world.fill(database, vault, people)
    await database.run(campaign_world.add, campaign_world.campaign(CAMPAIGN))
    lines = Lines(frozenset({"telegram"}))
    await freezing.freeze(database, Office(Gazetteer(), AREA), CAMPAIGN, lines, now)
    await database.run(_run)
    await database.analyse()  # as the service does every hour


async def end(database: Database, now: datetime) -> None:
    """What has not left does not leave any more."""
    await database.run(_end, now)


def _run(session: Session) -> None:
    campaign = campaign_drafts.find(session, CAMPAIGN)
    assert campaign is not None
    campaign.state = CampaignState.RUNNING.value


def _end(session: Session, now: datetime) -> None:
    campaign = campaign_drafts.find(session, CAMPAIGN)
    assert campaign is not None
    states.halt(session, campaign, CLERK, now)
