"""What goes wrong in a round: chosen by a seed, so that a round can be had again."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.chaos import fleet
from tests.chaos.fleet import Fleet
from tests.support.bot_api import BotApi
from tests.support.postgres import Postgres

LONGEST = 8.0  # seconds that something stays away


@dataclass(frozen=True, slots=True)
class World:
    """All that can be harmed."""

    fleet: Fleet
    server: Postgres
    api: BotApi


Fault = Callable[[World, random.Random], Awaitable[None]]


async def kill_one(world: World, rng: random.Random) -> None:
    """One process of any part dies."""
    await fleet.kill(rng.choice(world.fleet.members))


async def kill_half(world: World, rng: random.Random) -> None:
    """A machine with half of them goes."""
    half = rng.sample(world.fleet.members, len(world.fleet.members) // 2)
    await asyncio.gather(*(fleet.kill(member) for member in half))


async def upgrade_one(world: World, rng: random.Random) -> None:
    """One process drains and comes back."""
    await fleet.restart(rng.choice(world.fleet.members))


async def freeze_one(world: World, rng: random.Random) -> None:
    """One process stands still, longer or shorter than its leases last."""
    await fleet.freeze(rng.choice(world.fleet.members), rng.uniform(0.5, LONGEST))


async def crash_store(world: World, rng: random.Random) -> None:
    """PostgreSQL crashes, and comes back after a while."""
    await asyncio.to_thread(world.server.stop, signal.SIGQUIT)
    await asyncio.sleep(rng.uniform(0.0, 3.0))
    await asyncio.to_thread(world.server.start)


async def restart_store(world: World, rng: random.Random) -> None:
    """PostgreSQL is restarted by its keeper."""
    await asyncio.to_thread(world.server.stop, signal.SIGINT)
    await asyncio.to_thread(world.server.start)


async def slow_provider(world: World, rng: random.Random) -> None:
    """The provider takes seconds to answer."""
    was, world.api.behaviour.latency = world.api.behaviour.latency, (1.0, 3.0)
    await asyncio.sleep(rng.uniform(2.0, LONGEST))
    world.api.behaviour.latency = was


async def refusing_provider(world: World, rng: random.Random) -> None:
    """Half of what is sent is answered 502."""
    world.api.behaviour.error_rate = 0.5
    await asyncio.sleep(rng.uniform(1.0, 4.0))
    world.api.behaviour.error_rate = 0.0


async def silent_provider(world: World, rng: random.Random) -> None:
    """A fifth of what is sent arrives, and the answer never comes."""
    world.api.behaviour.reset_rate = 0.2
    await asyncio.sleep(rng.uniform(1.0, 4.0))
    world.api.behaviour.reset_rate = 0.0


async def provider_away(world: World, rng: random.Random) -> None:
    """Nobody answers at the provider's address."""
    await world.api.stop()
    await asyncio.sleep(rng.uniform(0.5, 4.0))
    await world.api.start()


FAULTS: tuple[Fault, ...] = (
    kill_one,
    kill_half,
    upgrade_one,
    freeze_one,
    crash_store,
    restart_store,
    slow_provider,
    refusing_provider,
    silent_provider,
    provider_away,
)
