"""A request goes to another level or subject: noted, its new staff told, the person told once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers import places
from handlers.texts import say
from outreach import alerts, clocks, routing, ticket_news
from outreach.alerts import Alert, Why
from records import audit, staff_accounts, ticket_steps, tickets
from records.conversations import Overtaken
from records.database import Session
from records.ticket_steps import Step, StepKind
from records.tickets import Level, Ticket, TicketKind, TicketState
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class MoveTicket:
    """Staff move a request; `old` is where it lay when they decided on it."""

    number: str
    old: Level
    new: Level
    matter: str
    by: str
    why: str = ""


def landings(session: Session, row: Ticket) -> dict[Level, Level]:
    """For each level the one at which somebody is there to serve this request."""
    staff = staff_accounts.everybody(session)
    home = routing.home_of(session, row.person_id, row.area)
    return {level: routing.landing(staff, level, home) for level in Level}


def move(session: Session, vault: Vault, wish: MoveTicket, now: datetime) -> None:
    """Make it so; Overtaken if a colleague was faster."""
    if not tickets.lay(session, wish.number, wish.matter, old=wish.old, new=wish.new):
        raise Overtaken
    step = Step(StepKind.MOVED, wish.new.value, now, wish.matter, wish.by, wish.why)
    ticket_steps.note(session, vault, wish.number, step)
    actor = f"staff:{wish.by}"[:60]
    audit.write(session, "ticket.moved", at=now, actor=actor, subject=wish.number)
    if wish.new is wish.old:
        return
    tickets.release(session, wish.number)
    session.expire_all()
    row = tickets.find(session, wish.number)
    if row is None:
        return
    tell_staff(session, vault, row, Why.MOVED, now)
    matter = routing.matter_of(row.matter)
    text = say(
        "ticket.moved",
        number=row.number,
        level=routing.spoken(wish.new),
        office=matter.office if matter.level is wish.new else routing.spoken(wish.new),
        until=clocks.of(row).shown(now),
    )
    ticket_news.tell(session, vault, row, text, key=f"moved/{now:%Y%m%d%H%M%S}", now=now)


def tell_staff(session: Session, vault: Vault, row: Ticket, why: Why, now: datetime) -> None:
    """Who serves the level that a request lies with learns of it."""
    kind, place = TicketKind(row.kind), places.named(row.area)
    alert = Alert(row.number, kind, row.area, place, is_urgent=False, why=why, at=now)
    alerts.tell(session, vault, alert, robot="", now=now)


def is_open(row: Ticket | None) -> bool:
    """Whether there is still something to be done."""
    return row is not None and row.state != TicketState.CLOSED
