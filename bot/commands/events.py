"""`guiyan events`: what takes place where, what was signed, how many of each kind."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.commands.in_store import Lines, printed
from bot.settings import Settings
from bot.wiring import App
from outreach.courses.booking import midnight, today_of
from outreach.events import inviting
from records import campaign_drafts, events
from records.database import Session
from records.events import Event


def list_events(options: argparse.Namespace, settings: Settings) -> int:
    """The events of a year."""

    def work(session: Session, app: App, area: str) -> Lines:
        return [_line(session, event) for event in _of_year(session, app, area, options.year)]

    return printed(options, settings, work)


def cancel(options: argparse.Namespace, settings: Settings) -> int:
    """An event does not take place; who was invited is told."""

    def work(session: Session, app: App, area: str) -> Lines:
        told = inviting.cancel(session, app.vault, options.number, by="terminal", now=app.now())
        return [f"called off; {told} people are told"]

    return printed(options, settings, work)


def signings(options: argparse.Namespace, settings: Settings) -> int:
    """The ledger of a year: what was signed, and its four totals."""

    def work(session: Session, app: App, area: str) -> Lines:
        held = _of_year(session, app, area, options.year)
        rows = events.signings(session, [event.number for event in held])
        found = events.totals(rows)
        lines = [
            f"{one.number}  event {one.event}  {one.project}  {one.firm}  "
            f"planned {_yuan(one.planned)}  landed {_yuan(one.landed)}"
            for one in rows
        ]
        total = (
            f"projects {found.projects}  firms {found.firms}  "
            f"planned {found.planned} yuan  landed {found.landed} yuan"
        )
        return [*lines, total]

    return printed(options, settings, work)


def count(options: argparse.Namespace, settings: Settings) -> int:
    """How many events of each kind a year had, and how many people came."""

    def work(session: Session, app: App, area: str) -> Lines:
        held = [
            event
            for event in _of_year(session, app, area, options.year)
            if not event.is_off and event.told.starts_at <= app.now()
        ]
        kinds = Counter(event.told.kind.value for event in held)
        came: Counter[str] = Counter()
        for event in held:
            came[event.told.kind.value] += event.came + event.walk_ins
        lines = [f"{kind}  {n} held  {came[kind]} came" for kind, n in sorted(kinds.items())]
        return [*lines, *_by_venue(held)]

    return printed(options, settings, work)


def _by_venue(held: Sequence[Event]) -> Lines:
    """四进: the lectures by the kind of place, where that was said."""
    said = [event for event in held if event.told.venue]
    found = Counter((event.told.kind.value, event.told.venue) for event in said)
    came: Counter[tuple[str, str]] = Counter()
    for event in said:
        came[event.told.kind.value, event.told.venue] += event.came + event.walk_ins
    return [
        f"{kind} 进{venue}  {n} held  {came[kind, venue]} came"
        for (kind, venue), n in sorted(found.items())
    ]


def _of_year(session: Session, app: App, area: str, year: int | None) -> list[Event]:
    wanted = year or today_of(app.now()).year
    first, last = midnight(date(wanted, 1, 1)), midnight(date(wanted + 1, 1, 1))
    return [e for e in events.of_area(session, area, first, last) if e.told.starts_at < last]


def _line(session: Session, event: Event) -> str:
    told, campaign = event.told, campaign_drafts.of_event(session, event.number)
    state = "called off" if event.is_off else f"invited {event.invited}, yes {event.yes}"
    came = f", came {event.came}+{event.walk_ins}" if event.came or event.walk_ins else ""
    day = told.starts_at.date().isoformat()
    by = f"  campaign {campaign.id} {campaign.state}" if campaign else ""
    return f"{event.number}  {day}  {told.kind.value}  {told.title}  {state}{came}{by}"


def _yuan(amount: int | None) -> str:
    return "not said" if amount is None else f"{amount} yuan"
