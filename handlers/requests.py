"""What becomes of a request for a human: ticket, trail, and the staff that learns of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers import places
from outreach import alerts
from outreach.alerts import Alert
from records import audit, handing_back, inbound, outbox, tickets
from records.database import Session
from records.messages import NOTICES, InboundKind
from records.staff_accounts import Staff
from records.tickets import Author, Line, NewTicket, TicketKind
from records.vault import Vault

_CONTEXT = 12  # messages that tell staff what was talked about


def open_ticket(
    session: Session, vault: Vault, new: NewTicket, *, conversation: str, robot: str, now: datetime
) -> None:
    """Store the request with the talk that led there, and tell staff."""
    for line, message_id in _talk_before(session, vault, conversation):
        tickets.add_line(
            session,
            vault,
            new.number,
            author=line.author,
            text=line.text,
            at=line.at,
            message_id=message_id,
        )
    channel, chat = conversation.split(":", 1)
    tickets.raise_ticket(session, vault, new, channel=channel, chat=chat, at=now)
    audit.write(session, "ticket.opened", at=now, subject=new.number)
    alert = _alert(new.number, new.kind, new.area, is_urgent=new.is_flagged)
    alerts.tell(session, vault, alert, robot=robot, now=now)


def add(
    session: Session,
    vault: Vault,
    number: str,
    text: str,
    *,
    message_id: int | None,
    now: datetime,
) -> None:
    """Keep what the person said, and pass it on to who looks after it."""
    author = Author.PERSON
    line = tickets.add_line(
        session, vault, number, author=author, text=text, at=now, message_id=message_id
    )
    alerts.relay(session, vault, number, text, key=f"said:{line}", now=now)


def flag(session: Session, vault: Vault, number: str, *, robot: str, now: datetime) -> None:
    """Danger is spoken of: staff is told at once, whatever the hour."""
    tickets.flag(session, number)
    audit.write(session, "ticket.flagged", at=now, subject=number)
    row = tickets.find(session, number)
    if row is not None:
        alert = _alert(number, TicketKind(row.kind), row.area, is_urgent=True)
        alerts.tell(session, vault, alert, robot=robot, now=now)


def hand_back(
    session: Session, vault: Vault, staff: Staff, *, robot: str, now: datetime
) -> list[str]:
    """What somebody may not look after any more goes back to their colleagues; its numbers.

    `staff` are they as they are now, with the accounts that they had.
    """
    freed = handing_back.hand_back(session, staff, now)
    for row in freed:
        audit.write(session, "ticket.handed_back", at=now, subject=row.number)
        alert = _alert(row.number, TicketKind(row.kind), row.area, is_urgent=row.is_flagged)
        alerts.tell(session, vault, replace(alert, left_at=now), robot=robot, now=now)
    return [row.number for row in freed]


def _alert(number: str, kind: TicketKind, area: str, *, is_urgent: bool) -> Alert:
    return Alert(number, kind, area, places.named(area), is_urgent)


def _talk_before(
    session: Session, vault: Vault, conversation: str
) -> list[tuple[Line, int | None]]:
    """The last lines of a talk, and the stored message behind each of the person's.

    By our own clock: the channel's is another one, and may know whole seconds only.
    """
    talk: list[tuple[Line, int | None]] = []
    for heard in inbound.history(session, conversation, _CONTEXT):
        content = vault.open(heard.payload)
        kind = InboundKind(content["kind"])
        if kind not in NOTICES and kind is not InboundKind.START:  # its text is a code's, not said
            line = Line(Author.PERSON, str(content["text"]), heard.received_at)
            talk.append((line, heard.id))
    for row in outbox.latest(session, conversation, _CONTEXT):
        text = str(vault.open(row.payload)["text"])
        talk.append((Line(Author.BOT, text, row.settled_at or row.due), None))
    return sorted(talk, key=lambda one: one[0].at)[-_CONTEXT:]
