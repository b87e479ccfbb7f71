"""What `guiyan privacy` takes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

Add = Callable[..., argparse.ArgumentParser]
_CONTENTS = ("what", "kinds", "cause", "harm", "measures", "advice")
Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_privacy(commands: Actions, add: Add, a_year: Callable[[str], int]) -> None:
    """Consents, requests, retention, incidents, papers, the end of the service."""
    privacy = commands.add_parser("privacy", help="the office for personal information")
    parts = privacy.add_subparsers(required=True, metavar="PART")
    _add_consents(parts, add)
    _add_requests(_part(parts, "requests", "what people ask about their data"), add)
    _add_retention(_part(parts, "retention", "what goes when its time is over"), add)
    _add_incidents(_part(parts, "incident", "something happened, or is drilled"), add)
    _add_papers(parts, add, a_year)
    _add_end(_part(parts, "end", "hand everything over, and wipe it"), add)


def _part(parts: Actions, name: str, text: str) -> Actions:
    return parts.add_parser(name, help=text).add_subparsers(required=True, metavar="ACTION")


def _add_consents(parts: Actions, add: Add) -> None:
    told = add(parts, "consents", "privacy:consents", "the ledger: who agreed to what, when, how")
    told.add_argument("--phone", default="", help="of one person, with the words agreed to")
    told.add_argument("--kind", default="", help="the newest of one kind, as core or push")
    told.add_argument("--staff", default="", metavar="NAME", help="who reads the ledger by person")


def _add_requests(actions: Actions, add: Add) -> None:
    add(actions, "list", "privacy_requests:list_requests", "what waits, with both its clocks")
    new = add(actions, "open", "privacy_requests:take_in", "enter one; prints its receipt number")
    new.add_argument("kind", choices=_KINDS)
    new.add_argument("text", help="what is asked for")
    new.add_argument("--way", choices=("phone", "counter", "paper"), default="counter")
    new.add_argument("--phone", default="", help="of whom it is about, where they are registered")
    add(actions, "show", "privacy_requests:show", "one request, as it stands")
    add(actions, "sort", "privacy_requests:sort", "say what it is about")
    actions.choices["sort"].add_argument("number")
    actions.choices["sort"].add_argument("kind", choices=_KINDS)
    who = add(actions, "who", "privacy_requests:who", "staff have checked who asks")
    who.add_argument("number")
    who.add_argument("phone")
    add(actions, "copy", "privacy_requests:copy", "everything held of them, as text to hand over")
    add(actions, "done", "privacy_requests:fulfil", "it is done; the person is told")
    add(actions, "refuse", "privacy_requests:refuse", "it is not done, and why")
    add(actions, "erase", "privacy_requests:erase", "delete whom it is about; cannot be undone")
    add(actions, "died", "privacy_requests:died", "they have died: nothing is sent any more")
    for action in ("show", "copy", "done", "refuse", "erase", "died"):
        actions.choices[action].add_argument("number")
    actions.choices["copy"].add_argument("--out", required=True, metavar="FILE.txt")
    actions.choices["done"].add_argument("--note", default="", metavar="TEXT")
    actions.choices["refuse"].add_argument("--why", required=True, metavar="TEXT")
    _by_staff(actions)


def _add_retention(actions: Actions, add: Add) -> None:
    shown = add(actions, "show", "privacy:retention_show", "the newest reports")
    shown.add_argument("--days", type=int, default=1, metavar="N", help="so many; 1")
    add(actions, "preview", "privacy:retention_preview", "what goes within a day, counted now")
    add(actions, "sign", "privacy:retention_sign", "sign the reports of days that are over")
    actions.choices["sign"].add_argument("--staff", required=True, metavar="NAME")


def _add_incidents(actions: Actions, add: Add) -> None:
    add(actions, "list", "privacy_incidents:list_incidents", "the newest, with their limits")
    new = add(actions, "open", "privacy_incidents:begin", "begin: exports rest at once")
    new.add_argument("what", help="what happened, in a sentence")
    new.add_argument("--drill", action="store_true", help="an exercise, so said on every paper")
    text = "whose systems: 4, 2 or 1 hours to report"
    new.add_argument(
        "--unit", choices=("operator", "state", "critical"), default="operator", help=text
    )
    hit = add(actions, "affect", "privacy_incidents:affect", "list whom it touches")
    hit.add_argument(
        "--account", default="", metavar="NAME", help="all that this staff account read"
    )
    hit.add_argument("--since", type=_moment, metavar="2026-11-22T09:00+08:00")
    hit.add_argument("--until", type=_moment, metavar="2026-11-22T18:00+08:00")
    hit.add_argument("--area", default="", help="everybody at home there, by name or code")
    told = add(actions, "write", "privacy_incidents:write", "what the notices must say (PIPL 57)")
    for name in _CONTENTS:
        told.add_argument(f"--{name}", default="", metavar="TEXT")
    drafted = add(actions, "draft", "privacy_incidents:draft", "both notices, as files")
    drafted.add_argument("--out", required=True, metavar="DIR")
    for action, place, text in (
        ("people", "people", "the ids of whom it touches"),
        ("reported", "reported", "the regulator knows"),
        ("told", "told", "the people know"),
        ("thaw", "thaw", "exports go again before it is over"),
        ("freeze", "freeze", "exports rest again"),
        ("close", "close", "it is over; prints the closing report"),
    ):
        add(actions, action, f"privacy_incidents:{place}", text)
    for action in actions.choices:
        if action not in ("list", "open"):
            actions.choices[action].add_argument("number", type=int, metavar="N")
    _by_staff(actions)


def _add_papers(parts: Actions, add: Add, a_year: Callable[[str], int]) -> None:
    pia = add(parts, "pia", "privacy:assess", "the impact assessment, from this configuration")
    audit = add(parts, "audit", "privacy:self_audit", "the yearly self-audit, from the trail")
    audit.add_argument("--year", type=a_year, help="this one")
    for one in (pia, audit):
        one.add_argument("--out", required=True, metavar="FILE.docx|FILE.md")


def _add_end(actions: Actions, add: Add) -> None:
    add(actions, "export", "privacy_end:export", "everything, in open formats with hashes")
    add(actions, "check", "privacy_end:check", "whether an export is whole")
    add(actions, "ask", "privacy_end:ask", "ask for the wipe; prints a number for a colleague")
    add(actions, "agree", "privacy_end:agree", "another person agrees")
    add(actions, "wipe", "privacy_end:wipe", "empty everything; cannot be undone")
    for action in ("export", "check", "wipe"):
        actions.choices[action].add_argument("folder", metavar="DIR")
    actions.choices["ask"].add_argument("--why", required=True, metavar="TEXT")
    for action in ("agree", "wipe"):
        actions.choices[action].add_argument("number", type=int, metavar="N")
    text = "the office's whole name, typed"
    actions.choices["wipe"].add_argument("--confirm", default="", metavar="OFFICE", help=text)
    _by_staff(actions)


def _by_staff(actions: Actions) -> None:
    for action in actions.choices.values():
        action.add_argument("--staff", required=True, metavar="NAME", help="who does it")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"takes a moment with its zone such as 2026-11-22T09:00+08:00, not {text!r}"
        )
    return moment


_KINDS = ("access", "correction", "deletion", "complaint", "relative")
