"""Rounds of faults over several processes: `python -m tests.chaos --rounds 1000 --seed 1`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.chaos.rounds import run


def main() -> int:
    """0 where nothing was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", default="", help="only this one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guiyan-chaos-") as folder:
        report = asyncio.run(
            run(Path(folder), options.rounds, options.seed, only=options.fault, tell=_tell)
        )
    sys.stdout.write(report.as_text())
    return 1 if report.broken else 0


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
