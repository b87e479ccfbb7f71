"""`make plans`: how the database answers the hot statements on large tables of messages.

python -m tests.plans --rows 1000000 --database postgresql://…   (its own database)
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterable

from tests.plans.calls import World, calls
from tests.plans.looking import Look, faults, look


def main() -> int:
    """Print the table; 1 if a statement reads what it need not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--database",
        required=True,
        help="of its own: filled if it is empty, as left by a run before otherwise",
    )
    parser.add_argument("--parts", type=int, default=0, help="of each table; 0: it is whole")
    given = parser.parse_args()
    began = time.perf_counter()
    world = calls(World(given.rows))
    looks = asyncio.run(look(given.database, given.rows, world, parts=given.parts))
    for line in _table(looks):
        _say(line)
    _say(f"{given.rows} rows in each table, {time.perf_counter() - began:.0f} s")
    found = faults(looks, given.rows)
    for fault in found:
        _say(f"broken: {fault}")
    return 1 if found else 0


def _table(looks: list[Look]) -> list[str]:
    lines = ["| call | reached by | rows | pages | ms |", "|---|---|---|---|---|"]
    return lines + [_line(one) for one in looks]


def _line(one: Look) -> str:
    nodes = ", ".join(dict.fromkeys(node for part in one.statements for node in part.nodes))
    rows = _sum(part.rows for part in one.statements)
    pages = _sum(part.pages for part in one.statements)
    took = sum(part.milliseconds for part in one.statements)
    return f"| {one.call} | {nodes} | {rows} | {pages} | {took:.1f} |"


def _sum(numbers: Iterable[int | None]) -> str:
    """What SQLite does not count is a dash."""
    known = [number for number in numbers if number is not None]
    return str(sum(known)) if known else "–"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
