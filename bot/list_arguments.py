"""What `guiyan import` takes: the kinds of lists, and what is done with differences."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]


def add_lists(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan import` and its kinds and actions."""
    lists = commands.add_parser("import", help="lists into the register")
    actions = lists.add_subparsers(required=True, metavar="KIND|ACTION")
    for kind, text in LISTS.items():
        one = add(actions, kind, "importing:bring_in", text)
        one.set_defaults(kind=kind)
        one.add_argument("file", metavar="FILE.xlsx|.csv")
        one.add_argument("--dry-run", action="store_true", help="report, and store nothing")
        one.add_argument("--map", metavar="MAP.toml", help="headings and words of this office")
        one.add_argument("--area", help="where all of it is from, by name or code")
        one.add_argument("--basis", default="", metavar="DOC", help="the document's number")
        one.add_argument("--staff", default="", metavar="NAME", help="who brings it")
        one.add_argument("--source", choices=["bulk", "household", "counter"], default="bulk")
        one.add_argument("--report", metavar="OUT.csv|OUT.xlsx", help="what became of each row")
    runs = add(actions, "list", "differences:list_runs", "what was imported, newest first")
    runs.add_argument("--open", action="store_true", help="only what was cut short")
    shown = add(
        actions, "differences", "differences:list_differences", "what waits for a decision"
    )
    shown.add_argument("--run", type=int, metavar="N", help="of this import")
    shown.add_argument("--all", action="store_true", help="also what was decided")
    for action, text in _DECISIONS.items():
        one = add(actions, action, f"differences:{action}", text)
        one.add_argument("numbers", nargs="+", type=int, metavar="N")
        one.add_argument("--staff", required=True, metavar="NAME")


LISTS = {
    "people": "people, from another office or from door to door",
    "courses": "courses: topic, place, days, seats",
    "stations": "stations: whose people, city, address, phone, head",
    "groups": "contact groups: whose people, kind, city, who keeps it",
    "entities": "businesses: the ledger of who runs what",
    "projects": "projects, demands of buyers, searches for people",
    "sites": "parks and vacant places",
    "places": "towns and villages: names, other names, what became part of what",
}
_DECISIONS = {
    "take": "the list is right; or it is the same person",
    "keep": "the register is right; or it is somebody else",
}
