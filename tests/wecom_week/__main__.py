"""`make wecom-week`: a week of two thousand people on the stand-in, and its account.

python -m tests.wecom_week --people 2000 --days 7 --seed 1
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import orjson

from tests.wecom_week.week import Report, Size, Week

_SHOWN = 20


async def _play(size: Size) -> Report:
    with tempfile.TemporaryDirectory(prefix="guiyan-week-") as folder:
        return await Week(size, Path(folder)).run()


def main() -> int:
    """Print the account; 1 if it does not balance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--areas", default="", help="fewer areas are read sooner")
    given = parser.parse_args()
    logging.disable(logging.WARNING)  # faults are injected by the thousand
    size = Size(given.people, given.days, given.seed, given.areas)
    report = asyncio.run(_play(size))
    told = orjson.dumps({**report.facts, **report.account.told()}, option=orjson.OPT_INDENT_2)
    _say(told.decode())
    for fault in report.account.faults[:_SHOWN]:
        _say(f"does not balance: {fault}")
    return 1 if report.account.faults or report.facts["overdrawn"] else 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
