"""What the commands of reports as papers take: from drafted to frozen, corrected and proven."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]
_AREA = "by name or code, or a town's id"


def add_papers(actions: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan report papers|make|paper|check|sign|take-back|freeze|note|fill|correct|again|…`."""
    listed = add(actions, "papers", "report_versions:papers", "the papers, the newest first")
    listed.add_argument("--area", help=_AREA)
    listed.add_argument("--open", action="store_true", help="only what is not frozen")
    made = add(actions, "make", "report_versions:make", "draft a paper, or count it anew")
    made.add_argument("name", metavar="NAME", help="month_town, month_county, …")
    made.add_argument("--area", required=True, help=_AREA)
    made.add_argument("--period", required=True, metavar="2026-11|2026-Q4|…")
    _of_one(actions, add, "paper", "show", "a paper with its notes, as it is")
    for action, place, text in (
        ("check", "check", "somebody has gone through it"),
        ("sign", "sign", "another answers for it"),
        ("take-back", "take_back", "undo the last step; nothing that is frozen"),
        ("freeze", "freeze", "from now on it stays as it is"),
        ("again", "again", "a new version beside a frozen one that it corrects"),
    ):
        _by_staff(_of_one(actions, add, action, place, text))
    _written(actions, add)
    out = _by_staff(_of_one(actions, add, "export", "export", "a paper as a file"))
    out.add_argument("file", metavar="FILE.docx|.xlsx|.csv|.html|.md")
    behind = _by_staff(_of_one(actions, add, "behind", "behind", "what a figure was counted from"))
    behind.add_argument("--line", type=int, required=True, metavar="L", help="from 1")
    behind.add_argument("--cell", required=True, metavar="COLUMN")
    proven = add(actions, "verify", "report_versions:verify", "recompute every hash")
    proven.add_argument("number", type=int, nargs="?", metavar="N", help="this one; else all")


def _written(actions: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    for action, place, text in (
        ("note", "note", "a remark on the whole, or on a cell"),
        ("fill", "fill", "a cell that nothing counts"),
        ("correct", "correct", "what a frozen cell should be; the cell stays"),
    ):
        one = _by_staff(_of_one(actions, add, action, place, text))
        is_note = action == "note"
        one.add_argument("said", metavar="TEXT" if is_note else "VALUE")
        one.add_argument("--line", type=int, required=not is_note, metavar="L", help="from 1")
        one.add_argument("--cell", required=not is_note, default="", metavar="COLUMN")
        one.add_argument("--why", required=not is_note, default="", help="the reason")


def _of_one(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    add: Add,
    action: str,
    place: str,
    text: str,
) -> argparse.ArgumentParser:
    one = add(actions, action, f"report_versions:{place}", text)
    one.add_argument("number", type=int, metavar="N")
    return one


def _by_staff(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
    one.add_argument("--staff", required=True, metavar="NAME", help="who does it")
    return one
