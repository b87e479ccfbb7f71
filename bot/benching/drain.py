"""`bench drain`: how answering grows from one worker to two, over PostgreSQL, and what bounds it.

A backlog is stored by the real door while the workers (`guiyan run --only worker`) stand still;
then one or both go on. No sender runs: the time is that of turns, read from the store.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from bot.benching.backlog import (
    FEW,
    Backlog,
    backlog,
    different_questions,
    few_questions,
    settings_for,
)
from bot.benching.processors import Server, busy_seconds, hold_to, spun
from bot.benching.program import (
    BenchFailure,
    address_of,
    cpu_seconds,
    process,
    wait_until_ready,
)
from bot.settings import environment_with
from records.database import StoreUnavailable

GOAL = 1.8
_WARM = 400  # messages answered before any are counted
_SPIN_SECONDS = 3.0
_PATIENCE = 120.0
_FULL = 0.9  # of a processor: nothing is left to share out
_WORKER = ["-m", "bot", "run", "--only", "worker", "--port", "0"]


@dataclass(frozen=True, slots=True)
class Setting:
    """Which of two processors (0, 1) each worker has, and which PostgreSQL."""

    name: str
    workers: tuple[tuple[int, ...], ...]
    server: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """So many messages, so many from each person, made by `questions`."""

    name: str
    questions: Callable[[], Iterator[str]]
    messages: int
    from_each: int


LOADS = (
    Load(f"{FEW} different questions, one from each person", few_questions, 4_000, 1),
    Load(f"{FEW} different questions, twenty from each person", few_questions, 4_000, 20),
    Load("all questions different, twenty from each person", different_questions, 2_000, 20),
)
SETTINGS = (
    Setting("one worker and PostgreSQL on one core", ((0,),), (0,)),
    Setting("two workers, a core each, PostgreSQL on both", ((0,), (1,)), (0, 1)),
    Setting("one worker, two cores free", ((0, 1),), (0, 1)),
    Setting("two workers, two cores free", ((0, 1), (0, 1)), (0, 1)),
)


def measure(database_url: str = "", messages: int = 0) -> dict[str, Any]:
    """All figures, on an empty database of a PostgreSQL that runs here; `messages` to try it."""
    if not database_url.startswith("postgres"):
        raise BenchFailure("workers share PostgreSQL only: name an empty database by --database")
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        raise BenchFailure("two processors are needed to see what a second one brings")
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        try:
            return _measured(Path(folder), database_url, cores, messages)
        except StoreUnavailable as fault:
            raise BenchFailure(str(fault)) from fault


def _measured(home: Path, url: str, cores: list[int], messages: int) -> dict[str, Any]:
    found: dict[str, Any] = {"machine_load": round(os.getloadavg()[0], 1)}
    _say("what a plain loop gains by a second core")
    alone = spun(home, cores[:1], _SPIN_SECONDS)
    found["a_plain_loop_gains"] = round(spun(home, cores, _SPIN_SECONDS) / alone, 2)
    with backlog(url) as waiting, _workers(home, url) as workers:
        house = _House(waiting, workers, Server(waiting.server()), cores)
        try:
            for load in LOADS:
                found[load.name] = house.drained(load, messages or load.messages)
        finally:
            house.server.hold_to(os.sched_getaffinity(0))
    return found


class _House:
    """The workers, PostgreSQL and the backlog."""

    def __init__(
        self, waiting: Backlog, workers: list[int], server: Server, cores: list[int]
    ) -> None:
        self._waiting, self._workers = waiting, workers
        self.server, self._cores = server, cores

    def drained(self, load: Load, messages: int) -> dict[str, Any]:
        """The figures of all settings, and what the second worker brought."""
        texts = load.questions()
        _say(f"{load.name}: warming up")
        self._drain(SETTINGS[-1], list(islice(texts, min(_WARM, messages))), load.from_each)
        found = {}
        for setting in SETTINGS:
            _say(f"{load.name}: {setting.name}")
            asked = list(islice(texts, messages))
            found[setting.name] = self._drain(setting, asked, load.from_each)
        one, two, free, both = (found[setting.name] for setting in SETTINGS)
        return {
            "a_core_and_a_worker_more_gain": _ratio(two, one),
            "goal": GOAL,
            "the_same_by_what_a_message_costs": round(2 * _cost(one) / _cost(two), 2),
            "a_worker_more_on_the_same_cores_gains": _ratio(both, free),
            **found,
        }

    def _drain(self, setting: Setting, texts: list[str], from_each: int) -> dict[str, Any]:
        self._place(setting)
        behind = self._waiting.last()
        self._waiting.store(texts, -(-len(texts) // from_each))
        at_work = self._workers[: len(setting.workers)]
        before, began = self._used(setting), datetime.now(UTC)
        _signal(at_work, signal.SIGCONT)
        self._wait()
        used = self._used(setting).less(before)
        _signal(at_work, signal.SIGSTOP)
        number, last = self._waiting.answered(behind)
        return _figures(setting, number, (last - began).total_seconds(), used)

    def _place(self, setting: Setting) -> None:
        self.server.hold_to([self._cores[one] for one in setting.server])
        for pid, places in zip(self._workers, setting.workers, strict=False):
            hold_to(pid, [self._cores[one] for one in places])

    def _used(self, setting: Setting) -> _Used:
        return _Used(
            time.perf_counter(),
            tuple(cpu_seconds(pid) for pid in self._workers[: len(setting.workers)]),
            self.server.cpu_seconds(),
            busy_seconds([self._cores[one] for one in setting.server]),
            self._waiting.committed(),
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self._waiting.left():
            if time.monotonic() > deadline:
                raise BenchFailure(f"the backlog is not answered in {_PATIENCE:.0f} seconds")
            time.sleep(0.1)


@dataclass(frozen=True, slots=True)
class _Used:
    """Seconds that passed, seconds that processors computed for whom, and transactions."""

    passed: float
    workers: tuple[float, ...]
    server: float
    anybody: float
    committed: int

    def less(self, before: _Used) -> _Used:
        """What was used since."""
        return _Used(
            self.passed - before.passed,
            tuple(now - then for now, then in zip(self.workers, before.workers, strict=True)),
            self.server - before.server,
            self.anybody - before.anybody,
            self.committed - before.committed,
        )

    @property
    def ours(self) -> float:
        return sum(self.workers) + self.server


def _ratio(more: dict[str, Any], less: dict[str, Any]) -> float:
    return round(float(more["messages_per_second"]) / float(less["messages_per_second"]), 2)


def _cost(figures: dict[str, Any]) -> float:
    """Milliseconds of processors: what others take of these does not count."""
    return float(figures["worker_ms_a_message"] + figures["postgresql_ms_a_message"])


def _figures(setting: Setting, answered: int, seconds: float, used: _Used) -> dict[str, Any]:
    """The rate from when the workers went on to the last answer, and what each message took."""
    return {
        "messages_per_second": round(answered / seconds, 1),
        "worker_ms_a_message": round(1000 * sum(used.workers) / answered, 2),
        "postgresql_ms_a_message": round(1000 * used.server / answered, 2),
        "transactions_a_message": round(used.committed / answered, 2),
        "busy_cores_of_each_worker": ", ".join(f"{x / used.passed:.2f}" for x in used.workers),
        "busy_cores_of_postgresql": round(used.server / used.passed, 2),
        "busy_cores_of_others": round(max(0.0, used.anybody - used.ours) / used.passed, 2),
        "limit": _limit(setting, used),
    }


def _limit(setting: Setting, used: _Used) -> str:
    """What keeps it from being faster, in words."""
    if used.anybody / used.passed >= _FULL * len(setting.server):
        share = used.server / used.ours
        return f"the processors, {share:.0%} of what we took by PostgreSQL"
    if min(used.workers) / used.passed >= _FULL:
        return "the one thread of each worker"
    return "waiting: for commits, the next wake-up, each other"


@contextmanager
def _workers(home: Path, url: str) -> Iterator[list[int]]:
    """Two that are ready and stand still; at the end they go on, to stop in order."""
    _say("starting two workers")
    with ExitStack() as stack:
        environment = environment_with(settings_for(url))
        started = [stack.enter_context(process(_WORKER, home, environment)) for _ in range(2)]
        for one in started:
            wait_until_ready(address_of(one), _PATIENCE)
        pids = [one.pid for one in started]
        _signal(pids, signal.SIGSTOP)
        try:
            yield pids
        finally:
            _signal(pids, signal.SIGCONT)


def _signal(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, number)


def _say(what: str) -> None:
    """How far it is: minutes go by before there is a figure."""
    sys.stderr.write(f"bench drain: {what}\n")
    sys.stderr.flush()
