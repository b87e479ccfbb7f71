"""People who are made up to show how it works: found by their basis, their requests forgotten."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlmodel import Session

from records.people import Person
from records.ticket_steps import TicketStep
from records.tickets import Ticket, TicketLine

BASIS = "演示数据，不是真人"
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_TICKETS = Ticket.__table__  # type: ignore[attr-defined]
_LINES = TicketLine.__table__  # type: ignore[attr-defined]
_STEPS = TicketStep.__table__  # type: ignore[attr-defined]


def ids(session: Session) -> list[str]:
    """All of them."""
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.basis == BASIS).order_by(_PEOPLE.c.id)
    return list(session.execute(query).scalars())


def are_others(session: Session) -> bool:
    """Whether anybody else is registered."""
    query = select(func.count()).select_from(_PEOPLE).where(_PEOPLE.c.basis != BASIS)
    return bool(session.execute(query).scalar())


def forget_request(session: Session, number: str) -> None:
    """Nothing of a made-up request stays, for requests are counted."""
    for rows in (_LINES, _STEPS):
        session.execute(delete(rows).where(rows.c.ticket == number))
    session.execute(delete(_TICKETS).where(_TICKETS.c.number == number))
