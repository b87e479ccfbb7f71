"""What `guiyan audience` takes: whom a message would be for, in Chinese."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]

_AREA = "whose people: by name or code, also a town's or village's; everybody"


def add_audiences(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan audience` and its actions."""
    audience = commands.add_parser("audience", help="whom a message would be for, in Chinese")
    actions = audience.add_subparsers(required=True, metavar="ACTION")
    add(actions, "count", "audience:count", "how it is understood, how many, who is left out")
    add(actions, "sample", "audience:sample", "ten of them with masked phones; in the trail")
    for action in ("count", "sample"):
        actions.choices[action].add_argument("audience", metavar="TEXT|NAME")
    add(actions, "save", "audience:save", "keep it under a name; the same name replaces")
    add(actions, "show", "audience:show", "one that was kept, and what it comes to now")
    add(actions, "drop", "audience:drop", "forget one that was kept")
    for action in ("save", "show", "drop"):
        actions.choices[action].add_argument("name", metavar="NAME")
    actions.choices["save"].add_argument("audience", metavar="TEXT")
    add(actions, "list", "audience:list_saved", "those that were kept")
    for one in actions.choices.values():
        one.add_argument("--area", default="", help=_AREA)
        one.add_argument("--staff", default="", metavar="NAME", help="who does it: in their area")


def add_people(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan people` and its actions."""
    people = commands.add_parser("people", help="tags that staff put on people")
    actions = people.add_subparsers(required=True, metavar="ACTION")
    add(actions, "tag", "people:tag", "put a tag on people; none about what is sensitive")
    add(actions, "untag", "people:untag", "take it off again")
    for action in ("tag", "untag"):
        actions.choices[action].add_argument("tag", metavar="TAG")
        actions.choices[action].add_argument("phones", nargs="+", metavar="PHONE")
    add(actions, "tags", "people:list_tags", "every tag in use, and how many have it")
    for one in actions.choices.values():
        one.add_argument("--area", default="", help=_AREA)
        one.add_argument("--staff", default="", metavar="NAME", help="who does it: in their area")
