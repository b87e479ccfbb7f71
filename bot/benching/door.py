"""The real routes, door and store without the turns behind them: what an acknowledgement costs."""

from __future__ import annotations

import asyncio
import sys

from bot.commands.service import run_loop
from bot.lifecycle import Running
from bot.settings import load
from bot.wiring import build


async def _serve() -> None:
    app = build(load())
    app.parts = ("web",)
    running = Running(app)
    await running.start("127.0.0.1", 0)
    sys.stdout.write(f"{running.address}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    run_loop(_serve())
