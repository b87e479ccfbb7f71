"""How much of WeCom's budget for messages of the app a campaign uses, and that none is refused."""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from bot.benching import campaign_world
from bot.benching.campaign_drain import House, begin_anew
from bot.benching.campaign_world import FIRST_CHAT, NOW, County
from bot.benching.program import address_of, process
from bot.settings import environment_with
from channels.base import Channel
from channels.registry import channel_class
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.limits import LIMITS, Limit
from channels.wecom.pacing import Pacing
from channels.wecom.shares import StoredCounts
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
BUDGET = 600  # messages to members a day
_DAYS = 2
_HALF = 15.0  # seconds of each half of a day; at twenty a second half its budget
_REST = 6.0
_PEOPLE, _NUMBER = 3_000, 2
_COUNTY = County(area="420500", channel="wecom_app", head="w")
_STAND_IN = "tests.support.wecom_campaign"


class _Clock:
    """Goes on as ours does, and from one day to the next when it is told to."""

    def __init__(self) -> None:
        self._began, self._ahead = time.monotonic(), timedelta()

    def now(self) -> datetime:
        return NOW + self._ahead + timedelta(seconds=time.monotonic() - self._began)

    def next_day(self) -> None:
        self._ahead += timedelta(days=1)


async def measure(
    database: Database, vault: Vault, folder: Path, say: Callable[[str], None]
) -> dict[str, Any]:
    """A campaign to members, over two days with a restart in each, to a stand-in that counts.

    WeCom sets no rate for messages of an app, but a budget a day: more is refused until midnight.
    """
    say("sending by WeCom's budget")
    await _prepare(database, vault)
    wanted = [str(_PEOPLE), str(BUDGET), NOW.isoformat()]
    with process(
        ["-m", _STAND_IN, str(FIRST_CHAT), *wanted], folder, environment_with({})
    ) as running:
        assert running.stdout is not None
        settings = orjson.loads(running.stdout.readline())
        url = address_of(running)
        clock = _Clock()
        await database.run(begin_anew)
        for _ in range(_DAYS):
            for seconds in (_HALF, _HALF + _REST):
                channel = _channel(database, vault, url, settings, clock)
                async with _Restarted(database, vault, channel, channel.limits.bulk, clock):
                    await asyncio.sleep(seconds)
            clock.next_day()
            await asyncio.to_thread(_ask, url, "advance", {"seconds": 86_400})
        found = await asyncio.to_thread(_ask, url, "figures", {})
    return {
        "budget_of_a_day": BUDGET,
        "days": _DAYS,
        "restarts": 2 * _DAYS - 1,
        "accepted": found["accepted"],
        "share_of_allowed": round(found["accepted"] / (BUDGET * _DAYS), 3),
        "share_goal": SHARE_GOAL,
        "refused_45009": found["refused"],
        "dropped_without_a_word": found["dropped"],
    }


class _Restarted(House):
    """One that goes on with what is stored, by a clock of its own."""

    def __init__(
        self, database: Database, vault: Vault, channel: Channel, rate: float, clock: _Clock
    ) -> None:
        self._clock = clock
        super().__init__(database, vault, channel, rate)

    def now(self) -> datetime:
        return self._clock.now()

    async def begin(self) -> None:
        """What was sent stays sent."""


async def _prepare(database: Database, vault: Vault) -> None:
    """Members of a county of their own, and a running campaign for them."""
    await campaign_world.fill(database, vault, _PEOPLE, _COUNTY)
    await database.run(campaign_world.add, campaign_world.campaign(_NUMBER, _COUNTY.area))
    lines = Lines(frozenset({_COUNTY.channel}))
    await freezing.freeze(database, Office(Gazetteer(), _COUNTY.area), _NUMBER, lines, NOW)
    await database.run(_set_running)


def _ask(url: str, act: str, given: dict[str, Any]) -> Any:
    """What the stand-in did, or knows."""
    head = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"{url}/play/{act}", orjson.dumps(given), head)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return orjson.loads(answer.read())["done"]


def _set_running(session: Session) -> None:
    campaign = campaign_drafts.find(session, _NUMBER)
    assert campaign is not None
    campaign.state = CampaignState.RUNNING.value


def _channel(
    database: Database, vault: Vault, url: str, settings: dict[str, str], clock: _Clock
) -> Channel:
    corp, now = settings["corp"], clock.now
    client = Client(
        base_url=url,
        corp_id=corp,
        secret=settings["secret"],
        store=TokenStore(database, vault, "bench"),
        now=now,
        pacing=Pacing([_set(limit) for limit in LIMITS], StoredCounts(database)),
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


def _set(limit: Limit) -> Limit:
    """The budget of a day as the stand-in has it; all else as it is."""
    return replace(limit, most=BUDGET) if limit.name == "persons-day" else limit
