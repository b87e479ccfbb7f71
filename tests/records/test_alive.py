"""A process of this machine is dead when the system says so, and never by a guess."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from records import leases
from records.alive import Sign, is_dead
from records.database import Database

LASTS = timedelta(hours=1)
_LIVE = """
import sys
from pathlib import Path
from records.alive import Sign
sign = Sign("them", Path(sys.argv[1]))
print("here", flush=True)
sys.stdin.read()
"""


def _another(folder: Path) -> subprocess.Popen[bytes]:
    """A process that lives, and says so."""
    process = subprocess.Popen(
        [sys.executable, "-c", _LIVE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"here\n"
    return process


def test_who_was_killed_is_dead_and_who_stands_still_is_not(tmp_path: Path) -> None:
    with _another(tmp_path) as process:
        assert not is_dead("them", tmp_path)
        process.send_signal(signal.SIGSTOP)
        assert not is_dead("them", tmp_path)
        process.kill()
    assert is_dead("them", tmp_path)


def test_of_who_never_was_here_nothing_is_known(tmp_path: Path) -> None:
    assert not is_dead("them", tmp_path)
    Sign("us", tmp_path / "not there")
    assert not is_dead("us", tmp_path / "not there")


def test_who_ends_in_order_leaves_nothing(tmp_path: Path) -> None:
    sign = Sign("us", tmp_path)
    assert not is_dead("us", tmp_path)
    sign.take_down()
    assert list(tmp_path.iterdir()) == []


async def test_what_a_dead_one_held_is_free_at_once(database: Database, now: datetime) -> None:
    await database.run(leases.hold, ["a"], "dead", LASTS, now)
    await database.run(leases.hold, ["b"], "living", LASTS, now)
    hold = leases.hold, ["a", "b"], "us", LASTS, now
    taken = await database.run(*hold, "dead".__eq__)
    assert [(one.name, one.rested) for one in taken] == [("a", timedelta(0))]
