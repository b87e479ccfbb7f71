"""Where a measurement was taken: the day, the commit, the machine."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path


def where() -> str:
    """One line for a page of figures."""
    git = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    system = os.uname()
    today = datetime.now(UTC).date()
    return f"{today}, commit {commit}, {os.cpu_count()} cores, {system.sysname} {system.release}."
