"""The trail: who did what to which record, and when; never what the record says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, func, select, text
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_many
from records.types import BigId, UtcDateTime

KEPT_YEARS = 3  # at least 180 days are asked for; who passed what on is kept for three years
_BY_HAND = text("actor <> 'person'")
_WINDOW, _LOOKED_AT = 20_000, 100_000  # rows of one step, and of one page


class AuditRow(SQLModel, table=True):
    """One act. `subject` is the id of a record, `receipt` the number that the person was given.

    `reason` is one of a fixed list, by its code; what was typed beside it is in `sealed`.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_act", "act", "id"),
        Index(  # whoever writes to the service does most of it: nobody asks for that by name
            "ix_audit_actor", "actor", "id", sqlite_where=_BY_HAND, postgresql_where=_BY_HAND
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=60)  # person, system, or staff:<account>
    act: str = Field(max_length=40)
    subject: str = Field(default="", max_length=60, index=True)
    receipt: str = Field(default="", max_length=12, index=True)
    reason: str = Field(default="", max_length=24, sa_column_kwargs={"server_default": ""})
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are looked for; what is left empty does not matter."""

    subject: str = ""
    actor: str = ""
    act: str = ""  # whole, or what it begins with: "person."
    since: datetime | None = None
    before: int | None = None  # the id that the page before ended with
    after: int | None = None


_TABLE = AuditRow.__table__  # type: ignore[attr-defined]
_NAMES = ("at", "actor", "act", "subject", "receipt", "reason", "sealed")


def write(
    session: Session,
    act: str,
    *,
    at: datetime,
    actor: str = "person",
    subject: str = "",
    receipt: str = "",
    reason: str = "",
    sealed: bytes | None = None,
) -> None:
    """Add to the trail; docs/reference/audit.md lists the acts."""
    row = AuditRow(at=at, actor=actor, act=act, subject=subject, receipt=receipt)
    row.reason, row.sealed = reason, sealed
    session.add(row)
    session.flush()


def write_all(
    session: Session,
    act: str,
    subjects: Sequence[str],
    *,
    at: datetime,
    actor: str,
    reason: str = "",
) -> None:
    """Add the same act on many records, in one statement."""
    rows = [(at, actor, act, subject, "", reason, None) for subject in subjects]
    insert_many(session, _TABLE, _NAMES, rows)


def actor_of(name: str) -> str:
    """How the trail calls one of the staff."""
    return f"staff:{name}"[:60]


def lacking(
    session: Session, act: str, subjects: Collection[str], *, actor: str, since: datetime
) -> list[str]:
    """Those of these records of which the trail has no such act by them since then."""
    known = select(_TABLE.c.subject).where(
        _TABLE.c.subject.in_(subjects), _TABLE.c.act == act, _TABLE.c.actor == actor
    )
    found = set(session.execute(known.where(_TABLE.c.at >= since)).scalars())
    return [one for one in subjects if one not in found]


def of(session: Session, subject: str) -> list[AuditRow]:
    """What was done to a record, oldest first."""
    query = select(AuditRow).where(_TABLE.c.subject == subject).order_by(_TABLE.c.id)
    return list(session.execute(query).scalars())


def found(
    session: Session, wanted: Wanted, *, limit: int, by: Collection[str] | None = None
) -> list[AuditRow]:
    """The newest acts that are looked for; `by` those of these actors only."""
    query = select(AuditRow).order_by(_TABLE.c.id.desc()).limit(limit)
    if by is not None:
        query = query.where(_TABLE.c.actor.in_(by), _BY_HAND)
    if wanted.subject:
        query = query.where(_TABLE.c.subject == wanted.subject)
    if wanted.actor:
        query = query.where(_TABLE.c.actor == wanted.actor)
        query = query.where(_BY_HAND) if wanted.actor != "person" else query
    if wanted.act.endswith("."):
        query = query.where(_TABLE.c.act >= wanted.act, _TABLE.c.act < f"{wanted.act[:-1]}/")
    elif wanted.act:
        query = query.where(_TABLE.c.act == wanted.act)
    if wanted.since is not None:
        query = query.where(_TABLE.c.at >= wanted.since)
    if wanted.before is not None:
        query = query.where(_TABLE.c.id < wanted.before)
    if wanted.after is not None:
        query = query.where(_TABLE.c.id >= wanted.after)
    return list(session.execute(query).scalars())


def searched(
    session: Session, wanted: Wanted, *, limit: int, by: Collection[str] | None = None
) -> tuple[list[AuditRow], int | None]:
    """The same within so many rows as a page may look at; where to go on, None at the end."""
    newest = session.execute(select(func.max(_TABLE.c.id))).scalar() or 0
    floor = newest + 1 if wanted.before is None else min(wanted.before, newest + 1)
    end, rows = max(0, floor - _LOOKED_AT), list[AuditRow]()
    while floor > end and len(rows) < limit:
        low = max(floor - _WINDOW, end)
        part = replace(wanted, before=floor, after=low)
        rows += found(session, part, limit=limit - len(rows), by=by)
        floor = low
    if len(rows) == limit and rows[-1].id is not None:
        return rows, rows[-1].id
    return rows, floor if floor > 0 and not _is_past(session, wanted, floor) else None


def _is_past(session: Session, wanted: Wanted, floor: int) -> bool:
    """Whether all that is left is older than what is looked for."""
    newest = select(_TABLE.c.at).where(_TABLE.c.id < floor).order_by(_TABLE.c.id.desc()).limit(1)
    at = session.execute(newest).scalar()
    return at is None or (wanted.since is not None and at < wanted.since)


def with_acts(session: Session, acts: Collection[str]) -> list[AuditRow]:
    """Every row of these acts, oldest first."""
    query = select(AuditRow).where(_TABLE.c.act.in_(acts)).order_by(_TABLE.c.id)
    return list(session.execute(query).scalars())


def by_receipt(session: Session, receipt: str) -> AuditRow | None:
    """The act that a receipt number stands for."""
    query = select(AuditRow).where(_TABLE.c.receipt == receipt)
    return session.execute(query).scalars().first()
