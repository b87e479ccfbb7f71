"""`python -m tests.fuzz [--count N | --seconds N] [--seed N]`: inputs at all doors, counted.

With `--seconds`, callbacks, spreadsheets and expressions in turn, a seed after the other, until
the time is up. Each fault names its seed and number: the same input comes of them again.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterable

from knowledge.answer import Answerer
from knowledge.library import load_library
from tests.fuzz.answers import Clock, Fault, answered
from tests.fuzz.callbacks import called
from tests.fuzz.expressions import typed
from tests.fuzz.holdings import all_of
from tests.fuzz.inputs import inputs
from tests.fuzz.sheets import sheeted
from tests.fuzz.talks import talked
from tests.fuzz.web import posted

SHOWN = 20  # faults that are printed in full
IN_TALK, OVER_HTTP = 0.2, 0.04  # parts of the inputs
# What is read without talk, and how many of each in one round of a few seconds.
READ = {"callbacks": (called, 2_000), "spreadsheets": (sheeted, 90), "expressions": (typed, 1_300)}


def main(arguments: list[str] | None = None) -> int:
    """Run, print, and fail if there was a fault."""
    options = _options(arguments)
    if options.seconds:
        return _for_a_time(options.seconds, options.seed)
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


def _for_a_time(seconds: float, seed: int) -> int:
    """Rounds until the time is up, each with the next seed."""
    end, begun, thrown = time.monotonic() + seconds, seed, Counter[str]()
    faults: list[Fault] = []
    while time.monotonic() < end:
        for name, (throw, count) in READ.items():
            faults += throw(count, seed)
            thrown[name] += count
        seed += 1
    _say(f"seeds {begun} to {seed - 1}: {dict(thrown)}")
    _say(f"faults {len(faults)}", *(f"  {fault}" for fault in faults[:SHOWN]))
    return 1 if faults else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=0.0)
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
