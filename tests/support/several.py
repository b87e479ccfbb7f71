"""The program as a test wants it: one process, or with GUIYAN_TEST_PARTS several on PostgreSQL.

`GUIYAN_TEST_PARTS=web,worker,worker,sender` runs the same tests over those processes, each in a
folder of its own, as on machines of their own.
"""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from tests.support import database as databases
from tests.support.postgres import running_postgres
from tests.support.program import Program

PARTS = tuple(filter(None, os.environ.get("GUIYAN_TEST_PARTS", "").split(",")))
_SECRET = "a key that all processes share, long enough"
_stores: dict[Path, str] = {}  # whoever starts again in a folder finds what was stored


def the_program(folder: Path, settings: Mapping[str, str]) -> Program:
    """`guiyan run` with these settings."""
    return Several(folder, settings, PARTS) if PARTS else Program(folder, settings)


class Several(Program):
    """So many processes that look like one: the first is who takes messages in."""

    def __init__(self, folder: Path, settings: Mapping[str, str], parts: tuple[str, ...]) -> None:
        super().__init__(folder, settings)
        self._members = [(part, folder / f"{part}{n}") for n, part in enumerate(parts)]
        self._programs: list[Program] = []

    async def start(self, *arguments: str) -> str:
        """All at once; the address of the first."""
        settings = await self._shared()
        self._programs = [Program(folder, settings) for _, folder in self._members]
        for _, folder in self._members:
            folder.mkdir(exist_ok=True)
        given = [arguments, *[()] * (len(self._members) - 1)]
        addresses = await asyncio.gather(
            *(
                program.start("--only", part, *more)
                for program, (part, _), more in zip(
                    self._programs, self._members, given, strict=True
                )
            )
        )
        self.address = addresses[0]
        return self.address

    async def command(self, *words: str) -> None:
        """Another command on the store of all."""
        await Program(self._folder, await self._shared()).command(*words)

    async def ready(self) -> None:
        """Wait until all say so."""
        await asyncio.gather(*(program.ready() for program in self._programs))

    async def kill(self) -> None:
        """A power cut."""
        await asyncio.gather(*(program.kill() for program in self._programs if program.is_running))

    async def stop(self) -> int:
        """All politely; the worst exit status."""
        return max(await asyncio.gather(*(program.stop() for program in self._programs)))

    @property
    def is_running(self) -> bool:
        """Whether any of them is."""
        return any(program.is_running for program in self._programs)

    def log(self) -> str:
        """What all of them have logged so far."""
        return "\n".join(program.log() for program in self._programs)

    async def _shared(self) -> dict[str, str]:
        """The settings of all: with a store and a key that they have in common."""
        if not self.database_url.startswith("postgresql"):
            if self._folder not in _stores:
                _stores[self._folder] = await databases.fresh(_server())
            self.settings["GUIYAN_DATABASE_URL"] = _stores[self._folder]
        self.settings.setdefault("GUIYAN_SECRET_KEY", _SECRET)
        return self.settings


@cache
def _server() -> str:
    """The address of a PostgreSQL that is there until the tests end."""
    servers = ExitStack()
    atexit.register(servers.close)
    return servers.enter_context(running_postgres())
