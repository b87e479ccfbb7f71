"""Stations at home and where people work, what their heads bring, and their half-year reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, func, or_, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.scope import stem
from records.types import BigId, Json, UtcDateTime
from records.vault import Vault


class Station(SQLModel, table=True):
    """A station; what is "" is not known yet."""

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    name: str = Field(max_length=40)
    area: str = Field(max_length=12, index=True)  # whose people it is for
    city: str = Field(default="", max_length=20)  # "": at home
    address: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=20)  # the office's
    hours: str = Field(default="", max_length=20)
    head: str = Field(default="", max_length=40)  # one of the staff
    external_id: str = Field(default="", max_length=64)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class ProjectLead(SQLModel, table=True):
    """A project that a head heard of; what it is may name people, so it is sealed."""

    __tablename__ = "project_lead"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    staff: str = Field(max_length=40, index=True)
    area: str = Field(default="", max_length=12, sa_column_kwargs={"server_default": ""})
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    project: int | None = Field(default=None, sa_column=Column(BigId, nullable=True))  # made of it
    at: datetime = Field(sa_type=UtcDateTime)


class DutyReport(SQLModel, table=True):
    """A half-year's report as its head confirmed it; never changed after."""

    __tablename__ = "duty_report"
    __table_args__ = (Index("ix_duty_report_once", "staff", "half", unique=True),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    staff: str = Field(max_length=40)
    half: str = Field(max_length=6)  # 2026H2
    figures: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Listed:
    """A station as it is told to us, and as it is read."""

    name: str
    area: str
    city: str = ""
    address: str = ""
    phone: str = ""
    hours: str = ""
    head: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A confirmed report: its figures, and what the head added."""

    staff: str
    half: str
    figures: Mapping[str, int] = field(default_factory=dict)
    words: str = ""


_TABLE = Station.__table__  # type: ignore[attr-defined]
_LEADS = ProjectLead.__table__  # type: ignore[attr-defined]
_REPORTS = DutyReport.__table__  # type: ignore[attr-defined]
_NAMES = ("name", "area", "city", "address", "phone", "hours", "head", "external_id")


def put(session: Session, told: Listed, at: datetime) -> bool | None:
    """Store a station by its number or its name and area: True new, False changed, None same."""
    same_name = (_TABLE.c.name == told.name) & (_TABLE.c.area == told.area)
    mine = same_name
    if told.external_id:
        mine = or_(_TABLE.c.external_id == told.external_id, same_name)
    row = session.execute(select(_TABLE).where(mine)).first()
    values = {name: getattr(told, name) for name in _NAMES}
    if row is None:
        session.add(Station(**values, updated_at=at))
        session.flush()
        return True
    if all(getattr(row, name) == values[name] for name in _NAMES):
        return None
    changed = update(_TABLE).where(_TABLE.c.id == row.id)
    session.execute(changed.values(**values, updated_at=at))
    return False


def for_home(session: Session, home: str) -> list[Listed]:
    """The stations for the people of a place: their county's, their city's, those below it."""
    over = (home, f"{home[:4]}00", f"{home[:2]}0000")
    below = _TABLE.c.area.startswith(stem(home), autoescape=True)
    query = select(_TABLE).where(or_(_TABLE.c.area.in_(over), below))
    found = [_listed(row) for row in session.execute(query.order_by(_TABLE.c.id))]
    return sorted(found, key=lambda one: one.area != home)


def of_area(session: Session, area: str) -> list[Listed]:
    """The stations for the people of an area."""
    query = select(_TABLE).order_by(_TABLE.c.area, _TABLE.c.id)
    if area:
        query = query.where(_TABLE.c.area.startswith(stem(area), autoescape=True))
    return [_listed(row) for row in session.execute(query)]


def headed_by(session: Session, head: str) -> list[Listed]:
    """The stations of a head."""
    query = select(_TABLE).where(_TABLE.c.head == head).order_by(_TABLE.c.id)
    return [_listed(row) for row in session.execute(query)]


def bring(
    session: Session, vault: Vault, staff: str, text: str, at: datetime, *, area: str = ""
) -> int:
    """A head tells of a project, for the county of `area`; its number."""
    row = ProjectLead(staff=staff, area=area, sealed=vault.seal(text), at=at)
    session.add(row)
    session.flush()
    return row.id or 0


def leads(session: Session, staff: str, since: datetime, until: datetime) -> int:
    """How many projects a head told of within a time."""
    mine = (_LEADS.c.staff == staff) & (_LEADS.c.at >= since) & (_LEADS.c.at < until)
    return int(session.execute(select(func.count()).where(mine)).scalar() or 0)


def freeze(session: Session, vault: Vault, report: Report, at: datetime) -> bool:
    """A report is confirmed; False where it was already: the first stays."""
    once = insert_or_ignore(session, _REPORTS, ["staff", "half"])
    row = {
        "staff": report.staff,
        "half": report.half,
        "figures": dict(report.figures),
        "sealed": vault.seal(report.words),
        "at": at,
    }
    return bool(session.connection().execute(once, [row]).rowcount)


def confirmed(session: Session, half: str, staff: str) -> bool:
    """Whether a head has confirmed the report of a half-year."""
    mine = (_REPORTS.c.half == half) & (_REPORTS.c.staff == staff)
    return session.execute(select(_REPORTS.c.id).where(mine)).first() is not None


def reports(session: Session, vault: Vault, half: str, staff: Sequence[str] = ()) -> list[Report]:
    """The confirmed reports of a half-year, of these heads or of all."""
    query = select(_REPORTS).where(_REPORTS.c.half == half).order_by(_REPORTS.c.staff)
    if staff:
        query = query.where(_REPORTS.c.staff.in_(list(staff)))
    return [
        Report(row.staff, row.half, row.figures, vault.open(row.sealed))
        for row in session.execute(query)
    ]


def _listed(row: Any) -> Listed:
    return Listed(**{name: getattr(row, name) for name in _NAMES})
