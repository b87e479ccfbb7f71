"""Whether a process of this machine is provably dead: a file that the system unlocks with its end.

The file lies in memory that no other machine shares, under the process's own name, which has
something random in it. Where there is none to be opened nothing is known, and nobody is dead.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FOLDER = Path("/dev/shm")  # of this machine alone; a container has its own


class Sign:
    """That `owner` lives, until this process ends, however it does."""

    def __init__(self, owner: str, folder: Path = FOLDER) -> None:
        self._path = _path(owner, folder)
        self._file: int | None = None  # never closed but here: the system does it at the end
        with suppress(ImportError, OSError):  # no such folder, or it is full: then others wait
            self._file = _locked(self._path, os.O_CREAT)

    def take_down(self) -> None:
        """The process goes on, or ends in order."""
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None


def is_dead(owner: str, folder: Path = FOLDER) -> bool:
    """Whether that process was killed, here; False where it lives or nothing is known of it."""
    path = _path(owner, folder)
    try:
        os.close(_locked(path, 0))
    except (ImportError, OSError):
        return False
    path.unlink(missing_ok=True)
    return True


def _path(owner: str, folder: Path) -> Path:
    return folder / f"guiyan-{owner.replace('/', '-')}.alive"


def _locked(path: Path, how: int) -> int:
    """The file, locked by us; OSError where it is not there, not ours, or another's."""
    import fcntl  # not everywhere

    number = os.open(path, os.O_RDWR | how, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        raise
    return number
