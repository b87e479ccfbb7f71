"""How fast a campaign leaves: by Telegram's limits, without any, and by a plain loop."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.benching.campaign_world import NOW
from bot.benching.program import STAND_IN, TOKEN, address_of, control, process
from bot.settings import environment_with
from channels.base import Channel
from channels.registry import channel_class
from channels.sender import Sender
from knowledge.areas import Gazetteer
from outreach.campaigns.feeding import Feeder
from outreach.campaigns.wording import Wording
from outreach.reach import Lines
from records import outbox
from records.database import Database, Session
from records.outbox import NewOutgoing
from records.vault import Vault

SECONDS = 30.0
ALLOWED = 30  # a second, by the stand-in
SHARE_GOAL, A_SECOND_GOAL, REPLY_GOAL_MS = 0.98, 5_000, 1_000
_WARM = 2.0
_UNLIMITED = 100_000.0
_STAND_IN = ["-m", STAND_IN, "--port", "0", "--knows-everybody"]
_LOOP = (sys.executable, "-m", "tests.support.campaign_loop")
_EMPTY = ("outbox", "push_day", "campaign_cursor")


async def measure(
    database: Database, vault: Vault, folder: Path, say: Callable[[str], None]
) -> dict[str, Any]:
    """The three, one after the other, each against a stand-in of its own."""
    with process(_STAND_IN, folder, environment_with({})) as api:
        url = address_of(api)
        say("sending by Telegram's limits")
        limited = await _limited(database, vault, url)
        await _reset(url)
        say("the same by a plain loop with a rate limiter")
        loop = await _looped(url)
    with process(_STAND_IN, folder, environment_with({})) as api:
        say("sending without limits")
        unlimited = await _unlimited(database, vault, address_of(api))
    return {"telegram": limited, "plain_loop": loop, "no_limit": unlimited}


def begin_anew(session: Session) -> None:
    """Nobody was written to."""
    for table in _EMPTY:
        session.connection().exec_driver_sql(f"DELETE FROM {table}")


async def _limited(database: Database, vault: Vault, url: str) -> dict[str, Any]:
    await asyncio.to_thread(control, url, "behave", {"limits": True})
    channel = _channel(url)
    house = House(database, vault, channel, channel.limits.bulk)
    async with house:
        await asyncio.sleep(_WARM)
        first = await _state(url)
        began = time.perf_counter()
        waits = await _replies(house, began + SECONDS)
        last, seconds = await _state(url), time.perf_counter() - began
    accepted = last["sent"] - first["sent"]
    rate = accepted / seconds
    return {
        "a_second": round(rate, 2),
        "share_of_allowed": round(rate / ALLOWED, 3),
        "share_goal": SHARE_GOAL,
        "refused_429": last["calls"]["sendmessage"] - last["sent"],
        "replies_meanwhile": len(waits),
        "a_reply_p95_ms": round(sorted(waits)[int(0.95 * len(waits))]),
        "reply_goal_ms": REPLY_GOAL_MS,
    }


async def _unlimited(database: Database, vault: Vault, url: str) -> dict[str, Any]:
    channel = _channel(url)
    channel.limits = replace(channel.limits, bulk=_UNLIMITED, a_second=0, parallel=256)
    async with House(database, vault, channel, _UNLIMITED) as house:
        await asyncio.sleep(_WARM)
        first = await house.sent()
        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.sleep(SECONDS / 2)
        cpu, seconds = time.process_time() - cpu, time.perf_counter() - began
        number = await house.sent() - first
    return {
        "accounted_a_second": round(number / seconds),
        "a_second_per_core_of_the_sender": round(number / cpu),
        "goal": A_SECOND_GOAL,
    }


async def _looped(url: str) -> dict[str, Any]:
    """python-telegram-bot with AIORateLimiter, one message after another, nothing stored."""
    running = await asyncio.create_subprocess_exec(
        *_LOOP, url, str(SECONDS / 2), stdout=asyncio.subprocess.PIPE, env=environment_with({})
    )
    said, _ = await running.communicate()
    accepted, refused, seconds, cpu = map(float, said.split())
    return {
        "a_second": round(accepted / seconds, 2),
        "share_of_allowed": round(accepted / seconds / ALLOWED, 3),
        "refused_429": int(refused),
        "a_second_per_core": round(accepted / cpu),
    }


class House:
    """A feeder and a sender at work on the campaign, from its beginning."""

    def __init__(self, database: Database, vault: Vault, channel: Channel, rate: float) -> None:
        self._database, self._vault, self.channel = database, vault, channel
        self._began = time.monotonic()
        word, channels = Wording(vault).worded, {channel.kind: channel}
        self.sender = Sender(database, vault, channels, owner="bench", now=self.now, word=word)
        self._feeder = Feeder(
            database,
            vault,
            Lines(frozenset(channels)),
            {channel.kind: rate},
            places=_places,
            now=self.now,
            wake=self.sender.wake,
        )
        self._loops: list[asyncio.Task[None]] = []

    def now(self) -> Any:
        """A working day, going on."""
        return NOW + timedelta(seconds=time.monotonic() - self._began)

    async def reply(self, number: int) -> None:
        """Queue an answer to somebody, and wait until it is accounted for."""
        content = outbox.sealed_content(self._vault, "明天上班时间有人答您。")
        key = f"bench/{self._began}/{number}"
        new = NewOutgoing("telegram", str(9_000_000 + number), key, content, self.now())
        await self._database.run(outbox.enqueue, [new])
        self.sender.wake()
        while not await self._database.read(_is_sent, key):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def sent(self) -> int:
        """How many are accounted for as sent."""
        return (await self._database.read(outbox.counts)).get("sent", 0)

    async def begin(self) -> None:
        """Nobody was written to yet."""
        await self._database.run(begin_anew)

    async def __aenter__(self) -> House:
        await self.begin()
        endless: tuple[Awaitable[None], ...] = (self.sender.run(), self._feeder.run())
        self._loops = [asyncio.ensure_future(one) for one in endless]
        return self

    async def __aexit__(self, *fault: object) -> None:
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self.sender.drain(5)
        await self.channel.close()


async def _replies(house: House, until: float) -> list[float]:
    """Somebody asks each half a second; how long each answer took, in ms."""
    waits: list[float] = []
    while time.perf_counter() < until:
        began = time.perf_counter()
        await house.reply(len(waits))
        waits.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.5)
    return waits


def _is_sent(session: Session, key: str) -> bool:
    found = "SELECT 1 FROM outbox WHERE state = 'sent' AND dedupe_key = "
    return session.connection().exec_driver_sql(f"{found}'{key}'").first() is not None


def _channel(url: str) -> Channel:
    made: Channel = channel_class("telegram")(
        token=TOKEN, base_url=url, mode="polling", webhook_secret="", public_url=""
    )
    return made


async def _places() -> Gazetteer:
    return Gazetteer()


async def _state(url: str) -> Any:
    return await asyncio.to_thread(control, url, "state")


async def _reset(url: str) -> None:
    await asyncio.to_thread(control, url, "reset")
