"""Tickets: what people want a human for, with the talk that led there, until it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlmodel import Field, Session, SQLModel

from records import outbox, ticket_steps
from records.scope import is_within as is_within
from records.scope import stem
from records.types import BigId, UtcDateTime
from records.vault import Vault


class TicketKind(StrEnum):
    """What a ticket is about."""

    TALK = "talk"  # wants to speak to someone now
    CALLBACK = "callback"  # wants to be called
    COMPLAINT = "complaint"
    CLOSED_BUSINESS = "closed_business"
    SCAM = "scam"
    DANGER = "danger"  # someone's life may be at stake
    IDENTITY = "identity"  # a request about personal data that we could not check by ourselves
    HOME = "home"  # something at their old home, for who is away (domain S2-10)
    APPLICATION = "application"  # of theirs, that an office decides on (domain S4-19)


class Level(StrEnum):
    """Of the three that serve people (domain S1-30), which one a ticket lies with."""

    VILLAGE = "village"
    TOWN = "town"
    COUNTY = "county"

    @property
    def above(self) -> Level:
        """The level that it goes up to; a county's goes nowhere."""
        return Level.TOWN if self is Level.VILLAGE else Level.COUNTY


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class Author(StrEnum):
    """Who said a line of a ticket."""

    PERSON = "person"
    STAFF = "staff"
    BOT = "bot"


