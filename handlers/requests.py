"""What becomes of a request for a human: ticket, trail, and the staff that learns of it."""

from __future__ import annotations

from datetime import datetime

from handlers import places
from outreach import alerts
from outreach.alerts import Alert
from records import audit, inbound, outbox, tickets
from records.database import Session
from records.tickets import Author, NewTicket, TicketKind
from records.vault import Vault

_CONTEXT = 12  # messages that tell staff what was talked about


def open_ticket(
    session: Session, vault: Vault, new: NewTicket, *, conversation: str, robot: str, now: datetime
) -> None:
    """Store the request with the talk that led there, and tell staff."""
    for author, text, at in _talk_before(session, vault, conversation):
        tickets.add_line(session, vault, new.number, author=author, text=text, at=at)
    channel, chat = conversation.split(":", 1)
    tickets.raise_ticket(session, vault, new, channel=channel, chat=chat, at=now)
    audit.write(session, "ticket.opened", at=now, subject=new.number)
    alert = _alert(new.number, new.kind, new.area, is_urgent=new.is_flagged)
    alerts.tell(session, vault, alert, robot=robot, now=now)


def add(session: Session, vault: Vault, number: str, text: str, *, now: datetime) -> None:
    """Keep what the person said, and pass it on to who looks after it."""
    line = tickets.add_line(session, vault, number, author=Author.PERSON, text=text, at=now)
    alerts.relay(session, vault, number, text, line=line, now=now)


def flag(session: Session, vault: Vault, number: str, *, robot: str, now: datetime) -> None:
    """Danger is spoken of: staff is told at once, whatever the hour."""
    tickets.flag(session, number)
    audit.write(session, "ticket.flagged", at=now, subject=number)
    row = tickets.find(session, number)
    if row is not None:
        alert = _alert(number, TicketKind(row.kind), row.area, is_urgent=True)
        alerts.tell(session, vault, alert, robot=robot, now=now)


def _alert(number: str, kind: TicketKind, area: str, *, is_urgent: bool) -> Alert:
    return Alert(number, kind, area, places.named(area), is_urgent)


def _talk_before(
    session: Session, vault: Vault, conversation: str
) -> list[tuple[Author, str, datetime]]:
    said = [
        (Author.PERSON, str(vault.open(row.payload)["text"]), row.sent_at)
        for row in inbound.history(session, conversation, _CONTEXT)
    ]
    told = [
        (Author.BOT, str(vault.open(row.payload)["text"]), row.settled_at or row.due)
        for row in outbox.latest(session, conversation, _CONTEXT)
    ]
    return sorted(said + told, key=lambda line: line[2])[-_CONTEXT:]
