"""What the commands of the audit trail take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

Add = Callable[..., argparse.ArgumentParser]


def add_trail(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan audit`."""
    trail = commands.add_parser("audit", help="who read and did what; whether the trail is whole")
    actions = trail.add_subparsers(required=True, metavar="ACTION")
    verify = add(actions, "verify", "audit:verify", "seal what is new, then check every row")
    text = "heads written down elsewhere, one a line, or log lines: tells whether the end was cut"
    verify.add_argument("--noted", metavar="FILE", help=text)
    verify.add_argument("--json", action="store_true")
    add(actions, "head", "audit:head", "the newest seal, to be written down elsewhere")
    listed = add(actions, "list", "audit:listed", "the newest acts")
    listed.add_argument("--of", default="", metavar="SUBJECT", help="a person, ticket, page …")
    listed.add_argument("--by", default="", metavar="STAFF", help="done by this member of staff")
    listed.add_argument("--act", default="", metavar="ACT", help="as person.read, or person.")
    listed.add_argument("--since", type=_day, metavar="DAY", help="as 2026-11-01")
    listed.add_argument("--limit", type=_count, default=50)
    listed.add_argument("--json", action="store_true")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"takes a day as 2026-11-01, not {text!r}") from fault


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"takes a number from 1 to 10000, not {text!r}")
    return int(text)
