"""What back-ups, keys and partitions of the store take."""

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


def add_keys(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan keys`."""
    keys = commands.add_parser("keys", help="the secrets that open the store, and changing them")
    actions = keys.add_subparsers(required=True, metavar="ACTION")
    add(actions, "list", "keys:listed", "which secrets open the store, by their prints")
    new = add(actions, "add", "keys:add", "let another secret open it as well")
    new.add_argument("file", metavar="FILE", help="holds the secret; made where there is none")
    former = add(actions, "drop", "keys:drop", "a former secret opens it no more")
    former.add_argument("holder", metavar="PRINT", help="as `list` names it")


def add_partitions(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add
) -> None:
    """`guiyan partition`."""
    text = "the tables of messages in partitions (PostgreSQL)"
    parts = add(commands, "partition", "partitioning:part", text)
    text = "of one partition (10,000,000)"
    parts.add_argument("--rows", type=_rows, default=10_000_000, metavar="N", help=text)


def _rows(text: str) -> int:
    if not text.isdecimal() or not 100_000 <= int(text) <= 10**12:
        raise argparse.ArgumentTypeError(f"takes a number from 100000 on, not {text!r}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"takes a number from 1 to 10000, not {text!r}")
    return int(text)
