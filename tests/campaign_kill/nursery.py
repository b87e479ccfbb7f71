"""The real program, forked from a process that has read its code: up again soon after a kill.

A start of Python with all that the program imports takes seconds of a busy machine; a fork of one
takes none. The child is `guiyan run` like any other: a process with a number, killed by it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.program import clean_environment

_PATIENCE = 60.0


class Nursery:
    """Begins the program again and again, one at a time, each with settings of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parent: asyncio.subprocess.Process | None = None
        self._child = 0

    async def __aenter__(self) -> Nursery:
        with (self._folder / "program.log").open("ab") as log:
            self._parent = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.campaign_kill.nursery",
                cwd=self._folder,
                env=clean_environment(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )  # fmt: skip
        return self

    async def __aexit__(self, *fault: object) -> None:
        if self._child:
            await self.end(signal.SIGKILL)
        assert self._parent is not None
        self._parent.stdin.close()  # type: ignore[union-attr]
        await self._parent.wait()

    async def start(self, settings: Mapping[str, str]) -> None:
        """Begin it and wait until it serves."""
        assert self._parent is not None
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps(dict(settings)).encode() + b"\n")
        self._child = int(await self._line())
        line = await self._line()
        if "http" not in line:
            raise RuntimeError(f"{line}: {self.log()[-2000:]}")

    async def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Kill it, or tell it to stop, and wait until it is gone."""
        os.kill(self._child, number)
        self._child = 0
        while not (await self._line()).startswith("ended"):
            pass

    def log(self) -> str:
        """What it has logged so far."""
        return (self._folder / "program.log").read_text(encoding="utf-8")

    async def _line(self) -> str:
        assert self._parent is not None
        assert self._parent.stdout is not None
        async with asyncio.timeout(_PATIENCE):
            return (await self._parent.stdout.readline()).decode().strip()


def main() -> None:
    """For each line of settings on standard input: fork, run, and say how it ended."""
    from bot.cli import main as run_command
    from bot.commands import service  # noqa: F401 (with it comes all that a run imports)

    for line in sys.stdin:
        if not (child := os.fork()):
            os.environ.update(json.loads(line))
            print(os.getpid(), flush=True)  # noqa: T201
            sys.exit(run_command(["run", "--port", "0"]))
        print("ended", os.waitpid(child, 0)[1], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
