"""`guiyan report`: the figures of a month, counted now or as they were kept."""

from __future__ import annotations

import argparse
from datetime import datetime

from bot.commands.in_store import Lines, printed
from bot.settings import Settings
from bot.wiring import App
from outreach.calendars import CHINA
from outreach.reports import counting, drafting
from outreach.reports.month import FIGURES, Month, differences, month_of
from records import month_drafts
from records.database import Session
from records.month_drafts import Draft


def draft(options: argparse.Namespace, settings: Settings) -> int:
    """Count a month; kept where it differs from what was counted before."""

    def work(session: Session, app: App, area: str) -> Lines:
        now = app.now()
        month = month_of(options.month) if options.month else drafting.last_month(now)
        areas = [area] if area else counting.areas(session)
        if not areas:
            return ["nobody is registered yet, and nobody asked for anything: nothing to count"]
        return _pages([drafting.draft(session, each, month, now) for each in areas], month)

    return printed(options, settings, work)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """The newest draft of each area; with --all every one, and what changed between them."""

    def work(session: Session, app: App, area: str) -> Lines:
        month = month_of(options.month) if options.month else drafting.last_month(app.now())
        found = month_drafts.of_month(session, str(month), area)
        return _changes(found) if options.all else _pages(_newest(found), month)

    return printed(options, settings, work)


def define(options: argparse.Namespace, settings: Settings) -> int:
    """What each figure counts."""

    def work(session: Session, app: App, area: str) -> Lines:
        return [f"{one.name}  {one.title}（{one.unit.value}）  {one.means}" for one in FIGURES]

    return printed(options, settings, work)


def _newest(found: list[Draft]) -> list[Draft]:
    areas: dict[str, Draft] = {}
    for one in found:
        areas.setdefault(one.area, one)
    return list(areas.values())


def _pages(found: list[Draft], month: Month) -> Lines:
    if not found:
        return [f"no draft of {month}: `guiyan report draft --month {month}` counts it"]
    return [line for one in found for line in _page(one)]


def _page(one: Draft) -> Lines:
    head = f"{one.area or 'area not known'}  {one.month}  draft {one.number} of {_day(one.at)}"
    return [
        head,
        *(
            f"  {figure.title}  {_said(one.figures.get(figure.name))} {figure.unit.value}"
            for figure in FIGURES
        ),
    ]


def _changes(found: list[Draft]) -> Lines:
    """Each draft with what it changed in the one before."""
    lines = []
    for n, one in enumerate(found):
        older = next((each for each in found[n + 1 :] if each.area == one.area), None)
        changed = differences(older.figures, one.figures) if older else {}
        words = "  ".join(f"{k} {_said(a)} → {_said(b)}" for k, (a, b) in changed.items())
        lines.append(
            f"{one.area or 'area not known'}  draft {one.number} of {_day(one.at)}  "
            f"{words or 'the first'}"
        )
    return lines


def _said(value: int | None) -> str:
    return "–" if value is None else str(value)


def _day(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
