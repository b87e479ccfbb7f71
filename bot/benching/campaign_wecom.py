"""How much of WeCom's budget for messages of the app a campaign uses, and that none is refused."""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from bot.benching import campaign_world
from bot.benching.campaign_drain import House
from bot.benching.campaign_world import FIRST_CHAT, NOW, County
from bot.benching.program import address_of, process
from bot.settings import environment_with
from channels.base import Channel
from channels.registry import channel_class
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.pacing import LIMITS, Limit, Pacing, Window
from channels.wecom.tokens import TokenStore
from knowledge.areas import Gazetteer
from outreach.campaigns import freezing
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts
from records.campaigns import CampaignState
from records.database import Database, Session
from records.vault import Vault

SHARE_GOAL = 0.98
BUDGET = 600  # messages to members in a "day", which is a minute long here
DAY = 60.0  # seconds
_DAYS = 2
_PEOPLE, _NUMBER = 3_000, 2
_COUNTY = County(area="420500", channel="wecom_app", head="w")
_STAND_IN = "tests.support.wecom_campaign"


async def measure(
    database: Database, vault: Vault, folder: Path, say: Callable[[str], None]
) -> dict[str, Any]:
    """A campaign to members, over two days of a minute, against a stand-in that counts them.

    WeCom sets no rate for messages of an app, but a budget a day: more is refused until midnight.
    """
    say("sending by WeCom's budget")
    await _prepare(database, vault)
    wanted = [str(number) for number in (FIRST_CHAT, _PEOPLE, BUDGET, DAY)]
    with process(["-m", _STAND_IN, *wanted], folder, environment_with({})) as running:
        assert running.stdout is not None
        settings = orjson.loads(running.stdout.readline())
        url = address_of(running)
        channel = _channel(database, vault, url, settings)
        async with House(database, vault, channel, channel.limits.bulk):
            began = time.perf_counter()
            await asyncio.sleep(_DAYS * DAY)
            seconds = time.perf_counter() - began
            found = await asyncio.to_thread(_figures, url)
    allowed = BUDGET * seconds / DAY
    return {
        "budget_of_a_day": BUDGET,
        "day_seconds": DAY,
        "days": _DAYS,
        "accepted": found["accepted"],
        "share_of_allowed": round(found["accepted"] / allowed, 3),
        "share_goal": SHARE_GOAL,
        "refused_45009": found["refused"],
        "dropped_without_a_word": found["dropped"],
    }


async def _prepare(database: Database, vault: Vault) -> None:
    """Members of a county of their own, and a running campaign for them."""
    await campaign_world.fill(database, vault, _PEOPLE, _COUNTY)
    await database.run(campaign_world.add, campaign_world.campaign(_NUMBER, _COUNTY.area))
    lines = Lines(frozenset({_COUNTY.channel}))
    await freezing.freeze(database, Office(Gazetteer(), _COUNTY.area), _NUMBER, lines, NOW)
    await database.run(_set_running)


def _figures(url: str) -> dict[str, int]:
    """What became of the messages, by the stand-in."""
    head = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"{url}/play/figures", b"{}", head)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        told: dict[str, int] = orjson.loads(answer.read())["done"]
    return told


def _set_running(session: Session) -> None:
    campaign = campaign_drafts.find(session, _NUMBER)
    assert campaign is not None
    campaign.state = CampaignState.RUNNING.value


def _channel(database: Database, vault: Vault, url: str, settings: dict[str, str]) -> Channel:
    corp, now = settings["corp"], _now
    client = Client(
        base_url=url,
        corp_id=corp,
        secret=settings["secret"],
        store=TokenStore(database, vault, "bench"),
        now=now,
        pacing=Pacing([_shortened(limit) for limit in LIMITS]),
        setting="GUIYAN_WECOM_APP_SECRET",
    )
    made: Channel = channel_class("wecom_app")(
        cipher=Cipher(settings["token"], settings["aes_key"], corp),
        client=client,
        database=database,
        vault=vault,
        corp_id=corp,
        agent_id=int(settings["agent"]),
        now=now,
    )
    return made


def _shortened(limit: Limit) -> Limit:
    """The budget of a day as the stand-in has it; all else as it is."""
    if limit.name != "persons-day":
        return limit
    return replace(limit, most=BUDGET, window=Window.MINUTE)


def _now() -> datetime:
    return datetime.now(UTC)
