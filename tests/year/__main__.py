"""`make year`: a year of five thousand people on a clock that jumps, and its account.

python -m tests.year --people 5000 --days 365 --seed 1
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import orjson

from tests.year.year import Report, Size, Year

_SHOWN = 20
_MEMORY = Path("/dev/shm")  # a kill is that of a process here, not of the machine


def _play(size: Size) -> Report:
    folder = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="guiyan-year-", dir=folder) as name:
        return asyncio.run(Year(size, f"sqlite:///{name}/year.db").run())


def main() -> int:
    """Print the account; 1 if a rule was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)  # kills and refusals are made by the hundred
    report = _play(Size(given.people, given.days, given.seed))
    _say(orjson.dumps(report.facts, option=orjson.OPT_INDENT_2).decode())
    for fault in report.faults[:_SHOWN]:
        _say(f"broken: {fault}")
    _say(f"{len(report.faults)} rules broken")
    return 1 if report.faults else 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
