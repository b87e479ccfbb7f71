"""Who computes where: processes held to some processors, and what they computed (Linux)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from bot.benching.program import BenchFailure, process
from bot.settings import environment_with

_TICK = os.sysconf("SC_CLK_TCK")
_USER, _CHILDREN = 11, 13  # of the fields of proc(5) behind the name: two each
_SPUN = 10_000  # rounds between two looks at the clock
_STARTED = 2.0  # seconds that the loops have to start, so that they run at the same time
_BUSY = (0, 1, 2, 5, 6, 7)  # user, nice, system, interrupts, stolen: not idle, not waiting


class Server:
    """PostgreSQL on this machine, found by one of its processes."""

    def __init__(self, backend: int) -> None:
        try:
            name = Path(f"/proc/{backend}/comm").read_text().strip()
            self._main = int(_stat(backend)[1])
        except OSError:
            name = ""
        if name != "postgres":
            raise BenchFailure(
                "PostgreSQL must run on this machine: what its processes compute is measured"
            )

    def hold_to(self, cores: Collection[int]) -> None:
        """Let all its processes, and those that it will start, run on these processors only."""
        for pid in self._processes():
            hold_to(pid, cores)

    def cpu_seconds(self) -> float:
        """What all its processes have computed, ended ones as well."""
        ended = _seconds(self._main, _CHILDREN)
        return ended + sum(_seconds(pid, _USER) for pid in self._processes())

    def _processes(self) -> list[int]:
        numbers = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal()]
        return [self._main, *(pid for pid in numbers if _parent(pid) == self._main)]


def hold_to(pid: int, cores: Collection[int]) -> None:
    """Let a process with all its threads run on these processors only."""
    try:
        with suppress(ProcessLookupError, FileNotFoundError):  # it ended meanwhile
            for thread in Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), cores)
    except PermissionError as fault:
        raise BenchFailure(
            "PostgreSQL cannot be held to a processor: run the bench as its user, or as root"
        ) from fault


def busy_seconds(cores: Collection[int]) -> float:
    """What these processors have computed for anybody since the machine began."""
    lines = Path("/proc/stat").read_text().splitlines()
    fields = {line.split()[0]: line.split()[1:] for line in lines}
    return sum(int(fields[f"cpu{core}"][place]) for core in cores for place in _BUSY) / _TICK


def spun(folder: Path, cores: Collection[int], seconds: float) -> float:
    """Rounds of a plain loop a second, one process on each of these processors at once."""
    command = ["-m", "bot.benching.processors", str(time.time() + _STARTED), str(seconds)]
    return sum(_said(folder, [[*command, str(core)] for core in cores]))


def _said(folder: Path, commands: list[list[str]]) -> Iterator[float]:
    if not commands:
        return
    with process(commands[0], folder, environment_with({})) as running:
        yield from _said(folder, commands[1:])
        assert running.stdout is not None
        yield float(running.stdout.readline())


def _parent(pid: int) -> int:
    with suppress(OSError):
        return int(_stat(pid)[1])
    return 0


def _seconds(pid: int, first: int) -> float:
    with suppress(OSError):
        return sum(map(int, _stat(pid)[first : first + 2])) / _TICK
    return 0.0


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _spin(at: float, seconds: float, core: int) -> float:
    hold_to(os.getpid(), {core})
    time.sleep(max(0.0, at - time.time()))
    rounds, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        for _ in range(_SPUN):
            pass
        rounds += _SPUN
    return rounds / passed


if __name__ == "__main__":
    sys.stdout.write(f"{_spin(float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))}\n")
