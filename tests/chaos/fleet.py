"""The program as several processes on one PostgreSQL, and what may happen to them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from pathlib import Path

from tests.support.program import Program

PARTS = ("intake", "worker", "worker", "worker", "worker", "sender", "sender", "scheduler")


class Member:
    """One process of one part."""

    def __init__(self, part: str, folder: Path, settings: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.part = part
        self.program = Program(folder, settings)

    async def start(self) -> None:
        """Start it, and wait until it serves its page of health."""
        await self.program.start("--only", self.part)


class Fleet:
    """All of them."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.members = [
            Member(part, folder / f"{part}{number}", settings) for number, part in enumerate(PARTS)
        ]

    async def start(self) -> None:
        """All at once, as after a power cut, ready when all say so."""
        await asyncio.gather(*(member.start() for member in self.members))
        await asyncio.gather(*(member.program.ready() for member in self.members))

    async def stop(self) -> None:
        """Politely; those that died by themselves raise."""
        await asyncio.gather(*(member.program.stop() for member in self.members))

    def dead(self) -> list[str]:
        """The parts that ended although nobody ended them, with the end of their logs."""
        return [
            f"{member.part}: {member.program.log()[-2000:]}"
            for member in self.members
            if not member.program.is_running
        ]


async def kill(member: Member) -> None:
    """kill -9, and a new one in its place."""
    await member.program.kill()
    await member.start()


async def restart(member: Member) -> None:
    """An upgrade of one process: it drains, and another comes."""
    await member.program.stop()
    await member.start()


async def freeze(member: Member, seconds: float) -> None:
    """Stopped in the middle of whatever it does, and going on as if nothing had been."""
    member.program.send_signal(signal.SIGSTOP)
    await asyncio.sleep(seconds)
    member.program.send_signal(signal.SIGCONT)
