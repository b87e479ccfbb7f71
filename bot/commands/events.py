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
from outreach.events import halting, inviting
from outreach.events.halting import Fate
from outreach.events.inviting import EventRefused
from records import events
from records.database import Session
from records.events import Event


def list_events(options: argparse.Namespace, settings: Settings) -> int:
    """The events of a year."""

    def work(session: Session, app: App, area: str) -> Lines:
        return [_line(event) for event in _of_year(session, app, area, options.year)]

    return printed(options, settings, work)


def cancel(options: argparse.Namespace, settings: Settings) -> int:
    """An event does not take place; who was invited is told."""

    def work(session: Session, app: App, area: str) -> Lines:
        told = inviting.cancel(session, app.vault, options.number, by="terminal", now=app.now())
        return [f"called off; {told} people are told"]

    return printed(options, settings, work)


def invited(options: argparse.Namespace, settings: Settings) -> int:
    """The account of an event's invitations: how many got theirs, and who did not, by number."""

    def work(session: Session, app: App, area: str) -> Lines:
        event = _named(session, options.number)
        fates = list(halting.fates(session, event).values())
        counts = "  ".join(f"{fate.value} {fates.count(fate)}" for fate in Fate)
        state = f"  ({event.halt.value})" if event.halt else ""
        return [f"{counts}{state}", *_left(fates)]

    return printed(options, settings, work)


def _left(fates: Sequence[Fate]) -> Lines:
    """Who has not got theirs, by the number on the list that staff see in the talk."""
    return [f"{n}  {fate.value}" for n, fate in enumerate(fates, 1) if fate is not Fate.GOT]


def pause(options: argparse.Namespace, settings: Settings) -> int:
    """No more invitations leave from now on, until they are resumed."""
    return _halted(options, settings, for_good=False)


def stop(options: argparse.Namespace, settings: Settings) -> int:
    """No more invitations leave, for good."""
    return _halted(options, settings, for_good=True)


def resume(options: argparse.Namespace, settings: Settings) -> int:
    """Paused invitations go on; nobody gets a second one."""

    def work(session: Session, app: App, area: str) -> Lines:
        count = halting.resume(session, app.vault, options.number, by="terminal", now=app.now())
        return [f"{count} invitations go out after all"]

    return printed(options, settings, work)


def choose(options: argparse.Namespace, settings: Settings) -> int:
    """Whom an event is for."""

    def work(session: Session, app: App, area: str) -> Lines:
        words, now = options.audience, app.now()
        inviting.choose(session, options.number, words, by="terminal", now=now)
        count = len(inviting.whom(session, app.vault, _named(session, options.number), now))
        return [f"for {words or 'everybody'}: {count} people who agreed to be written to"]

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
        return [f"{kind}  {n} held  {came[kind]} came" for kind, n in sorted(kinds.items())]

    return printed(options, settings, work)


def _halted(options: argparse.Namespace, settings: Settings, *, for_good: bool) -> int:
    def work(session: Session, app: App, area: str) -> Lines:
        count = halting.halt(
            session, options.number, for_good=for_good, by="terminal", now=app.now()
        )
        event = _named(session, options.number)
        fates = list(halting.fates(session, event).values())
        return [f"halted; {count} had not left", *_left(fates)]

    return printed(options, settings, work)


def _named(session: Session, number: int) -> Event:
    event = events.find(session, number)
    if event is None:
        raise EventRefused(f"there is no event {number}: `guiyan events list` shows them")
    return event


def _of_year(session: Session, app: App, area: str, year: int | None) -> list[Event]:
    wanted = year or today_of(app.now()).year
    first, last = midnight(date(wanted, 1, 1)), midnight(date(wanted + 1, 1, 1))
    return [e for e in events.of_area(session, area, first, last) if e.told.starts_at < last]


def _line(event: Event) -> str:
    told = event.told
    state = "called off" if event.is_off else f"invited {event.invited}, yes {event.yes}"
    came = f", came {event.came}+{event.walk_ins}" if event.came or event.walk_ins else ""
    day = told.starts_at.date().isoformat()
    return f"{event.number}  {day}  {told.kind.value}  {told.title}  {state}{came}"


def _yuan(amount: int | None) -> str:
    return "not said" if amount is None else f"{amount} yuan"
