"""`make growth`: what a contact more costs, among ten thousand of them and among ten million.

python -m tests.plans.growth --contacts 10000 100000 --database postgresql://…
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from records.database import Database
from records.vault import Vault
from tests.plans.growth import page
from tests.plans.growth.contacts import Sizes, fill_with
from tests.plans.growth.measuring import measured
from tests.plans.growth.page import Figures
from tests.plans.growth.world import Often, World
from tests.support import database as databases


def main() -> int:
    """Fill a database for each size, measure them in turn, and remove them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--database",
        required=True,
        help="PostgreSQL: any of the server, on which each size gets a new one; SQLite: a file",
    )
    parser.add_argument(
        "--page", type=Path, help="a page: its tables, figures and pictures are written anew"
    )
    given = parser.parse_args()
    found = asyncio.run(taken(given.database, given.contacts, Often(), given.rounds))
    for line in found:
        _say(json.dumps(line))
    if given.page:
        page.keep(given.page, found)
    return 0


async def taken(url: str, sizes: Sequence[int], often: Often, rounds: int) -> list[Figures]:
    """All figures of each size; their databases are gone afterwards."""
    vault, worlds = Vault("a key for measuring"), list[World]()
    sized, seen = list[Sizes](), [list[dict[str, float]]() for _ in sizes]
    try:
        for contacts in sizes:
            worlds.append(World(Database(await _new(url, contacts)), vault, contacts))
            sized.append(await fill_with(worlds[-1]))
            _note(f"{contacts:,} contacts made")
        for number in range(rounds):  # in turn: others at work on the machine slow all alike
            for world, found in zip(worlds, seen, strict=True):
                found.append(await measured(world, number, often))
                _note(f"round {number + 1} of {world.contacts:,}: {json.dumps(found[-1])}")
    finally:
        for world in worlds:
            await world.database.close()
            await _remove(url, world.database.url.render_as_string(hide_password=False))
    return [_line(*of_one) for of_one in zip(worlds, sized, seen, strict=True)]


def _line(world: World, sizes: Sizes, rounds: Sequence[dict[str, float]]) -> Figures:
    """Of all rounds the middle, of processor time the least: others at work only add to it."""
    found = {
        name: (min if "_cpu_" in name else median)(each[name] for each in rounds)
        for name in rounds[0]
    }
    return {
        "database": world.database.url.get_backend_name(),
        "contacts": world.contacts,
        "contact_bytes": round(sizes.contact),
        "message_bytes": round(sizes.message),
        **{name: float(f"{value:.4g}") for name, value in found.items()},
        "machine_load": round(os.getloadavg()[0], 1),
    }


async def _new(url: str, contacts: int) -> str:
    if not url.startswith("sqlite"):
        own = await databases.empty(url)
        await databases.migrate(own)
        return own
    file = Path(f"{url.removeprefix('sqlite:///')}.{contacts}")
    _refuse_what_is_there(file)
    return await databases.fresh_file(file)


def _refuse_what_is_there(file: Path) -> None:
    if file.exists():
        raise SystemExit(f"{file} is there already: name a file that is not, or remove it")


async def _remove(url: str, own: str) -> None:
    if url.startswith("sqlite"):
        _remove_file(own.removeprefix("sqlite:///"))
    else:
        await databases.drop(url, own)


def _remove_file(path: str) -> None:
    for end in ("", "-wal", "-shm"):
        Path(path + end).unlink(missing_ok=True)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _note(line: str) -> None:
    """How far it is: an hour goes by before there is a figure."""
    sys.stderr.write(f"growth: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
