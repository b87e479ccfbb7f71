"""One soak: everybody at work for so long, watched all the time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession

from bot.benching.campaign_world import FIRST_CHAT
from tests.soak.account import faults
from tests.soak.samples import Watched, watch
from tests.soak.staff import Staff
from tests.soak.talkers import OnTelegram, OnTheWeb, OnWecom, Talkers, talk
from tests.soak.waits import Waits
from tests.soak.world import World, a_county

_APART = 10.0  # seconds between two looks at a process


@dataclass(frozen=True, slots=True)
class Load:
    """How many people there are of each kind, and messages or pages a second."""

    county: int = 130_000  # whom the campaign writes to: more than the rate of an hour
    telegram: tuple[int, float] = (200, 6.0)
    customers: tuple[int, float] = (200, 4.0)
    members: tuple[int, float] = (50, 1.0)
    visitors: tuple[int, float] = (40, 2.0)
    pages: float = 1.0
    asks: float = 20.0  # seconds between two people who ask for a human


@dataclass(frozen=True, slots=True)
class Found:
    """What a soak of `seconds` from `began` (`time.time()`) on found."""

    began: float
    seconds: float
    waits: dict[str, Waits]
    watched: list[Watched]
    pages: list[tuple[float, float]]  # when, and seconds
    faults: dict[str, int]
    counts: dict[str, int]


async def soak(folder: Path, load: Load, minutes: float, tell: Callable[[str], None]) -> Found:
    """Run it; the world is gone afterwards."""
    async with a_county(folder, load.county, tell) as world:
        tell("all processes are ready")
        return await _soaked(world, load, minutes, tell)


async def _soaked(world: World, load: Load, minutes: float, tell: Callable[[str], None]) -> Found:
    telegram = OnTelegram(world.api, load.telegram[0])
    talkers: dict[str, tuple[Talkers, float]] = {
        "Telegram": (telegram, load.telegram[1]),
        "微信客服": (
            OnWecom(world.wecom, load.customers[0], are_members=False),
            load.customers[1],
        ),
        "WeCom app": (OnWecom(world.wecom, load.members[0], are_members=True), load.members[1]),
        "web chat": (web := OnTheWeb(world.address, load.visitors[0]), load.visitors[1]),
    }
    staff, is_over = Staff(world.address, world.api), asyncio.Event()
    watched = [
        Watched(f"{member.part} {number}") for number, member in enumerate(world.fleet.members)
    ]
    await staff.find_pages()
    tell("all pages are found")
    await web.open()
    began = time.time()
    working = [
        *(asyncio.create_task(talk(one, rate, is_over)) for one, rate in talkers.values()),
        asyncio.create_task(staff.look(load.pages, is_over)),
        asyncio.create_task(staff.answer(load.asks, is_over)),
    ]
    await _watch(world, watched, minutes * 60, tell)
    is_over.set()
    await asyncio.gather(*working)
    tell("; ".join(sorted(set(staff.broken))))
    await web.close()
    died = await world.fleet.bury()
    await world.fleet.stop()
    waits = {name: one.waits for name, (one, _) in talkers.items()}
    return Found(
        began,
        minutes * 60,
        waits,
        watched,
        staff.pages,
        {
            "people still waiting": sum(len(one.open) for one in waits.values()),
            "posts of the web chat refused": web.refused,
            "pages that failed": len(staff.broken),
            "processes that ended by themselves": len(died),
            "looks at which an alert would hold": sum(sum(w.alarms.values()) for w in watched),
            "sends that a provider wanted later": int(sum(w.throttled for w in watched)),
            **await faults(world.database, world.api, telegram.chats),
        },
        {
            "messages said": sum(one.said for one in waits.values()),
            "messages of the campaign": (bulk := _bulk(world)),
            "other messages on Telegram": len(world.api.sent) - bulk,
            "pages loaded": len(staff.pages),
            "people who asked for a human": staff.asked,
            "replies of staff": staff.answered,
        },
    )


def _bulk(world: World) -> int:
    return sum(1 for one in world.api.sent if one.chat >= FIRST_CHAT)


async def _watch(
    world: World, watched: list[Watched], seconds: float, tell: Callable[[str], None]
) -> None:
    end, due = time.monotonic() + seconds, time.monotonic()
    members = list(zip(watched, world.fleet.members, strict=True))
    async with ClientSession() as client:
        while time.monotonic() < end:
            for one, member in members:
                await watch(client, one, member.program.address)
            tell(_line(watched))
            due += _APART
            await asyncio.sleep(max(0.0, min(due, end) - time.monotonic()))


def _line(watched: list[Watched]) -> str:
    memory = " ".join(f"{one.memory[-1]:.0f}" for one in watched)
    alarms = {name: number for one in watched for name, number in one.alarms.items()}
    return f"{time.time() - watched[0].at[0]:6.0f} s, MB {memory} {alarms or ''}"
