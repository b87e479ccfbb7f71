"""What `guiyan report NAME` takes: an official table as a file; other actions stay as they are."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.report_arguments import add_papers

Add = Callable[..., argparse.ArgumentParser]
_TABLE = "table"


class _Actions(argparse._SubParsersAction):  # type: ignore[type-arg]
    """The actions of `report`; a word that is none of them is the name of a report."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choices = None  # type: ignore[assignment]

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        words = list(values or ())
        if words[0] not in self._name_parser_map:
            words = [_TABLE, *words]
        super().__call__(parser, namespace, words, option_string)


def add_reports(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan report NAME`, `report --list`, and what is done with drafts and papers."""
    text = "an official table as a file; a month's figures; reports as papers"
    report = add(commands, "report", "tables:named", text)
    report.add_argument("--list", action="store_true", help="the names of all reports")
    actions = report.add_subparsers(action=_Actions, metavar="NAME|ACTION")
    _add_table(actions, add)
    add(actions, "draft", "reports:draft", "count a month now")
    add(actions, "show", "reports:show", "the newest draft of each area")
    add(actions, "define", "reports:define", "what each figure counts")
    for action in ("draft", "show"):
        named = actions._name_parser_map[action]
        named.add_argument("--month", type=_month, metavar="YYYY-MM")
        named.add_argument("--area", help="by name or code")
    actions._name_parser_map["show"].add_argument(
        "--all", action="store_true", help="older ones as well"
    )
    add_papers(actions, add)


def _add_table(actions: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    table = add(actions, _TABLE, "tables:write", "the report of this name, as a file or as text")
    table.add_argument("name", metavar="NAME", help="`guiyan report --list` names them")
    table.add_argument("--area", required=True, help="by name or code; also a town or a village")
    spans = "2026-11-22, 2026-11, 2026-B6 (two months), 2026-Q4 or 2026"
    table.add_argument("--period", required=True, help=spans)
    forms = "FILE.xlsx|.csv|.md|.docx|.html"
    table.add_argument("--out", metavar=forms, help="else as text on standard output")
    table.add_argument("--public", action="store_true", help="cells of one to four are hidden")
    table.add_argument("--staff", default="", metavar="NAME", help="who takes it")


def _month(text: str) -> str:
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"takes a month such as 2026-11, not {text!r}")
    return text