class Ticket(SQLModel, table=True):
    """One request. While `is_live`, the person writes to staff and the bot keeps silent."""

    __table_args__ = (
        Index("ix_ticket_kind", "kind", "state"),  # requests about personal data
        Index(  # in the order of their last days, with all that says who may read them
            "ix_ticket_due",
            *("state", "working_days", "is_flagged", "starts_at", "opened_at", "number"),
            *("area", "level", "taken_by", "person_id"),
        ),
        Index("ix_ticket_closed", "state", "closed_at", "number"),
    )

    number: str = Field(primary_key=True, max_length=12)
    conversation: str = Field(default="", max_length=200, index=True)
    channel: str = Field(default="", max_length=20)
    chat: str = Field(default="", max_length=180)
    person_id: str = Field(default="", max_length=24, index=True)
    area: str = Field(default="", max_length=12, index=True)
    kind: str = Field(max_length=20)
    state: str = Field(default=TicketState.OPEN.value, max_length=8, index=True)
    is_live: bool = False
    is_flagged: bool = False  # for the county's eyes
    subject: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    working_days: int = 1  # promised to the person
    matter: str = Field(default="", max_length=16)  # a code of outreach/tables/matters.toml
    level: str = Field(default=Level.COUNTY.value, max_length=8)
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # of the time promised
    taken_by: str = Field(default="", max_length=60)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TicketLine(SQLModel, table=True):
    """One line of the talk that belongs to a ticket, sealed."""

    __tablename__ = "ticket_line"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    ticket: str = Field(max_length=12, index=True)
    author: str = Field(max_length=8)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)
    # The stored message that was said with it (records/inbound.py), to be found if it is recalled.
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A request as it is raised."""

    number: str
    kind: TicketKind
    subject: str
    area: str = ""
    person_id: str = ""
    is_live: bool = False
    is_flagged: bool = False
    working_days: int = 1
    matter: str = ""
    level: Level = Level.COUNTY
    starts_at: datetime | None = None  # where the time promised began before it was entered


@dataclass(frozen=True, slots=True)
class Line:
    """One line, opened."""

    author: Author
    text: str
    at: datetime


TALK_LIFE = timedelta(days=180)  # as long as messages (domain P-16)

_TABLE = Ticket.__table__  # type: ignore[attr-defined]
_LINES = TicketLine.__table__  # type: ignore[attr-defined]
_IS_OPEN = _TABLE.c.state != TicketState.CLOSED.value
_LIVE = (
    select(_TABLE.c.conversation, _TABLE.c.number)
    .where(
        _TABLE.c.conversation.in_(bindparam("keys", expanding=True)), _TABLE.c.is_live, _IS_OPEN
    )
    .order_by(_TABLE.c.opened_at)
)


def raise_ticket(
    session: Session, vault: Vault, new: NewTicket, *, channel: str, chat: str, at: datetime
) -> None:
    """Store a request."""
    session.add(
        Ticket(
            number=new.number,
            conversation=f"{channel}:{chat}" if channel else "",  # "": known to staff alone
            channel=channel,
            chat=chat,
            person_id=new.person_id,
            area=new.area,
            kind=new.kind,
            is_live=new.is_live,
            is_flagged=new.is_flagged,
            subject=vault.seal(new.subject),
            working_days=new.working_days,
            matter=new.matter,
            level=new.level.value,
            starts_at=new.starts_at,
            opened_at=at,
        )
    )
    session.flush()


def open_for(session: Session, conversations: Sequence[str]) -> dict[str, str]:
    """The ticket that each conversation is talking to a human in."""
    rows = session.connection().execute(_LIVE, {"keys": list(conversations)})
    return {row[0]: row[1] for row in rows}


def live_on(session: Session, channel: str) -> list[str]:
    """The conversations of a channel that are talking to a human."""
    query = select(_TABLE.c.conversation).where(
        _TABLE.c.channel == channel, _TABLE.c.is_live, _IS_OPEN
    )
    return list(session.execute(query).scalars())


def add_line(
    session: Session,
    vault: Vault,
    number: str,
    *,
    author: Author,
    text: str,
    at: datetime,
    message_id: int | None = None,
) -> int:
    """Something was said that belongs to the ticket; the id of the line."""
    line = TicketLine(
        ticket=number, author=author, sealed=vault.seal(text), at=at, message_id=message_id
    )
    session.add(line)
    session.flush()
    return line.id or 0


def last_said(session: Session, number: str, author: Author) -> datetime | None:
    """When one of the two last said something in a ticket."""
    query = select(func.max(_LINES.c.at)).where(
        _LINES.c.ticket == number, _LINES.c.author == author.value
    )
    return session.execute(query).scalar()


def find(session: Session, number: str) -> Ticket | None:
    """One ticket."""
    return session.get(Ticket, number.strip().upper())


def list_open(session: Session, *, areas: Sequence[str] = ()) -> list[Ticket]:
    """What is not closed, flagged first, then the oldest; of `areas` and below, if given."""
    query = select(Ticket).where(_IS_OPEN)
    if areas:
        # A prefecture's code ends in 00: its counties share the first four digits.
        query = query.where(or_(*(_TABLE.c.area.startswith(stem(area)) for area in areas)))
    query = query.order_by(_TABLE.c.is_flagged.desc(), _TABLE.c.opened_at)
    return list(session.execute(query).scalars())


def waiting_talks(session: Session, area: str) -> int:
    """How many wait in an open talk of an area for somebody to take it."""
    query = select(func.count()).where(
        _TABLE.c.state == TicketState.OPEN.value, _TABLE.c.is_live, _TABLE.c.area == area
    )
    return int(session.execute(query).scalar_one())


def lines_of(session: Session, vault: Vault, number: str) -> list[Line]:
    """The talk that belongs to a ticket, oldest first."""
    query = select(TicketLine).where(_LINES.c.ticket == number).order_by(_LINES.c.at, _LINES.c.id)
    rows = session.execute(query).scalars()
    return [Line(Author(row.author), vault.open(row.sealed), row.at) for row in rows]


def lines_from(session: Session, message_id: int) -> list[TicketLine]:
    """The lines in which a stored message stands."""
    query = select(TicketLine).where(_LINES.c.message_id == message_id)
    return list(session.execute(query).scalars())


def raised_in(session: Session, conversation: str) -> list[Ticket]:
    """All that was ever asked of staff in a conversation."""
    query = select(Ticket).where(_TABLE.c.conversation == conversation)
    return list(session.execute(query).scalars())


def own(session: Session, accounts: Sequence[str], person_ids: Sequence[str]) -> list[Ticket]:
    """What these accounts or people asked for, the newest first."""
    mine = or_(_TABLE.c.conversation.in_(accounts), _TABLE.c.person_id.in_(person_ids))
    query = select(Ticket).where(mine).order_by(_TABLE.c.opened_at.desc(), _TABLE.c.number)
    return list(session.execute(query).scalars())


def take(session: Session, number: str, *, staff: str, at: datetime) -> None:
    """Someone of the staff looks after it."""
    _change(session, number, state=TicketState.TAKEN.value, taken_by=staff, taken_at=at)


def release(session: Session, number: str) -> None:
    """Whoever looked after it does not any more."""
    _change(session, number, state=TicketState.OPEN.value, taken_by="", taken_at=None)


def reopen(session: Session, number: str, *, staff: str, at: datetime) -> None:
    """It was closed too early: whoever says so looks after it."""
    state = TicketState.TAKEN.value
    _change(session, number, state=state, taken_by=staff, taken_at=at, closed_at=None)


def lay(session: Session, number: str, matter: str, *, old: Level, new: Level) -> bool:
    """It lies with another level, about this matter; False if somebody has moved it meanwhile."""
    mine = (_TABLE.c.number == number) & (_TABLE.c.level == old.value) & _IS_OPEN
    changed = update(_TABLE).where(mine).values(level=new.value, matter=matter)
    return bool(session.connection().execute(changed).rowcount)


def go_live(session: Session, number: str) -> None:
    """From now on the person talks to staff, not to the bot."""
    _change(session, number, is_live=True)


def go_quiet(session: Session, number: str) -> None:
    """The person talks to the bot again, while staff look after the request."""
    _change(session, number, is_live=False)


def move(session: Session, number: str, account: str) -> None:
    """The person is answered on another account of theirs: what they say there belongs here."""
    channel, chat = account.split(":", 1)
    _change(session, number, conversation=account, channel=channel, chat=chat)


def flag(session: Session, number: str) -> None:
    """Somebody is in danger: before all others."""
    _change(session, number, is_flagged=True)


def leave(session: Session, number: str, *, at: datetime) -> None:
    """The person goes back to the bot: a talk that nobody took up is over, all else stays."""
    ticket = find(session, number)
    is_talk = ticket is not None and ticket.kind == TicketKind.TALK and not ticket.is_flagged
    if ticket is not None and is_talk and ticket.state == TicketState.OPEN:
        close(session, number, at=at)
    else:
        _change(session, number, is_live=False)


def close(session: Session, number: str, *, at: datetime) -> None:
    """Nothing more to do."""
    _change(session, number, state=TicketState.CLOSED.value, is_live=False, closed_at=at)


def erase_of(
    session: Session, vault: Vault, *, at: datetime, conversation: str = "", person_id: str = ""
) -> None:
    """Remove what tickets of a talk or person say and whose they are; the bare rows stay.

    One that tells of danger stays open without a word, so that staff learn of it at all.
    """
    mine = (
        _TABLE.c.conversation == conversation if conversation else _TABLE.c.person_id == person_id
    )
    numbers = list(session.execute(select(_TABLE.c.number).where(mine)).scalars())
    session.execute(delete(_LINES).where(_LINES.c.ticket.in_(numbers)))
    ticket_steps.erase(session, vault, numbers)
    for number in numbers:
        outbox.erase_about(session, number)
    gone = {"conversation": "", "chat": "", "person_id": "", "subject": vault.seal("")}
    ended = {"state": TicketState.CLOSED.value, "closed_at": at}
    of_these = _TABLE.c.number.in_(numbers)
    session.execute(update(_TABLE).where(of_these).values({**gone, "is_live": False}))
    session.execute(update(_TABLE).where(of_these, ~_TABLE.c.is_flagged).values(ended))


def forget_talks(session: Session, vault: Vault, now: datetime) -> int:
    """Drop what was said in tickets that were closed half a year ago; how many lines and subjects.

    What was applied for stays as its subject: the ledger of applications needs it.
    """
    is_old = (_TABLE.c.state == TicketState.CLOSED.value) & (_TABLE.c.closed_at < now - TALK_LIFE)
    numbers = select(_TABLE.c.number).where(is_old)
    lines = session.connection().execute(delete(_LINES).where(_LINES.c.ticket.in_(numbers)))
    empty = vault.seal("")
    is_said = (_TABLE.c.kind != TicketKind.APPLICATION.value) & (
        func.length(_TABLE.c.subject) > len(empty)
    )
    blanked = update(_TABLE).where(is_old, is_said).values(subject=empty)
    return int(lines.rowcount + session.connection().execute(blanked).rowcount)


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records of one person became one: the tickets of the first are the second's."""
    session.execute(update(_TABLE).where(_TABLE.c.person_id == gone).values(person_id=kept))


def _change(session: Session, number: str, **values: object) -> None:
    session.execute(update(_TABLE).where(_TABLE.c.number == number).values(values))
