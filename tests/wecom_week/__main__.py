"""`make wecom-week`: a week of two thousand people on the stand-in, and its account.

python -m tests.wecom_week --people 2000 --days 7 --seed 1 --killed 20
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import orjson

from tests.wecom_week.killed import KilledWeek
from tests.wecom_week.week import Report, Size, Week

_SHOWN = 20


async def _play(size: Size) -> Report:
    with tempfile.TemporaryDirectory(prefix="guiyan-week-") as folder:
        return await Week(size, Path(folder)).run()


async def _play_killed(people: int) -> Report:
    with tempfile.TemporaryDirectory(prefix="guiyan-week-") as folder:
        return await KilledWeek(people, Path(folder)).run()


def main() -> int:
    """Print the account; 1 if it does not balance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--areas", default="", help="fewer areas are read sooner")
    parser.add_argument("--killed", type=int, default=20, help="people of the second, killed week")
    given = parser.parse_args()
    logging.disable(logging.WARNING)  # faults are injected by the thousand
    size = Size(given.people, given.days, given.seed, given.areas)
    is_balanced = _tell("in one process", asyncio.run(_play(size)))
    if given.killed:
        is_balanced &= _tell("killed and started anew", asyncio.run(_play_killed(given.killed)))
    return 0 if is_balanced else 1


def _tell(name: str, report: Report) -> bool:
    told = {"week": name, **report.facts, **report.account.told()}
    _say(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
    for fault in report.account.faults[:_SHOWN]:
        _say(f"does not balance: {fault}")
    return not report.account.faults and not report.facts["overdrawn"]


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
