"""The bench of workers drains what it stores, and says what each message took."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path

import pytest

from bot.benching import drain
from bot.benching.backlog import FEW, different_questions, few_questions
from bot.benching.drain import LOADS, SETTINGS
from bot.benching.processors import Server, hold_to
from bot.benching.program import BenchFailure
from tests.support import database as databases

MESSAGES = 20


@pytest.fixture
async def empty_url(postgres_url: str) -> AsyncIterator[str]:
    """A database without any table."""
    url = await databases.empty(postgres_url)
    yield url
    await databases.drop(postgres_url, url)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor")
def test_each_setting_is_measured(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain, "LOADS", LOADS[:1])
    monkeypatch.setattr(drain, "_SPIN_SECONDS", 0.1)
    found = drain.measure(empty_url, MESSAGES)[LOADS[0].name]
    for setting in SETTINGS:
        assert found[setting.name]["messages_per_second"] > 0
        assert found[setting.name]["worker_ms_a_message"] > 0
    assert len(found["two workers, two cores free"]["busy_cores_of_each_worker"].split(",")) == 2
    with pytest.raises(BenchFailure, match="holds talks"):
        drain.measure(empty_url, MESSAGES)


def test_it_is_about_postgresql() -> None:
    with pytest.raises(BenchFailure, match="PostgreSQL only"):
        drain.measure("sqlite:///some.db")


def test_who_is_not_postgresql_is_refused() -> None:
    with pytest.raises(BenchFailure, match="must run on this machine"):
        Server(os.getpid())


def test_no_question_is_asked_twice_or_the_same_few_are() -> None:
    assert len({*islice(different_questions(), 9_000)}) == 9_000
    assert len({*islice(few_questions(), 10 * FEW)}) == FEW


def test_a_process_is_held_with_its_threads(tmp_path: Path) -> None:
    core = min(os.sched_getaffinity(0))
    with subprocess.Popen(["sleep", "60"]) as running:
        hold_to(running.pid, {core})
        held = os.sched_getaffinity(running.pid)
        running.kill()
    assert held == {core}
