"""The program as several processes on two machines, and what may happen to them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.clocks import Clock
from tests.chaos.machines import HERE, Machine, Machines
from tests.support.program import Program

_PATIENCE = 240.0  # to start many at once on a busy machine is slow, and no fault


@dataclass(frozen=True, slots=True)
class Place:
    """Which part runs on which machine, in which zone."""

    part: str
    machine: str
    zone: str = "UTC"


PLACES = (
    Place("intake", "a"),
    Place("worker", "a"),
    Place("worker", "a", "America/New_York"),
    Place("worker", "b"),
    Place("worker", "b", "Asia/Shanghai"),
    Place("sender", "a"),
    Place("sender", "b", "America/New_York"),
    Place("scheduler", "b", "Pacific/Auckland"),
)


class Member:
    """One process of one part."""

    def __init__(
        self, place: Place, machine: Machine, folder: Path, settings: Mapping[str, str]
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.part, self.machine = place.part, place.machine
        at = {"TZ": place.zone, "GUIYAN_HTTP_HOST": machine.address}
        self.program = Program(
            folder, {**settings, **at}, within=machine.within, patience=_PATIENCE
        )

    async def start(self) -> None:
        """Start it, and wait until it serves its page of health."""
        await self.program.start("--only", self.part)


class Fleet:
    """All of them. `clocks`: of each machine, where they can be moved."""

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        machines: Machines | None,
        faketime: Path | None = None,
    ) -> None:
        names = sorted({place.machine for place in PLACES})
        self.clocks = (
            {name: Clock(folder / f"clock-{name}", faketime) for name in names} if faketime else {}
        )
        self.members = [
            Member(
                place,
                machines[place.machine] if machines else HERE,
                folder / f"{place.part}{number}",
                {**settings, **self._clock_of(place)},
            )
            for number, place in enumerate(PLACES)
        ]

    async def start(self) -> None:
        """All at once, as after a power cut, ready when all say so."""
        await asyncio.gather(*(member.start() for member in self.members))
        await asyncio.gather(*(member.program.ready() for member in self.members))

    async def stop(self) -> None:
        """Politely; those that died by themselves raise."""
        await asyncio.gather(*(member.program.stop() for member in self.members))

    async def end(self) -> None:
        """Those that still run, at once."""
        living = [member for member in self.members if member.program.is_running]
        await asyncio.gather(*(member.program.kill() for member in living))

    async def bury(self) -> list[str]:
        """The parts that ended although nobody ended them, with the end of their logs; begun anew,

        so that each is told once, and the rounds go on with all.
        """
        dead = [member for member in self.members if not member.program.is_running]
        told = [f"{member.part}: {member.program.log()[-2000:]}" for member in dead]
        await asyncio.gather(*(member.start() for member in dead))
        return told

    def _clock_of(self, place: Place) -> Mapping[str, str]:
        return self.clocks[place.machine].settings if self.clocks else {}


async def kill(members: Sequence[Member]) -> None:
    """kill -9, and new ones in their place."""
    await asyncio.gather(*(member.program.kill() for member in members))
    await asyncio.gather(*(member.start() for member in members))


async def restart(member: Member) -> None:
    """An upgrade of one process: it drains, and another comes."""
    await member.program.stop()
    await member.start()


async def freeze(member: Member, seconds: float) -> None:
    """Stopped in the middle of whatever it does, and going on as if nothing had been."""
    member.program.send_signal(signal.SIGSTOP)
    await asyncio.sleep(seconds)
    member.program.send_signal(signal.SIGCONT)
