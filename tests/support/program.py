"""The real program as a process: started with settings, killed when the test says so."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_START_PATIENCE = 40.0
_ANNOUNCED = "归雁已启动"  # other lines may follow, as the link to the console


class Program:
    """`guiyan run` in a folder of its own.

    `within` is what comes before its command, as to enter another machine's namespace.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        *,
        within: Sequence[str] = (),
        patience: float = _START_PATIENCE,
        stdin: int = asyncio.subprocess.DEVNULL,
    ) -> None:
        self._folder = folder
        self._within = within
        self._patience = patience
        self._stdin = stdin
        self.settings = dict(settings)
        self._process: asyncio.subprocess.Process | None = None
        self.address = ""

    async def start(self, *arguments: str) -> str:
        """Start and wait until it serves; its address."""
        log = (self._folder / "program.log").open("ab")
        self._process = await asyncio.create_subprocess_exec(
            *self._within, sys.executable, "-m", "bot", "run", "--port", "0", *arguments,
            cwd=self._folder,
            env=clean_environment() | self.settings,
            stdin=self._stdin,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )  # fmt: skip
        log.close()
        return await self._announced()

    async def read_anew(self) -> str:
        """SIGHUP, and wait until it serves again; its address."""
        self.send_signal(signal.SIGHUP)
        return await self._announced()

    async def command(self, *words: str) -> None:
        """Another command in the same folder, with the same settings."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words,
            cwd=self._folder,
            env=clean_environment() | self.settings,
        )  # fmt: skip
        if await process.wait():
            raise RuntimeError(f"{words[0]} failed")

    async def ready(self) -> None:
        """Wait until it says that all its parts work."""
        async with asyncio.timeout(self._patience):
            while not await asyncio.to_thread(_is_ready, self.address):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """kill -9: nothing is said, nothing is finished."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """A polite stop; the exit status."""
        return await self._end(signal.SIGTERM)

    async def hang_up(self) -> int:
        """What a terminal does when it is closed; the exit status."""
        return await self._end(signal.SIGHUP)

    @property
    def database_url(self) -> str:
        """Where it stores."""
        own = f"sqlite:///{self._folder}/var/guiyan.db"
        return self.settings.get("GUIYAN_DATABASE_URL", own)

    @property
    def is_running(self) -> bool:
        """Whether it has not ended, by itself or by us."""
        return self._process is not None and self._process.returncode is None

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal that it does not end by."""
        assert self._process is not None
        self._process.send_signal(number)

    async def __aenter__(self) -> Program:
        return self

    async def __aexit__(self, *fault: object) -> None:
        if self.is_running:
            await self.kill()

    def log(self) -> str:
        """What it has logged so far."""
        return (self._folder / "program.log").read_text(encoding="utf-8")

    async def _announced(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        line = " "
        async with asyncio.timeout(self._patience):
            while line and not line.startswith(_ANNOUNCED):
                line = (await self._process.stdout.readline()).decode()
        if not line:
            await self._process.wait()
            await asyncio.sleep(0.05)
            raise RuntimeError(self.log())
        self.address = line.rsplit(" ", 1)[-1].strip()
        self.address = self.address.removesuffix("/chat").removesuffix("/readyz")
        return self.address

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        with suppress(ProcessLookupError):  # it ended by itself: its status tells
            self._process.send_signal(number)
        status = await self._process.wait()
        if self._process.stdout is not None:
            await self._process.stdout.read()
        # The pipe's transport is closed with the process; let the loop see it.
        await asyncio.sleep(0.05)
        return status


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            return set(json.load(answer).values()) == {"ok"}
    except OSError:
        return False


def clean_environment() -> dict[str, str]:
    """This process's environment without settings of ours, and with the checkout importable."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GUIYAN_")}
    return kept | {"PYTHONPATH": str(Path(__file__).parent.parent.parent)}
