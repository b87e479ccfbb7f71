"""Everybody at work for an hour: `python -m tests.soak --minutes 60`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.soak.report import as_page, judged, plot
from tests.soak.run import Load, soak
from tests.support.where import where


def main() -> int:
    """0 where all limits hold."""
    options = _options()
    load = replace(Load(), county=options.people)
    with tempfile.TemporaryDirectory(prefix="guiyan-soak-", ignore_cleanup_errors=True) as folder:
        found = asyncio.run(soak(Path(folder), load, options.minutes, _tell))
    verdicts = judged(found)
    options.page.write_text(as_page(found, load, verdicts, where()), encoding="utf-8")
    options.page.with_suffix(".svg").write_text(plot(found), encoding="utf-8")
    sys.stdout.write(options.page.read_text(encoding="utf-8"))
    return 0 if all(one.holds for one in verdicts) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--people", type=int, default=Load().county, help="of the campaign")
    parser.add_argument("--page", type=Path, default=Path("soak.md"), help="and a plot beside it")
    return parser.parse_args()


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
