"""What staff do at the desk: take a request, answer the person, close it."""

from __future__ import annotations

from datetime import datetime

from handlers.desk import Act, Case, Clerk, NoSuchTicket, Work, look_at
from handlers.texts import say
from handlers.tickets.rating import ask_for_rating
from outreach.reach import ALL, Lines
from records import audit, outbox, tickets
from records.conversations import Overtaken
from records.database import Session
from records.messages import Priority
from records.outbox import NewOutgoing
from records.send_budgets import Reach
from records.tickets import Author, Ticket, TicketState
from records.vault import Vault


class Unreachable(Exception):
    """The person gets no messages of ours any more, on any account: nothing was stored."""


def do(session: Session, vault: Vault, work: Work, *, now: datetime) -> None:
    """Carry out an act; Overtaken if the ticket has changed since it was decided on."""
    number, clerk = work.seen.number, work.clerk
    row = tickets.find(session, number)
    if row is None or (row.state, row.taken_by) != (work.seen.state, work.seen.taken_by):
        raise Overtaken
    match work.act:
        case Act.READ:
            audit.write(session, "ticket.read", at=now, actor=_actor(clerk), subject=number)
        case Act.TAKE | Act.TAKE_OVER:
            take(session, number, clerk=clerk, now=now)
        case Act.REPLY:
            answer(session, vault, work, now=now)
        case Act.CLOSE:
            end(session, vault, work, now=now)


def show(
    session: Session,
    vault: Vault,
    number: str,
    *,
    clerk: Clerk,
    now: datetime,
    lines: Lines = ALL,
) -> Case:
    """One ticket with its talk; that it was read is in the trail."""
    case = _seen(session, vault, number, now=now, lines=lines)
    audit.write(session, "ticket.read", at=now, actor=_actor(clerk), subject=case.number)
    return case


def take(session: Session, number: str, *, clerk: Clerk, now: datetime) -> None:
    """Look after a ticket."""
    row = _open(session, number)
    tickets.take(session, row.number, staff=clerk.account, at=now)
    audit.write(session, "ticket.taken", at=now, actor=_actor(clerk), subject=row.number)


def hand_over(session: Session, seen: Case, to: str, *, clerk: Clerk, now: datetime) -> None:
    """A colleague looks after it from now on; Overtaken if it has changed meanwhile."""
    row = _unchanged(session, seen)
    tickets.take(session, row.number, staff=to, at=now)
    audit.write(session, "ticket.handed_over", at=now, actor=_actor(clerk), subject=row.number)


def put_back(session: Session, seen: Case, *, clerk: Clerk, now: datetime) -> None:
    """Whoever looks after it does not: it waits for anybody again."""
    row = _unchanged(session, seen)
    tickets.release(session, row.number)
    audit.write(session, "ticket.put_back", at=now, actor=_actor(clerk), subject=row.number)


def to_bot(session: Session, vault: Vault, seen: Case, *, clerk: Clerk, now: datetime) -> None:
    """The bot answers the person again, and the request stays with who has it."""
    row = _unchanged(session, seen)
    tickets.go_quiet(session, row.number)
    text = say("human.aside", name=clerk.name, number=row.number)
    _tell(session, vault, seen, text, key=f"aside:{now.isoformat()}", now=now)
    audit.write(session, "ticket.to_bot", at=now, actor=_actor(clerk), subject=row.number)


def reopen(session: Session, vault: Vault, seen: Case, *, clerk: Clerk, now: datetime) -> None:
    """It was closed too early; the person is told that it goes on."""
    row = tickets.find(session, seen.number)
    if row is None or row.state != TicketState.CLOSED:
        raise Overtaken
    tickets.reopen(session, row.number, staff=clerk.account, at=now)
    text = say("human.reopened", name=clerk.name, number=row.number)
    _tell(session, vault, seen, text, key=f"reopened:{now.isoformat()}", now=now)
    audit.write(session, "ticket.reopened", at=now, actor=_actor(clerk), subject=row.number)


