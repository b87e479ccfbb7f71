"""`guiyan signing`: what was signed at events, and the money that came of it, step by step."""

from __future__ import annotations

import argparse
from datetime import date, datetime

from bot.cli import CommandError
from bot.commands.in_store import Lines, Work, printed
from bot.settings import Settings
from bot.wiring import App
from outreach.courses.booking import midnight, today_of
from records import audit, events, scope, signings, staff_accounts
from records.database import Session
from records.events import Event, Signed
from records.signings import Payment, SigningFault

_TERMINAL = "terminal"


def add(options: argparse.Namespace, settings: Settings) -> int:
    """A project was signed at an event."""

    def work(session: Session, app: App, area: str) -> Lines:
        event = events.find(session, options.event)
        if event is None:
            raise SigningFault(f"there is no event {options.event}: `guiyan events list`")
        signed = Signed(
            number=0,
            event=options.event,
            project=options.project.strip()[:60],
            firm=options.firm.strip()[:60],
            planned=options.planned,
            landed=options.landed,
            party=options.party.strip()[:60],
            by=_who(session, options.staff, event),
        )
        on = event.told.starts_at.date()
        number = signings.sign(session, signed, on=on, at=app.now())
        _note(session, "event.signed", signed, app.now())
        return [f"kept as signing {number}"]

    return _printed(options, settings, work)


def paid(options: argparse.Namespace, settings: Settings) -> int:
    """Money came for what was signed."""

    def work(session: Session, app: App, area: str) -> Lines:
        signed = events.signing(session, options.number)
        event = events.find(session, signed.event) if signed else None
        by = _who(session, options.staff, event)
        today = today_of(app.now())
        on = options.on or today
        if on > today:
            raise SigningFault(f"{on} is to come: give the day on which the money came")
        landed = signings.pay(session, options.number, Payment(options.amount, on, by), app.now())
        if signed is not None:
            _note(session, "event.landed", signed, app.now(), by)
        return [f"signing {options.number}: {landed} yuan have landed"]

    return _printed(options, settings, work)


def list_signings(options: argparse.Namespace, settings: Settings) -> int:
    """What was signed in a year, with each payment, and the four totals."""

    def work(session: Session, app: App, area: str) -> Lines:
        year = options.year or today_of(app.now()).year
        first, last = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
        held = [e.number for e in events.of_area(session, area, first, last)]
        rows = events.signings(session, held)
        steps = signings.payments(session, [row.number for row in rows])
        found = events.totals(rows)
        total = (
            f"projects {found.projects}  firms {found.firms}  "
            f"planned {found.planned} yuan  landed {found.landed} yuan"
        )
        return [*(line for row in rows for line in _lines(row, steps.get(row.number, []))), total]

    return _printed(options, settings, work)


def _lines(row: Signed, steps: list[Payment]) -> Lines:
    head = (
        f"{row.number}  event {row.event}  {row.project}  {row.firm}  with {row.party or '?'}  "
        f"planned {_yuan(row.planned)}  landed {_yuan(row.landed)}"
    )
    return [head, *(f"    {one.paid_on}  {one.amount} yuan  typed by {one.by}" for one in steps)]


def _yuan(amount: int | None) -> str:
    return "not said" if amount is None else f"{amount} yuan"


def _who(session: Session, name: str, event: Event | None) -> str:
    """Who says so; of the staff only those whose area the event is of."""
    if not name:
        return _TERMINAL
    staff = staff_accounts.named(session, name)
    area = event.told.county or event.told.area if event else ""
    is_theirs = staff.until is None and staff.role.sees_requests
    if not is_theirs or not scope.is_within(area, staff.area):
        raise CommandError(f"{name} does not look after this event: nothing was kept")
    return name


def _note(session: Session, act: str, signed: Signed, now: datetime, by: str = "") -> None:
    actor = f"staff:{by or signed.by}"[:60]
    audit.write(session, act, at=now, actor=actor, subject=f"event:{signed.event}")


def _printed(options: argparse.Namespace, settings: Settings, work: Work) -> int:
    try:
        return printed(options, settings, work)
    except SigningFault as fault:
        raise CommandError(str(fault)) from fault
