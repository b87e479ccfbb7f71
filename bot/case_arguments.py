"""What `guiyan case` takes: the library of cases, its counts, and texts to copy."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]


def add_cases(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    add: Add,
    year: Callable[[str], int],
) -> None:
    """`guiyan case` and its actions."""
    case = commands.add_parser("case", help="typical cases and ambassadors")
    actions = case.add_subparsers(required=True, metavar="ACTION")
    add(actions, "list", "cases:list_cases", "the cases of an area, without names")
    add(actions, "count", "cases:count", "what each county recommended this year, what it owes")
    add(actions, "nominations", "cases:nominations", "who was put forward for a commendation")
    add(actions, "practice", "cases:practice", "a page on an area's practice, to be filled in")
    card = add(actions, "card", "cases:card", "the text for groups; noted who keeps it")
    card.add_argument("number", type=int, nargs="?", metavar="N", help="else that of the week")
    for action in ("list", "count", "nominations", "practice", "card"):
        actions.choices[action].add_argument("--area", help="by name or code")
    for action in ("count", "nominations", "practice"):
        actions.choices[action].add_argument("--year", type=year)
    add(actions, "show", "cases:show", "one case, with its history; in the trail")
    add(actions, "material", "cases:material", "what an ambassador takes along")
    held = add(actions, "withdraw", "cases:withdraw", "not told any more; keepers are told")
    held.add_argument("--why", required=True, metavar="TEXT")
    for action in ("show", "material", "withdraw"):
        actions.choices[action].add_argument("number", type=int, metavar="N")
    for action in ("card", "show", "material", "withdraw"):
        actions.choices[action].add_argument("--staff", required=True, metavar="NAME")