def reply(
    session: Session,
    vault: Vault,
    number: str,
    text: str,
    *,
    clerk: Clerk,
    now: datetime,
    lines: Lines = ALL,
) -> Case:
    """Write to the person; the case as it stood, with the way that the words take."""
    case = _seen(session, vault, number, now=now, lines=lines)
    answer(session, vault, Work(Act.REPLY, case, clerk, text), now=now)
    return case


def answer(session: Session, vault: Vault, work: Work, *, now: datetime) -> None:
    """Write to the person; from now on their messages come here and the bot keeps silent."""
    row, clerk, way = _open(session, work.seen.number), work.clerk, work.seen.way
    if way.reach is Reach.NOT_AT_ALL:
        raise Unreachable(row.number)
    if row.state == TicketState.OPEN:
        tickets.take(session, row.number, staff=clerk.account, at=now)
    if way.account != row.conversation:
        tickets.move(session, row.number, way.account)
    tickets.go_live(session, row.number)
    text = work.text
    line = tickets.add_line(session, vault, row.number, author=Author.STAFF, text=text, at=now)
    said = say("human.said", name=clerk.name, text=text)
    key = f"ticket:{row.number}:said:{line}"
    _send(session, vault, way.account, said, key=key, now=now)
    audit.write(session, "ticket.answered", at=now, actor=_actor(clerk), subject=row.number)


def close(
    session: Session,
    vault: Vault,
    number: str,
    *,
    clerk: Clerk,
    now: datetime,
    lines: Lines = ALL,
) -> None:
    """It is done."""
    case = _seen(session, vault, number, now=now, lines=lines)
    end(session, vault, Work(Act.CLOSE, case, clerk), now=now)


def end(session: Session, vault: Vault, work: Work, *, now: datetime) -> None:
    """It is done: the person is told, where they can be, and talks to the bot again."""
    number, clerk, account = work.seen.number, work.clerk, work.seen.way.account
    row = tickets.find(session, number)
    if row is None or row.state == TicketState.CLOSED:
        raise NoSuchTicket(number)
    tickets.close(session, row.number, at=now)
    if account:  # else the person has deleted everything, or gets nothing of ours
        told = say("human.closed", name=clerk.name, number=row.number)
        _send(session, vault, account, told, key=f"ticket:{row.number}:closed", now=now)
        ask_for_rating(session, vault, row, account, now)
    audit.write(session, "ticket.closed", at=now, actor=_actor(clerk), subject=row.number)


def _seen(session: Session, vault: Vault, number: str, *, now: datetime, lines: Lines) -> Case:
    case = look_at(session, vault, number, now=now, lines=lines)
    if case is None:
        raise NoSuchTicket(number)
    return case


def _open(session: Session, number: str) -> Ticket:
    row = tickets.find(session, number)
    is_theirs = row is not None and bool(row.conversation or row.person_id)
    if row is None or row.state == TicketState.CLOSED or not is_theirs:
        raise NoSuchTicket(number)
    return row


def _unchanged(session: Session, seen: Case) -> Ticket:
    row = _open(session, seen.number)
    if (row.state, row.taken_by) != (seen.state, seen.taken_by):
        raise Overtaken
    return row


def _tell(
    session: Session, vault: Vault, seen: Case, text: str, *, key: str, now: datetime
) -> None:
    """What staff did, where the person can be told."""
    account = seen.way.account
    if account:
        _send(session, vault, account, text, key=f"ticket:{seen.number}:{key}", now=now)


def _send(
    session: Session, vault: Vault, account: str, text: str, *, key: str, now: datetime
) -> None:
    channel, chat = account.split(":", 1)
    message = NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=key,
        payload=outbox.sealed_content(vault, text, kind="staff"),
        due=now,
        priority=Priority.REPLY.value,
    )
    outbox.enqueue(session, [message])


def _actor(clerk: Clerk) -> str:
    return f"staff:{clerk.account}"
