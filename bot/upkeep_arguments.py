"""What back-ups take."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]


def add_backups(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan backup` and `guiyan restore`."""
    backup = add(commands, "backup", "backing_up:backup", "copy the database while it is in use")
    backup.add_argument(
        "target", metavar="FILE.tar|DIR", help="in a folder it is named by its time"
    )
    text = "with DIR: keep the newest N there, none longer than 30 days"
    backup.add_argument("--keep", type=_count, default=0, metavar="N", help=text)
    restore = add(commands, "restore", "restoring:restore", "bring a back-up back")
    restore.add_argument("file", metavar="FILE.tar")
    text = "also where a database is: the old one is kept beside it"
    restore.add_argument("--replace", action="store_true", help=text)
    text = "who left since: a newer back-up, or what `audit list --json` printed"
    restore.add_argument("--erased", default="", metavar="FILE", help=text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"takes a number from 1 to 10000, not {text!r}")
    return int(text)
