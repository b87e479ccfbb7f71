"""A request that several offices serve together (domain S3-31): who still owes their part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.texts import say
from outreach import ticket_news
from records import audit, ticket_steps, tickets
from records.conversations import Overtaken
from records.database import Session
from records.ticket_steps import Step, StepKind
from records.tickets import Ticket, TicketState
from records.vault import Vault

_SEPARATES = "："  # an office from what it says; offices have none in their names


@dataclass(frozen=True, slots=True)
class JoinOffices:
    """Staff ask these offices to serve a request together."""

    number: str
    offices: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class OfficeDone:
    """An office has done its part; what came of it is for staff to read."""

    number: str
    office: str
    note: str
    by: str


def parts(steps: Iterable[Step]) -> Mapping[str, bool]:
    """The offices of a request in the order in which they were asked, and who is done."""
    found: dict[str, bool] = {}
    for step in steps:
        if step.kind is StepKind.JOINED:
            found.setdefault(step.why, False)
        elif step.kind is StepKind.PART_DONE:
            found[step.why.partition(_SEPARATES)[0]] = True
    return found


def left(steps: Iterable[Step]) -> tuple[str, ...]:
    """The offices that were asked and are not done."""
    return tuple(office for office, is_done in parts(steps).items() if not is_done)


def still_open(steps: Iterable[Step]) -> str:
    """A warning for who closes a request before all are done; "" where they are."""
    offices = left(steps)
    return say("joint.still", offices="、".join(offices)) if offices else ""


def spoken(offices: Mapping[str, bool]) -> str:
    """How far each is: 国土局办好了，环保局在办."""
    return "，".join(
        say("joint.done", office=office) if is_done else say("joint.open", office=office)
        for office, is_done in offices.items()
    )


def join(session: Session, vault: Vault, wish: JoinOffices, now: datetime) -> None:
    """These are asked; the person is told once who looks after it together."""
    row = _open(session, wish.number)
    for office in wish.offices:
        step = Step(StepKind.JOINED, row.level, now, row.matter, wish.by, office)
        ticket_steps.note(session, vault, row.number, step)
    _audit(session, "ticket.joined", row, wish.by, now)
    text = say("joint.told", number=row.number, offices="、".join(wish.offices))
    ticket_news.tell(session, vault, row, text, key=f"joint/{now:%Y%m%d%H%M%S}", now=now)


def finish(session: Session, vault: Vault, wish: OfficeDone, now: datetime) -> None:
    """One of them is done."""
    row = _open(session, wish.number)
    why = f"{wish.office}{_SEPARATES}{wish.note}" if wish.note else wish.office
    step = Step(StepKind.PART_DONE, row.level, now, row.matter, wish.by, why)
    ticket_steps.note(session, vault, row.number, step)
    _audit(session, "ticket.part_done", row, wish.by, now)


def _open(session: Session, number: str) -> Ticket:
    row = tickets.find(session, number)
    if row is None or row.state == TicketState.CLOSED:
        raise Overtaken
    return row


def _audit(session: Session, act: str, row: Ticket, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=row.number)
