"""Rounds of faults over several processes: `python -m tests.chaos --seeds 1-20 --rounds 50`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from contextlib import nullcontext, suppress
from pathlib import Path

from tests.chaos import machines
from tests.chaos.faults import EVERY
from tests.chaos.report import Report, as_page, keep, kept
from tests.chaos.rounds import run
from tests.support.where import where


def main() -> int:
    """0 where nothing was broken."""
    options = _options()
    why_not = "as told" if options.on_one_machine else machines.possible()
    if not why_not:
        machines.leave()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
    signal.signal(signal.SIGTERM, _stop)
    results = options.results or Path(tempfile.mkdtemp()) / "chaos.jsonl"
    for seed in _seeds(options.seeds):
        keep(_of_seed(seed, why_not, options), results)
        page = as_page(kept(results))
        (options.page or results.with_suffix(".md")).write_text(page, encoding="utf-8")
    sys.stdout.write(page)
    return 1 if any(report.broken for report in kept(results)) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50, help="of each seed")
    parser.add_argument("--seeds", default="1-20", help="one, or the first and the last")
    names = [one.__name__ for one in EVERY]
    parser.add_argument("--faults", nargs="*", default=[], choices=names, help="only these")
    parser.add_argument("--on-one-machine", action="store_true", help="without namespaces")
    parser.add_argument(
        "--results", type=Path, help="a line of JSON a seed; what was broken off goes on"
    )
    parser.add_argument("--page", type=Path, help="written anew after every seed")
    return parser.parse_args()


def _of_seed(seed: int, why_not: str, options: argparse.Namespace) -> Report:
    with (
        nullcontext(None) if why_not else machines.made() as found,
        tempfile.TemporaryDirectory(prefix="guiyan-chaos-", ignore_cleanup_errors=True) as folder,
    ):
        report = asyncio.run(
            run(
                Path(folder),
                options.rounds,
                seed,
                machines=found,
                no_machines=why_not,
                only=options.faults,
                tell=_tell,
            )
        )
    report.where = where()
    return report


def _seeds(told: str) -> range:
    first, _, last = told.partition("-")
    return range(int(first), int(last or first) + 1)


def _stop(number: int, frame: object) -> None:
    signal.raise_signal(signal.SIGINT)  # which asyncio turns into an orderly end


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit("stopped: the seeds that were done are kept")
