"""What became of tickets on their way: moved, reminded of, gone up; the trail that staff read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, LargeBinary, select, update
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime
from records.vault import Vault


class StepKind(StrEnum):
    """What happened to a ticket."""

    MOVED = "moved"  # by staff, to another level or subject
    REMINDED = "reminded"  # staff, before its time was up
    ESCALATED = "escalated"  # to the level above: its time was up
    OVERDUE = "overdue"  # there is no level above
    JOINED = "joined"  # an office that serves it with others was asked
    PART_DONE = "part_done"  # by one of these
    CHECKED = "checked"  # a self-check found this of a loan that is asked for
    ACCEPTED = "accepted"  # an application was taken in that comes from it
    DECIDED = "decided"  # an application, by its office


class TicketStep(SQLModel, table=True):
    """One step; `level` is where the ticket lies after it."""

    __tablename__ = "ticket_step"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    ticket: str = Field(max_length=12, index=True)
    kind: str = Field(max_length=10)
    level: str = Field(max_length=8)
    matter: str = Field(default="", max_length=16)
    by: str = Field(default="", max_length=60)  # a member of staff; "" = of itself
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # why
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it is entered and read."""

    kind: StepKind
    level: str
    at: datetime
    matter: str = ""
    by: str = ""
    why: str = ""


_TABLE = TicketStep.__table__  # type: ignore[attr-defined]


def note(session: Session, vault: Vault, number: str, step: Step) -> None:
    """This happened to a ticket."""
    session.add(
        TicketStep(
            ticket=number,
            kind=step.kind.value,
            level=step.level,
            matter=step.matter,
            by=step.by[:60],
            sealed=vault.seal(step.why),
            at=step.at,
        )
    )
    session.flush()


def of(session: Session, vault: Vault, number: str) -> list[Step]:
    """What became of a ticket, oldest first."""
    query = select(TicketStep).where(_TABLE.c.ticket == number).order_by(_TABLE.c.id)
    return [
        Step(StepKind(r.kind), r.level, r.at, r.matter, r.by, str(vault.open(r.sealed)))
        for r in session.execute(query).scalars()
    ]


def last(session: Session, numbers: Sequence[str], kind: StepKind) -> dict[str, datetime]:
    """When each of these last took a step of this kind."""
    query = select(_TABLE.c.ticket, _TABLE.c.at).where(
        _TABLE.c.ticket.in_(numbers), _TABLE.c.kind == kind.value
    )
    return {row[0]: row[1] for row in session.execute(query.order_by(_TABLE.c.id))}


def erase(session: Session, vault: Vault, numbers: Sequence[str]) -> None:
    """What was written as a reason goes; that it was moved stays."""
    mine = _TABLE.c.ticket.in_(numbers)
    session.execute(update(_TABLE).where(mine).values(sealed=vault.seal("")))
