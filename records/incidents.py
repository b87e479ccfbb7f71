"""Incidents with personal data, real and drilled: what happened, whom it touches, who was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, delete, exists, func, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_many
from records.people import Person
from records.types import BigId, UtcDateTime
from records.vault import Vault


class Unit(StrEnum):
    """Whose systems these are; it decides how soon an incident is reported (domain P-22)."""

    OPERATOR = "operator"
    STATE = "state"  # an organ of the central government or of the state
    CRITICAL = "critical"  # critical information infrastructure

    @property
    def hours(self) -> int:
        """Within so many hours the regulator is to know."""
        return {Unit.OPERATOR: 4, Unit.STATE: 2, Unit.CRITICAL: 1}[self]


class IncidentRow(SQLModel, table=True):
    """One incident; sealed is what was written of it."""

    __tablename__ = "incident"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    is_drill: bool
    unit: str = Field(max_length=8)
    opened_by: str = Field(max_length=40)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    is_frozen: bool  # exports rest
    affected: int = 0
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    listed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    drafted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    closed_by: str = Field(default="", max_length=40)


class IncidentPerson(SQLModel, table=True):
    """Somebody whose data an incident touches; the row goes with the person."""

    __tablename__ = "incident_person"

    incident_id: int = Field(sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(primary_key=True, max_length=24, index=True)


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident, opened; `told` holds what was written: what, kinds, harm, measures, advice."""

    number: int
    is_drill: bool
    unit: Unit
    opened_by: str
    opened_at: datetime
    is_frozen: bool
    affected: int
    told: Mapping[str, str] = field(default_factory=dict)
    listed_at: datetime | None = None
    drafted_at: datetime | None = None
    reported_at: datetime | None = None
    told_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""

    @property
    def report_by(self) -> datetime:
        """When the regulator is to know at the latest."""
        return self.opened_at + timedelta(hours=self.unit.hours)


_TABLE = IncidentRow.__table__  # type: ignore[attr-defined]
_WHOM = IncidentPerson.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_FROZEN = select(_TABLE.c.id).where(_TABLE.c.closed_at.is_(None), _TABLE.c.is_frozen).limit(1)


class ExportsFrozen(Exception):
    """No file leaves while an incident is looked into; one sentence in Chinese for the page."""

    def __init__(self) -> None:
        super().__init__(
            "正在处理信息安全事件，导出暂停。处理完会恢复，急用请找管理个人信息的同事。"
        )


def exports_frozen(session: Session) -> bool:
    """Whether an open incident stops exports."""
    return session.execute(_FROZEN).first() is not None


def refuse_if_frozen(session: Session) -> None:
    """ExportsFrozen while an open incident stops exports; each export asks it first."""
    if exports_frozen(session):
        raise ExportsFrozen


def open_one(
    session: Session,
    vault: Vault,
    told: Mapping[str, str],
    *,
    unit: Unit,
    is_drill: bool,
    by: str,
    at: datetime,
) -> int:
    """Begin; exports rest from now on. Its number."""
    row = IncidentRow(
        is_drill=is_drill,
        unit=unit.value,
        opened_by=by,
        opened_at=at,
        is_frozen=True,
        sealed=vault.seal(dict(told)),
    )
    session.add(row)
    session.flush()
    return int(row.id or 0)


def find(session: Session, vault: Vault, number: int) -> Incident | None:
    """One incident."""
    row = session.get(IncidentRow, number)
    return _opened(row, vault) if row else None


def latest(session: Session, vault: Vault, limit: int = 50) -> list[Incident]:
    """The newest first."""
    query = select(IncidentRow).order_by(_TABLE.c.id.desc()).limit(limit)
    return [_opened(row, vault) for row in session.execute(query).scalars()]


def write(session: Session, vault: Vault, number: int, told: Mapping[str, str]) -> None:
    """Add to what is written of it, or put it otherwise."""
    row = session.get_one(IncidentRow, number)
    row.sealed = vault.seal({**vault.open(row.sealed), **told})
    session.flush()


def affect(session: Session, number: int, person_ids: Sequence[str], *, at: datetime) -> int:
    """These are whom it touches, with those named before; how many they are now."""
    known = set(people_of(session, number))
    new = [(number, one) for one in dict.fromkeys(person_ids) if one not in known]
    insert_many(session, _WHOM, ("incident_id", "person_id"), new)
    _change(session, number, listed_at=at, affected=len(known) + len(new))
    return len(known) + len(new)


def people_of(session: Session, number: int) -> list[str]:
    """Whom it touches, by id."""
    query = select(_WHOM.c.person_id).where(_WHOM.c.incident_id == number)
    return list(session.execute(query.order_by(_WHOM.c.person_id)).scalars())


def reached(
    session: Session, number: int, reach: ColumnElement[bool], limit: int | None = None
) -> list[str]:
    """Those of them, by id, whom somebody may read of."""
    joined = _WHOM.join(_PEOPLE, _PEOPLE.c.id == _WHOM.c.person_id)
    query = select(_WHOM.c.person_id).select_from(joined)
    query = query.where(_WHOM.c.incident_id == number, reach)
    return list(session.execute(query.order_by(_WHOM.c.person_id).limit(limit)).scalars())


def freeze(session: Session, number: int, *, is_frozen: bool) -> None:
    """Whether exports rest because of it."""
    _change(session, number, is_frozen=is_frozen)


def stamp(session: Session, number: int, what: str, at: datetime) -> None:
    """Notices were drafted, the regulator was told, the people were told."""
    if what not in ("drafted_at", "reported_at", "told_at"):
        raise ValueError(f"an incident has no {what}")
    _change(session, number, **{what: at})


def close(session: Session, number: int, *, by: str, at: datetime) -> None:
    """It is over: exports go again."""
    _change(session, number, closed_at=at, closed_by=by, is_frozen=False)


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records of one person became one: what touched the first touched the second."""
    twin = _WHOM.alias("twin")
    has_both = exists().where(twin.c.incident_id == _WHOM.c.incident_id, twin.c.person_id == kept)
    mine = _WHOM.c.person_id == gone
    session.execute(delete(_WHOM).where(mine, has_both))
    session.execute(update(_WHOM).where(mine).values(person_id=kept))


def count(session: Session, since: datetime, until: datetime) -> tuple[int, int]:
    """How many real ones and how many drills were opened in a span."""
    query = (
        select(_TABLE.c.is_drill, func.count())
        .where(_TABLE.c.opened_at >= since, _TABLE.c.opened_at < until)
        .group_by(_TABLE.c.is_drill)
    )
    found = {bool(is_drill): number for is_drill, number in session.execute(query)}
    return found.get(False, 0), found.get(True, 0)


def _change(session: Session, number: int, **values: Any) -> None:
    row = session.get_one(IncidentRow, number)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def _opened(row: IncidentRow, vault: Vault) -> Incident:
    return Incident(
        number=row.id or 0,
        is_drill=row.is_drill,
        unit=Unit(row.unit),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        is_frozen=row.is_frozen,
        affected=row.affected,
        told=vault.open(row.sealed),
        listed_at=row.listed_at,
        drafted_at=row.drafted_at,
        reported_at=row.reported_at,
        told_at=row.told_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )
