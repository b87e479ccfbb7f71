"""Requests whose time is nearly up, or is up: reminded of, then one level up each working day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from handlers.texts import say
from handlers.tickets.moving import tell_staff
from outreach import clocks, routing, ticket_news
from outreach.alerts import Why
from records import audit, staff_accounts, ticket_steps, tickets
from records.database import Session
from records.scope import Spot
from records.staff_accounts import Staff
from records.ticket_steps import Step, StepKind
from records.tickets import Author, Level, Ticket, TicketKind
from records.vault import Vault

_ANSWERED_HERE = frozenset({TicketKind.TALK, TicketKind.CALLBACK, TicketKind.CLOSED_BUSINESS})
_NAMES = ("reminded", "escalated", "overdue", "lifted")


def look_after(session: Session, vault: Vault, now: datetime) -> dict[str, int]:
    """Once each working day: what was done about the requests that wait too long."""
    counts: Counter[str] = Counter()
    staff = staff_accounts.everybody(session)
    for row in tickets.list_open(session):
        counts[_looked_at(session, vault, row, staff, now)] += 1
    return {name: counts[name] for name in _NAMES}


def _looked_at(
    session: Session, vault: Vault, row: Ticket, staff: list[Staff], now: datetime
) -> str:
    clock = clocks.of(row)
    if clock.is_up(now):
        return _late(session, vault, row, staff, now)
    if clock.is_near(now) and not _was(session, row, StepKind.REMINDED):
        _note(session, vault, row, StepKind.REMINDED, now)
        tell_staff(session, vault, row, Why.NEAR, now)
        return "reminded"
    return _lifted(session, vault, row, staff, now)


def _late(session: Session, vault: Vault, row: Ticket, staff: list[Staff], now: datetime) -> str:
    """Up one level where somebody serves it; at the county they are told, once."""
    if _is_unanswered(session, row):
        tickets.release(session, row.number)  # the colleagues may take it
        session.expire_all()
    old = Level(row.level)
    new = routing.landing(staff, old.above, _home(session, row))
    if new is old:
        if _was(session, row, StepKind.OVERDUE):
            return ""
        _note(session, vault, row, StepKind.OVERDUE, now)
        told = "overdue"
    elif tickets.lay(session, row.number, row.matter, old=old, new=new):
        session.expire_all()
        _note(session, vault, row, StepKind.ESCALATED, now)
        told = "escalated"
    else:
        return ""
    audit.write(session, f"ticket.{told}", at=now, subject=row.number)
    tell_staff(session, vault, row, Why.OVERDUE, now)
    _tell_person(session, vault, row, new, now)
    return told


def _lifted(session: Session, vault: Vault, row: Ticket, staff: list[Staff], now: datetime) -> str:
    """Nobody serves the level any more, as when a colleague has left: the next has it."""
    old = Level(row.level)
    new = routing.landing(staff, old, _home(session, row))
    if new is old or not tickets.lay(session, row.number, row.matter, old=old, new=new):
        return ""
    session.expire_all()
    _note(session, vault, row, StepKind.MOVED, now)
    tell_staff(session, vault, row, Why.MOVED, now)
    return "lifted"


def _is_unanswered(session: Session, row: Ticket) -> bool:
    is_talk = TicketKind(row.kind) in _ANSWERED_HERE
    said = tickets.last_said(session, row.number, Author.STAFF)
    return is_talk and bool(row.taken_by) and said is None


def _tell_person(session: Session, vault: Vault, row: Ticket, new: Level, now: datetime) -> None:
    """That it is late is not hidden from who waits."""
    if TicketKind(row.kind) in (TicketKind.DANGER, TicketKind.CLOSED_BUSINESS):
        return
    text = say("ticket.late", number=row.number, level=routing.spoken(new))
    ticket_news.tell(session, vault, row, text, key=f"late/{new.value}", now=now)


def _home(session: Session, row: Ticket) -> Spot:
    return routing.home_of(session, row.person_id, row.area)


def _was(session: Session, row: Ticket, kind: StepKind) -> bool:
    return bool(ticket_steps.last(session, [row.number], kind))


def _note(session: Session, vault: Vault, row: Ticket, kind: StepKind, now: datetime) -> None:
    step = Step(kind, row.level, now, row.matter)
    ticket_steps.note(session, vault, row.number, step)
