"""The trail: who did what to which record, and when; never what the record says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Column, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_many
from records.types import BigId, UtcDateTime


class AuditRow(SQLModel, table=True):
    """One act. `subject` is the id of a record, `receipt` the number that the person was given."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=60)  # person, system, or staff:<account>
    act: str = Field(max_length=40)
    subject: str = Field(default="", max_length=60, index=True)
    receipt: str = Field(default="", max_length=12, index=True)


_TABLE = AuditRow.__table__  # type: ignore[attr-defined]


def write(
    session: Session,
    act: str,
    *,
    at: datetime,
    actor: str = "person",
    subject: str = "",
    receipt: str = "",
) -> None:
    """Add to the trail."""
    session.add(AuditRow(at=at, actor=actor, act=act, subject=subject, receipt=receipt))
    session.flush()


def write_all(
    session: Session, act: str, subjects: Sequence[str], *, at: datetime, actor: str
) -> None:
    """Add the same act on many records, in one statement."""
    rows = [(at, actor, act, subject, "") for subject in subjects]
    insert_many(session, _TABLE, ("at", "actor", "act", "subject", "receipt"), rows)


def of(session: Session, subject: str) -> list[AuditRow]:
    """What was done to a record, oldest first."""
    query = select(AuditRow).where(_TABLE.c.subject == subject).order_by(_TABLE.c.id)
    return list(session.execute(query).scalars())


def with_acts(session: Session, acts: Collection[str]) -> list[AuditRow]:
    """Every row of these acts."""
    query = select(AuditRow).where(_TABLE.c.act.in_(acts))
    return list(session.execute(query).scalars())


def by_receipt(session: Session, receipt: str) -> AuditRow | None:
    """The act that a receipt number stands for."""
    query = select(AuditRow).where(_TABLE.c.receipt == receipt)
    return session.execute(query).scalars().first()
