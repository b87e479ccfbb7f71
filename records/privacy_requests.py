"""Requests about personal data: what a ticket of that kind is about, and how it was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Executable, LargeBinary, func, select
from sqlmodel import Field, Session, SQLModel

from records import scope
from records.tickets import Ticket, TicketKind, TicketState
from records.types import UtcDateTime
from records.vault import Vault

_KINDS = (TicketKind.IDENTITY.value, TicketKind.COMPLAINT.value)


class RequestKind(StrEnum):
    """What is asked for (PIPL 45–50)."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"
    COMPLAINT = "complaint"
    RELATIVE = "relative"  # of somebody who has died (domain P-25)


class Outcome(StrEnum):
    """How it was decided."""

    DONE = "done"
    REFUSED = "refused"  # the reason is kept and told


class PrivacyRequest(SQLModel, table=True):
    """What the office knows of a request beside its ticket; it outlives whom it is about."""

    __tablename__ = "privacy_request"

    ticket: str = Field(primary_key=True, max_length=12)
    kind: str = Field(max_length=12)
    way: str = Field(max_length=12)  # how it came: chat, phone, counter, paper
    opened_by: str = Field(default="", max_length=40)  # of the staff; "" where by themselves
    outcome: str = Field(default="", max_length=8)
    decided_by: str = Field(default="", max_length=40)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # the reason


@dataclass(frozen=True, slots=True)
class Request:
    """A request with its ticket; `kind` None where nobody has said yet what it is about."""

    ticket: Ticket
    kind: RequestKind | None
    way: str
    outcome: Outcome | None
    decided_by: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Times:
    """When a request began and was decided; `ended` None where it was not yet."""

    kind: RequestKind | None
    began: datetime
    ended: datetime | None


_TICKETS = Ticket.__table__  # type: ignore[attr-defined]
_TABLE = PrivacyRequest.__table__  # type: ignore[attr-defined]
_JOINED = select(Ticket, PrivacyRequest).outerjoin(
    PrivacyRequest, _TABLE.c.ticket == _TICKETS.c.number
)
_TIMES = select(
    _TABLE.c.kind,
    _TICKETS.c.kind,
    _TICKETS.c.starts_at,
    _TICKETS.c.opened_at,
    _TABLE.c.decided_at,
    _TICKETS.c.closed_at,
).select_from(_TICKETS.outerjoin(_TABLE, _TABLE.c.ticket == _TICKETS.c.number))
_IS_ONE = _TICKETS.c.kind.in_(_KINDS)
_IS_OPEN = _TICKETS.c.state != TicketState.CLOSED.value


def sort(
    session: Session, vault: Vault, number: str, kind: RequestKind, *, way: str, by: str = ""
) -> None:
    """Say what a ticket is about; said again, it is what was said last."""
    row = session.get(PrivacyRequest, number)
    if row is None:
        row = PrivacyRequest(
            ticket=number, kind=kind.value, way=way, opened_by=by, sealed=vault.seal("")
        )
        session.add(row)
    row.kind = kind.value
    session.flush()


def decide(
    session: Session,
    vault: Vault,
    number: str,
    outcome: Outcome,
    *,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """It was done or refused."""
    row = session.get_one(PrivacyRequest, number)
    row.outcome, row.decided_by, row.decided_at = outcome.value, by, at
    row.sealed = vault.seal(reason)
    session.flush()


def find(session: Session, vault: Vault, number: str) -> Request | None:
    """One request; None where the number is none's."""
    query = _JOINED.where(_TICKETS.c.number == number.strip().upper(), _IS_ONE)
    row = session.execute(query).first()
    return _opened(vault, row[0], row[1]) if row else None


def waiting(session: Session, vault: Vault, area: str = "", limit: int = 200) -> list[Request]:
    """What is not decided in an area of the privacy office, a county or wider, oldest first."""
    query = _JOINED.where(_IS_OPEN, _IS_ONE, scope.visible(area, _TICKETS.c))
    order = query.order_by(_TICKETS.c.opened_at, _TICKETS.c.number)
    return _all(session, vault, order.limit(limit))


def latest(
    session: Session, vault: Vault, area: str, limit: int, *, before: datetime | None = None
) -> list[Request]:
    """The newest there that are closed; `before`: opened before a moment, to page on."""
    query = _JOINED.where(~_IS_OPEN, _IS_ONE, scope.visible(area, _TICKETS.c))
    if before is not None:
        query = query.where(_TICKETS.c.opened_at < before)
    order = query.order_by(_TICKETS.c.opened_at.desc(), _TICKETS.c.number)
    return _all(session, vault, order.limit(limit))


def times_within(session: Session, since: datetime, until: datetime) -> list[Times]:
    """Those opened in a span by their times alone: a year has thousands, nothing is unsealed."""
    query = _TIMES.where(_TICKETS.c.opened_at >= since, _TICKETS.c.opened_at < until, _IS_ONE)
    return [
        Times(RequestKind(kind) if kind else _kind_of(of), starts or opened, decided or closed)
        for kind, of, starts, opened, decided, closed in session.execute(query)
    ]


def count_open(session: Session, area: str) -> int:
    """How many are not decided there."""
    near = scope.visible(area, _TICKETS.c)
    query = select(func.count()).select_from(_TICKETS).where(_IS_OPEN, _IS_ONE, near)
    return int(session.execute(query).scalar() or 0)


def _all(session: Session, vault: Vault, query: Executable) -> list[Request]:
    return [_opened(vault, row[0], row[1]) for row in session.execute(query)]


def _kind_of(ticket_kind: str) -> RequestKind | None:
    """What a ticket is about that nobody has sorted."""
    return RequestKind.COMPLAINT if ticket_kind == TicketKind.COMPLAINT else None


def _opened(vault: Vault, ticket: Ticket, about: PrivacyRequest | None) -> Request:
    if about is None:
        return Request(ticket, _kind_of(ticket.kind), "chat", None, "", None, "")
    outcome = Outcome(about.outcome) if about.outcome else None
    reason = str(vault.open(about.sealed))
    return Request(
        ticket,
        RequestKind(about.kind),
        about.way,
        outcome,
        about.decided_by,
        about.decided_at,
        reason,
    )
