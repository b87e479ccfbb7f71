"""A folder in memory for the databases of tests: no test is about a disk that loses its power."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 2 * 2**30  # containers often have 64 MB there: too little


def quick_folder() -> str | None:
    """Where commits cost nothing; None where there is no such place, and the disk must do."""
    is_there = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK | os.X_OK)
    return str(_MEMORY) if is_there and shutil.disk_usage(_MEMORY).free >= _ROOM else None
