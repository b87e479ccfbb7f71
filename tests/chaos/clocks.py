"""The wall clock of each machine, moved while its processes run, by libfaketime.

Their steady clocks, and PostgreSQL's clocks, stay right. Python's `time.sleep` does not work under
it (version 0.9.10 refuses to sleep until a moment of the steady clock); the service never calls it
over PostgreSQL.
"""

from __future__ import annotations

import platform
from pathlib import Path

_NAME = "faketime/libfaketimeMT.so.1"
_FOLDERS = (f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib")


def library() -> Path | None:
    """Where libfaketime is, as Debian's package of that name, or others', install it."""
    found = (Path(folder) / _NAME for folder in _FOLDERS)
    return next((path for path in found if path.exists()), None)


class Clock:
    """One machine's. What it says is in a file that its processes read at each look."""

    def __init__(self, file: Path, by: Path) -> None:
        self._file = file
        # Read at each look: what is kept for a second would be late by as much.
        self.settings = {
            "LD_PRELOAD": str(by),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        self.move(0)

    def move(self, seconds: int) -> None:
        """From now on it is so far ahead, or behind where below 0."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}", encoding="ascii")
        fresh.replace(self._file)
