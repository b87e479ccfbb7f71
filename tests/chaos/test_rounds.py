"""A few rounds of chaos, over machines where they can be made."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos import machines
from tests.chaos.clocks import library
from tests.chaos.report import kept
from tests.support.program import clean_environment

WHERE = [
    pytest.param(["--on-one-machine"], ["kill_one", "fail_over", "wrong_provider"], id="one"),
    pytest.param(
        ["--on-one-machine"],
        ["clock_ahead", "clock_back"],
        id="clocks",
        marks=pytest.mark.skipif(library() is None, reason="libfaketime is not installed"),
    ),
    pytest.param(
        [],
        ["cut", "lose_primary", "fill_store"],
        id="several",
        marks=pytest.mark.skipif(bool(machines.possible()), reason=machines.possible()),
    ),
]


@pytest.fixture
def results() -> Iterator[Path]:
    """Not in memory, of which the rounds have their own."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder) / "results"


@pytest.mark.parametrize(("options", "faults"), WHERE)
async def test_rounds_break_nothing(results: Path, options: list[str], faults: list[str]) -> None:
    words = [*options, "--rounds", "3", "--seeds", "1", "--results", str(results), "--faults"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chaos", *words, *faults, env=clean_environment()
    )
    assert await process.wait() == 0
    (report,) = kept(results)
    assert sorted(report.recoveries) == sorted(faults)
    assert report.account is not None
    assert report.account.heard >= report.account.said
