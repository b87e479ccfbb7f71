"""What goes wrong in a round: chosen by a seed, so that a round can be had again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.chaos import fleet
from tests.chaos.fleet import Fleet
from tests.chaos.machines import Machines
from tests.chaos.store import Store
from tests.chaos.switch import Way
from tests.chaos.talk import Crowd
from tests.support.bot_api import BotApi
from tests.support.bot_api_oddities import Oddity

LONGEST = 6.0  # seconds that something stays away: longer than any lease
LONG = (40.0, 90.0)  # seconds of a cut after which TCP waits as long before it tries again
STRANDED = 60.0  # seconds after which we give up to wait for newcomers' answers


@dataclass(frozen=True, slots=True)
class World:
    """All that can be harmed, and who notices. Without namespaces there are no machines."""

    fleet: Fleet
    store: Store
    api: BotApi
    machines: Machines | None
    crowd: Crowd


# Where people are to be answered meanwhile it gives the seconds that newcomers waited.
Fault = Callable[[World, random.Random], Awaitable[float | None]]


async def kill_one(world: World, rng: random.Random) -> None:
    """One process of any part dies."""
    await fleet.kill([rng.choice(world.fleet.members)])


async def kill_half(world: World, rng: random.Random) -> None:
    """Half of them die at once."""
    await fleet.kill(rng.sample(world.fleet.members, len(world.fleet.members) // 2))


async def kill_machine(world: World, rng: random.Random) -> None:
    """All that runs on one of the two machines dies at once."""
    name = rng.choice("ab")
    await fleet.kill([member for member in world.fleet.members if member.machine == name])


async def upgrade_one(world: World, rng: random.Random) -> None:
    """One process drains and comes back."""
    await fleet.restart(rng.choice(world.fleet.members))


async def freeze_one(world: World, rng: random.Random) -> None:
    """One process stands still, longer or shorter than its leases last."""
    await fleet.freeze(rng.choice(world.fleet.members), rng.uniform(0.5, LONGEST))


async def crash_store(world: World, rng: random.Random) -> None:
    """PostgreSQL crashes, and comes back after a while."""
    await world.store.crash()
    await asyncio.sleep(rng.uniform(0.0, 3.0))
    await world.store.begin()


async def restart_store(world: World, rng: random.Random) -> None:
    """PostgreSQL is restarted by its keeper."""
    await world.store.restart()


async def kill_backends(world: World, rng: random.Random) -> None:
    """Some of those who are in the store are thrown out, a few times."""
    for _ in range(3):
        await world.store.kill_backends(rng.uniform(0.2, 0.9))
        await asyncio.sleep(0.3)


async def fail_over(world: World, rng: random.Random) -> None:
    """The primary dies; its standby takes its place."""
    await world.store.fail_over()
    await world.store.rebuild()


async def lose_primary(world: World, rng: random.Random) -> None:
    """The primary's machine is cut off without a word; its standby takes its place."""
    await world.store.lose_machine()
    await asyncio.sleep(rng.uniform(0.0, 3.0))
    await world.store.rebuild()


async def fill_store(world: World, rng: random.Random) -> None:
    """The primary's disk is full; then there is room again."""
    ballast = world.store.primary.fill()
    await asyncio.sleep(rng.uniform(1.0, 3.0))
    ballast.unlink()
    await world.store.begin()


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


async def wrong_provider(world: World, rng: random.Random) -> None:
    """Half is answered with HTML, half a JSON or 200 and `ok` false, whether it arrived or not."""
    await _odd(world, Oddity(wrong=0.5), rng.uniform(1.0, 4.0))


async def flooded_provider(world: World, rng: random.Random) -> None:
    """A third is answered 429, to come again in a second."""
    await _odd(world, Oddity(flooded=0.3), rng.uniform(1.0, 4.0))


async def hanging_provider(world: World, rng: random.Random) -> None:
    """A tenth is never answered."""
    await _odd(world, Oddity(silent=0.1), rng.uniform(1.0, 3.0))


async def provider_twice(world: World, rng: random.Random) -> None:
    """What people say is handed over twice."""
    world.api.updates.duplicate_rate = 0.8
    await asyncio.sleep(rng.uniform(1.0, 4.0))
    world.api.updates.duplicate_rate = 0.0


async def cut(world: World, rng: random.Random) -> None:
    """Nothing passes between two machines."""
    await _way(world, rng, Way(is_cut=True))


async def long_cut(world: World, rng: random.Random) -> None:
    """The same for longer than TCP waits before it sends again."""
    await _way(world, rng, Way(is_cut=True), seconds=rng.uniform(*LONG))


async def slow_way(world: World, rng: random.Random) -> None:
    """What passes between two machines is late, sometimes very."""
    delay = rng.uniform(0.05, 0.3)
    await _way(world, rng, Way(delay=delay, jitter=delay))


async def lossy_way(world: World, rng: random.Random) -> None:
    """Of what passes between two machines a part is lost."""
    await _way(world, rng, Way(loss=rng.uniform(0.05, 0.3)))


async def clock_ahead(world: World, rng: random.Random) -> float:
    """One machine's clock jumps ahead, an hour at most, and some seconds later back."""
    return await _wrong_clock(world, rng, ahead=1)


async def clock_back(world: World, rng: random.Random) -> float:
    """One machine's clock jumps back, an hour at most, and some seconds later ahead."""
    return await _wrong_clock(world, rng, ahead=-1)


async def _odd(world: World, oddity: Oddity, seconds: float) -> None:
    world.api.behaviour.oddity = oddity
    await asyncio.sleep(seconds)
    world.api.behaviour.oddity = None


async def _wrong_clock(world: World, rng: random.Random, ahead: int) -> float:
    """Nothing is away: newcomers are to be answered while it is wrong."""
    clock = world.fleet.clocks[rng.choice("ab")]
    clock.move(ahead * rng.randint(60, 3600))
    try:
        seconds = await world.crowd.answered(STRANDED)
        await asyncio.sleep(rng.uniform(0.0, LONGEST))
        return seconds
    finally:
        clock.move(0)


async def _way(world: World, rng: random.Random, way: Way, seconds: float | None = None) -> None:
    """Between a machine of the program and the store's or the provider's."""
    assert world.machines is not None
    store = world.store.primary.machine.name
    world.machines.between(rng.choice("ab"), rng.choice((store, "d")), way)
    await asyncio.sleep(seconds or rng.uniform(1.0, LONGEST))
    world.machines.mend()


ANYWHERE: tuple[Fault, ...] = (
    kill_one,
    kill_half,
    kill_machine,
    upgrade_one,
    freeze_one,
    crash_store,
    restart_store,
    kill_backends,
    fail_over,
    slow_provider,
    refusing_provider,
    silent_provider,
    provider_away,
    wrong_provider,
    flooded_provider,
    hanging_provider,
    provider_twice,
)
ON_MACHINES: tuple[Fault, ...] = (cut, long_cut, slow_way, lossy_way, lose_primary, fill_store)
RARE: tuple[Fault, ...] = (long_cut,)  # lasts as long as ten others: once a seed
WITH_CLOCKS: tuple[Fault, ...] = (clock_ahead, clock_back)
EVERY = ANYWHERE + ON_MACHINES + WITH_CLOCKS


def why_not(fault: Fault, no_machines: str, no_clocks: str) -> str:
    """Why there cannot be this one here, or ""."""
    if fault in ON_MACHINES:
        return no_machines
    return no_clocks if fault in WITH_CLOCKS else ""
