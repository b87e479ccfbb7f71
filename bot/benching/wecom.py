"""`bench wecom`: how soon callbacks are acknowledged, at the app's address and at 微信客服's."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from bot.benching import wecom_app, wecom_kf

RATE = 500
SECONDS = 10


def measure(rate: int = RATE, seconds: int = SECONDS) -> dict[str, Any]:
    """Callbacks at an even rate, each over a connection of its own, into SQLite."""
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        return {
            "machine_load": round(os.getloadavg()[0], 1),
            "app": wecom_app.measure(Path(folder), rate, seconds),
            "kf": wecom_kf.measure(Path(folder), rate, seconds),
        }
