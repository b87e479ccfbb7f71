"""What `guiyan groups` takes: the register of contact groups."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]
_ONE = {
    "show": "one group with all that is known of it",
    "place": "say where the people of a group are from",
    "kind": "say whom a group gathers",
    "steward": "say who of the staff keeps a group",
    "size": "say how many are in a group that nobody counts for us",
    "rename": "an ordinary WeChat group is called otherwise",
    "drop": "a group is none of ours",
}


def add_groups(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    add: Add,
    names: Callable[[str], tuple[str, ...]],
) -> None:
    """`guiyan groups` and its actions."""
    groups = commands.add_parser("groups", help="contact groups: of all channels, and to copy for")
    actions = groups.add_subparsers(required=True, metavar="ACTION")
    listed = add(actions, "list", "groups:list_groups", "the groups with owner, place and size")
    listed.add_argument("--area")
    listed.add_argument("--owner", type=names, metavar="USERID,…", help="customer groups of these")
    listed.add_argument("--kind", metavar="KIND", help="城市群, 站长, 高端人才 … or a code")
    listed.add_argument("--steward", metavar="NAME", help="kept by this member of staff")
    listed.add_argument("--waiting", action="store_true", help="of which staff have more to say")
    listed.add_argument("--all", action="store_true", help="also those left and dropped")
    add(actions, "sync", "groups:sync", "read customers, groups and tags from WeCom now")
    for action, text in _ONE.items():
        add(actions, action, f"groups:{action}", text).add_argument("chat_id", metavar="ID")
    choices = actions.choices
    choices["place"].add_argument("area")
    choices["kind"].add_argument("kind", metavar="KIND")
    choices["steward"].add_argument("steward", metavar="NAME")
    choices["size"].add_argument("size", type=_size, metavar="N")
    choices["rename"].add_argument("name", metavar="NAME")
    choices["drop"].add_argument("--back", action="store_true", help="it is ours after all")
    words = "an ordinary WeChat group, to paste into by hand, or one that a robot writes to"
    new = add(actions, "add", "groups:add", words)
    new.add_argument("name")
    new.add_argument("area")
    robot = "its group robot, as GUIYAN_WECOM_ROBOTS calls it"
    new.add_argument("--robot", default="", metavar="ROBOT", help=robot)
    new.add_argument("--size", type=_size, metavar="N")
    for action in ("place", "add"):
        choices[action].add_argument("--kind", metavar="KIND")
        choices[action].add_argument("--city", default="", help="where its people are now")
        choices[action].add_argument("--steward", default="", metavar="NAME")
    for action in ("list", "add", *_ONE):
        choices[action].add_argument("--staff", default="", metavar="NAME", help="who does it")


def _size(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise argparse.ArgumentTypeError(f"takes a number of people, not {text!r}")
    return int(text)
