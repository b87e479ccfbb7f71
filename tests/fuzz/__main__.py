"""`python -m tests.fuzz [--count N] [--seed N]`: throws inputs at all doors and counts."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterable

from knowledge.answer import Answerer
from knowledge.library import load_library
from tests.fuzz.answers import Clock, Fault, answered
from tests.fuzz.holdings import all_of
from tests.fuzz.inputs import inputs
from tests.fuzz.talks import talked
from tests.fuzz.web import posted

SHOWN = 20  # faults that are printed in full
IN_TALK, OVER_HTTP = 0.2, 0.04  # parts of the inputs


def main(arguments: list[str] | None = None) -> int:
    """Run, print, and fail if there was a fault."""
    options = _options(arguments)
    given = inputs(options.count, options.seed)
    web, talk = int(options.count * OVER_HTTP), int(options.count * IN_TALK)
    answerer, clock = Answerer(load_library()), Clock([])
    allowed = all_of(answerer.library)
    faults = list(_counted("answered", answered(answerer, given[web + talk :], clock)))
    faults += _counted(
        "in talks", talked(answerer, given[web : web + talk], allowed, clock, options.seed)
    )
    faults += _counted("over HTTP", asyncio.run(posted(given[:web], allowed)))
    _say(
        f"inputs {options.count}: answered {options.count - web - talk}, "
        f"in talks {talk}, over HTTP {web}"
    )
    _say(f"by kind: {dict(Counter(one.kind for one in given))}")
    _say(
        "slowest, in seconds of our own time:", *(f"  {s:.3f} {what}" for s, what in clock.slowest)
    )
    _say(f"faults {len(faults)}", *(f"  {fault}" for fault in faults[:SHOWN]))
    return 1 if faults else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def _counted(where: str, faults: Iterable[Fault]) -> list[Fault]:
    found = list(faults)
    _say(f"{where}: {len(found)} faults")
    return found


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line.encode('utf-8', 'backslashreplace').decode()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
