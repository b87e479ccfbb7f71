"""What the commands on the library of projects take."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]


def add_library(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`projects`, `sites` and `demo`; `add` adds one command to a list of them."""
    projects = commands.add_parser("projects", help="the library of projects")
    actions = projects.add_subparsers(required=True, metavar="ACTION")
    listed = add(actions, "list", "projects:list_projects", "the projects, a line each")
    listed.add_argument("--area")
    listed.add_argument(
        "--state", choices=["draft", "checked", "published", "paused", "closed"], default=""
    )
    for action, text in _OF_PROJECTS.items():
        one = add(actions, action, f"projects:{action}", text)
        one.add_argument("number", type=int, metavar="N")
        if action not in ("show", "interested"):
            one.add_argument("--staff", required=True, metavar="NAME")
    review, verify = actions.choices["review"], actions.choices["verify"]
    review.add_argument("--marks", default="", help="the form, as is_real=2,money=1,…; 0 to 2")
    review.add_argument("--form", action="store_true", help="print the questions of the form")
    review.add_argument("--back", action="store_true", help="send it back to be mended")
    review.add_argument("--note", default="")
    verify.add_argument("--until", metavar="DAY", help="its last day, as 2027-06-30")
    for action in ("pause", "close"):
        actions.choices[action].add_argument("--note", required=True, metavar="WHY")
    actions.choices["edit"].add_argument("values", nargs="+", metavar="COLUMN=TEXT")
    limit = add(actions, "limit", "projects:limit", "how much of a line is enough in a place")
    limit.add_argument("place", metavar="COUNTY|TOWN")
    limit.add_argument("line", help="farming, shop, …")
    limit.add_argument("most", type=int, help="0: it is not allowed there")
    limit.add_argument("--staff", required=True, metavar="NAME")
    limit.add_argument("--note", default="", metavar="WHY")
    sites = commands.add_parser("sites", help="parks and vacant places")
    listed = add(
        sites.add_subparsers(required=True, metavar="ACTION"),
        "list",
        "sites:list_sites",
        "the places, a line each",
    )
    listed.add_argument("--area")
    demo = add(commands, "demo", "demo:load", "load the demonstration projects and places")
    demo.add_argument("--remove", action="store_true", help="take them away again")


_OF_PROJECTS = {
    "show": "one project with its versions and reviews",
    "review": "an expert's form about a draft of somebody else's",
    "publish": "show it to people from now on",
    "verify": "somebody asked again, and it still holds",
    "pause": "show it no more for the time being",
    "close": "it is over",
    "edit": "change it; it is reviewed again",
    "interested": "who wants to know more, masked until both sides agreed",
}
