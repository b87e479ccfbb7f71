"""What the commands of courses, events, signings, reports, units' tasks and stations take."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date

from bot.table_arguments import add_reports

Add = Callable[..., argparse.ArgumentParser]
_MOST_YUAN = 10**13


def add_rhythm(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan courses`, `events`, `signing`, `report`, `tasks` and `stations`."""
    _add_courses(commands, add)
    _add_events(commands, add)
    _add_signings(commands, add)
    add_reports(commands, add)
    _add_tasks(commands, add)
    _add_stations(commands, add)


def _add_courses(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    courses = commands.add_parser("courses", help="training: what there is, what came of it")
    actions = courses.add_subparsers(required=True, metavar="ACTION")
    listed = add(actions, "list", "courses:list_courses", "the courses that are not over")
    listed.add_argument("--all", action="store_true", help="also those that are over")
    add(actions, "cancel", "courses:cancel", "it does not take place; who signed up is told")
    actions.choices["cancel"].add_argument("number", type=int, metavar="N")
    add(actions, "demand", "courses:demand", "what people want to learn, by topic")
    told = add(actions, "outcomes", "courses:outcomes", "what came of a year's courses, with n")
    told.add_argument("--year", type=a_year)
    for action in ("list", "demand", "outcomes"):
        actions.choices[action].add_argument("--area", help="by name or code")


def _add_events(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    events = commands.add_parser("events", help="what takes place, and what was signed there")
    actions = events.add_subparsers(required=True, metavar="ACTION")
    add(actions, "list", "events:list_events", "the events of a year")
    add(actions, "signings", "events:signings", "what was signed in a year, with its totals")
    add(actions, "count", "events:count", "how many of each kind a year had")
    for action in ("list", "signings", "count"):
        actions.choices[action].add_argument("--year", type=a_year)
        actions.choices[action].add_argument("--area", help="by name or code")
    text = "it does not take place; who was asked is told"
    add(actions, "cancel", "events:cancel", text).add_argument("number", type=int, metavar="N")


def _add_signings(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    signing = commands.add_parser("signing", help="what was signed, and the money that came")
    actions = signing.add_subparsers(required=True, metavar="ACTION")
    new = add(actions, "add", "signings:add", "a project was signed at an event")
    new.add_argument("event", type=int, metavar="EVENT")
    new.add_argument("--project", required=True, help="what it is called")
    new.add_argument("--firm", required=True, help="who signed")
    new.add_argument("--party", default="", help="with whom: a town, a park, an office")
    new.add_argument("--planned", type=_yuan, metavar="YUAN", help="what was pledged")
    new.add_argument("--landed", type=_yuan, metavar="YUAN", help="what came at once")
    paid = add(actions, "paid", "signings:paid", "money came; less than nothing mends a mistake")
    paid.add_argument("number", type=int, metavar="N")
    paid.add_argument("amount", type=_change, metavar="YUAN")
    paid.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="today")
    listed = add(actions, "list", "signings:list_signings", "what was signed in a year, each step")
    listed.add_argument("--year", type=a_year)
    listed.add_argument("--area", help="by name or code")
    for action in ("add", "paid"):
        actions.choices[action].add_argument("--staff", default="", help="who says so")


def _add_stations(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    stations = commands.add_parser("stations", help="at home and where people work")
    actions = stations.add_subparsers(required=True, metavar="ACTION")
    listed = add(actions, "list", "stations:list_stations", "the directory")
    listed.add_argument("--area", help="by name or code")
    told = add(actions, "reports", "stations:reports", "what heads confirmed of a half-year")
    told.add_argument("--half", default="", metavar="2026H2", help="this one")


def _add_tasks(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    tasks = commands.add_parser("tasks", help="what units are to do by when")
    actions = tasks.add_subparsers(required=True, metavar="ACTION")
    listed = add(actions, "list", "unit_tasks:list_tasks", "the tasks, with the day due next")
    listed.add_argument("--area", help="by name or code")
    listed.add_argument("--overdue", action="store_true", help="only what was missed")
    for action, place, text in (
        ("plan", "show_plan", "the lines of a paper's plan, as printed"),
        ("adopt", "adopt", "make tasks of those lines"),
    ):
        add(actions, action, f"unit_tasks:{place}", text).add_argument("area", metavar="AREA")
    actions.choices["adopt"].add_argument("--year", type=a_year, help="whose days; this one")
    new = add(actions, "add", "unit_tasks:add", "one of your own")
    new.add_argument("title")
    new.add_argument("--area", required=True, help="by name or code")
    new.add_argument("--due", type=_day, metavar="YYYY-MM-DD")
    new.add_argument("--every", choices=["month", "two-months", "quarter", "half-year", "year"])
    new.add_argument("--units", default="", help="who leads, who helps")
    new.add_argument("--staff", default="", metavar="NAME", help="who is reminded")
    add(actions, "drop", "unit_tasks:drop", "nobody is to do it any more")
    actions.choices["drop"].add_argument("number", type=int, metavar="N")


def a_year(text: str) -> int:
    """A year of the command line."""
    if not re.fullmatch(r"20\d\d", text):
        raise argparse.ArgumentTypeError(f"takes a year such as 2026, not {text!r}")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"takes a day such as 2026-12-31, not {text!r}") from None


def _yuan(text: str) -> int:
    if not text.isdigit() or int(text) > _MOST_YUAN:
        raise argparse.ArgumentTypeError(f"{text!r} is no sum: give whole yuan, 500000")
    return int(text)


def _change(text: str) -> int:
    sum_ = _yuan(text.removeprefix("-"))
    return -sum_ if text.startswith("-") else sum_
