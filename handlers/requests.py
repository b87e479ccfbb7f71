"""What becomes of a request for a human: ticket, trail, and the staff that learns of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers import places
from outreach import alerts, routing
from outreach.alerts import Alert, Why
from records import assignments, audit, handing_back, inbound, outbox, staff_accounts, tickets
from records.assignments import Help
from records.database import Session
from records.messages import NOTICES, InboundKind
from records.staff_accounts import Staff
from records.tickets import Author, Line, NewTicket, TicketKind
from records.vault import Vault

_FOR_THE_HELPER = frozenset({TicketKind.TALK, TicketKind.CALLBACK, TicketKind.CLOSED_BUSINESS})
_CONTEXT = 12  # messages that tell staff what was talked about


def open_ticket(
    session: Session, vault: Vault, new: NewTicket, *, conversation: str, robot: str, now: datetime
) -> None:
    """Store the request with the talk that led there, and tell staff."""
    talk = _talk_before(session, vault, conversation)
    for line, message_id in talk:
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
    told = [line.text for line, _ in reversed(talk) if line.author is Author.PERSON]
    routed = _routed(session, new, [new.subject, *told])
    tickets.raise_ticket(session, vault, routed, channel=channel, chat=chat, at=now)
    if helper := _own_helper(session, new):
        tickets.take(session, new.number, staff=helper, at=now)
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
        alerts.tell(session, vault, replace(alert, why=Why.AGAIN, at=now), robot=robot, now=now)
    return [row.number for row in freed]


def _routed(session: Session, new: NewTicket, said: Sequence[str]) -> NewTicket:
    """With its subject, and the level that it lies with."""
    matter = routing.matter_of(new.matter) if new.matter else routing.guess(new.kind, said)
    home = routing.home_of(session, new.person_id, new.area)
    wanted = routing.wanted(new.kind, matter)
    level = routing.landing(staff_accounts.everybody(session), wanted, home)
    return replace(new, matter=matter.code, level=level)


def _own_helper(session: Session, new: NewTicket) -> str:
    """The commissioner of who wants to speak to somebody, if they can be told; "" if not."""
    if new.kind not in _FOR_THE_HELPER or new.is_flagged or not new.person_id:
        return ""
    given = assignments.of_people(session, [new.person_id]).get(new.person_id, ())
    name = next((one.helper for one in given if one.help is Help.COMMISSIONER), "")
    able = (one.name for one in staff_accounts.everybody(session) if one.accounts)
    return name if name in able else ""


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
