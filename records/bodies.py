"""The bodies that the papers set up: leading groups, task forces, service bodies and groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index, delete, select
from sqlmodel import Field, Session, SQLModel

from records import audit
from records.scope import is_within, stem
from records.types import BigId, Json, UtcDateTime


class BodyKind(StrEnum):
    """What it is; the value is what it is called."""

    LEADING = "领导小组"
    TASK_FORCE = "工作专班"
    SERVICE_BODY = "服务机构"
    SERVICE_GROUP = "服务组"


class BodyRow(SQLModel, table=True):
    """One body; `matters` are the subjects of requests that its members learn of first."""

    __tablename__ = "body"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str = Field(max_length=4)
    name: str = Field(max_length=40)
    area: str = Field(max_length=24, index=True)
    duty: str = Field(default="", max_length=200)
    matters: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


class BodyMember(SQLModel, table=True):
    """One of the staff in a body; two may have one title (双组长)."""

    __tablename__ = "body_member"
    __table_args__ = (Index("ix_body_member_once", "body_id", "staff", unique=True),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    body_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    staff: str = Field(max_length=40)
    title: str = Field(max_length=20)


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it is read, with its members and their titles."""

    kind: BodyKind
    name: str
    area: str
    duty: str = ""
    matters: tuple[str, ...] = ()
    members: tuple[tuple[str, str], ...] = ()
    number: int = 0


_BODIES, _MEMBERS = BodyRow.__table__, BodyMember.__table__  # type: ignore[attr-defined]


def add(session: Session, told: Body, *, by: str, at: datetime) -> int:
    """Store a body; its number."""
    row = BodyRow(
        kind=told.kind.value,
        name=told.name,
        area=told.area,
        duty=told.duty,
        matters=list(told.matters),
        by=by[:40],
        at=at,
    )
    session.add(row)
    session.flush()
    _note(session, "body.added", row.id or 0, by, at)
    return row.id or 0


def drop(session: Session, number: int, *, by: str, at: datetime) -> None:
    """It does not exist any more."""
    session.execute(delete(_MEMBERS).where(_MEMBERS.c.body_id == number))
    session.execute(delete(_BODIES).where(_BODIES.c.id == number))
    _note(session, "body.dropped", number, by, at)


def seat(session: Session, number: int, staff: str, title: str, *, by: str, at: datetime) -> None:
    """Somebody is a member under a title; "" takes them out."""
    mine = (_MEMBERS.c.body_id == number) & (_MEMBERS.c.staff == staff)
    session.execute(delete(_MEMBERS).where(mine))
    if title:
        session.add(BodyMember(body_id=number, staff=staff, title=title))
    session.flush()
    _note(session, "body.seated", number, by, at)


def of_area(session: Session, area: str) -> list[Body]:
    """The bodies of an area and of all within it."""
    mine = _BODIES.c.area.startswith(stem(area), autoescape=True)
    rows = session.execute(select(_BODIES).where(mine).order_by(_BODIES.c.area, _BODIES.c.id))
    found = rows.all()
    members = _members(session, [row.id for row in found])
    return [
        Body(
            kind=BodyKind(row.kind),
            name=row.name,
            area=row.area,
            duty=row.duty,
            matters=tuple(row.matters),
            members=tuple(members.get(row.id, ())),
            number=row.id,
        )
        for row in found
    ]


def who_takes(session: Session, area: str, matter: str) -> frozenset[str]:
    """The members of the bodies over an area that take a subject."""
    rows = session.execute(select(_BODIES.c.id, _BODIES.c.area, _BODIES.c.matters)).all()
    able = [row.id for row in rows if matter in row.matters and is_within(area, row.area)]
    members = _members(session, able)
    return frozenset(name for number in able for name, _ in members.get(number, ()))


def _members(session: Session, numbers: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    query = select(_MEMBERS).where(_MEMBERS.c.body_id.in_(numbers)).order_by(_MEMBERS.c.id)
    found: dict[int, list[tuple[str, str]]] = {}
    for row in session.execute(query):
        found.setdefault(row.body_id, []).append((row.staff, row.title))
    return found


def _note(session: Session, act: str, number: int, by: str, at: datetime) -> None:
    audit.write(session, act, at=at, actor=f"staff:{by}"[:60], subject=f"body:{number}")
