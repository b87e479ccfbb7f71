"""Projects, demands of buyers and of firms for talent: where each stands, every version kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, or_, select, update
from sqlmodel import Field, Session, SQLModel

from records import audit, project_marks
from records.types import BigId, Json, UtcDateTime
from records.vault import Vault


class ProjectKind(StrEnum):
    """What is offered."""

    PROJECT = "project"
    DEMAND = "demand"  # somebody buys (S1-18)
    TALENT_DEMAND = "talent_demand"  # a firm looks for people (S3-23)


class ProjectState(StrEnum):
    """The way of a project (S1-09); only PUBLISHED is shown to people."""

    DRAFT = "draft"
    CHECKED = "checked"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"


class Provenance(StrEnum):
    """Who brought it."""

    DEPARTMENT = "department"
    PERSON = "person"
    SPREADSHEET = "spreadsheet"
    DEMO = "demo"  # made up to show how it works, and always said to be so


class ProjectRow(SQLModel, table=True):
    """One offer. `terms` holds the fields of domain 6.2 by their names, `sealed` who owns it."""

    __tablename__ = "project"
    __table_args__ = (Index("ix_project_state", "state", "county"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str = Field(max_length=14)
    county: str = Field(max_length=12, index=True)
    title: str = Field(max_length=40)
    key: str = Field(max_length=40, index=True)  # the title as it is compared
    category: str = Field(max_length=20)
    state: str = Field(max_length=10)
    provenance: str = Field(max_length=12)
    source_dept: str = Field(max_length=40)
    terms: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    person_id: str = Field(default="", max_length=24, index=True)  # whose own it is
    entered_by: str = Field(max_length=60)
    slots: int = 1
    evidence: str = Field(max_length=16)
    published_on: date | None = None
    verified_on: date | None = None
    expires_on: date | None = None
    version: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def number(self) -> int:
        """As people and staff call it."""
        assert self.id is not None
        return self.id


class ProjectChange(SQLModel, table=True):
    """One thing done to a project, with all of it as it was then."""

    __tablename__ = "project_change"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    project_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    person_id: str = Field(default="", max_length=24, index=True)  # goes with whose own it was
    version: int
    act: str = Field(max_length=12)
    by: str = Field(max_length=60)
    note: str = Field(default="", max_length=200)
    snapshot: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)


class ProjectReview(SQLModel, table=True):
    """An expert's form about one version (S3-22): a mark for each question, and a verdict."""

    __tablename__ = "project_review"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    project_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    version: int
    reviewer: str = Field(max_length=60)
    verdict: str = Field(max_length=8)  # pass, back
    marks: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    note: str = Field(default="", max_length=200)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A project as it is entered; `owner` is kept sealed (name, phone, the words of a person)."""

    kind: ProjectKind
    county: str
    title: str
    key: str
    category: str
    provenance: Provenance
    source_dept: str
    terms: Mapping[str, Any]
    slots: int
    evidence: str
    expires_on: date | None
    person_id: str = ""
    owner: Mapping[str, str] = field(default_factory=dict)


_TABLE = ProjectRow.__table__  # type: ignore[attr-defined]
_CHANGES = ProjectChange.__table__  # type: ignore[attr-defined]
_REVIEWS = ProjectReview.__table__  # type: ignore[attr-defined]
_PLAIN = (
    *("kind", "county", "title", "category", "state", "provenance", "source_dept", "terms"),
    *("slots", "evidence"),
)
_DAYS = ("published_on", "verified_on", "expires_on")


def add(session: Session, vault: Vault, new: Entered, *, by: str, at: datetime) -> ProjectRow:
    """Keep a new project as a draft."""
    row = ProjectRow(
        kind=new.kind.value,
        county=new.county,
        title=new.title,
        key=new.key,
        category=new.category,
        state=ProjectState.DRAFT.value,
        provenance=new.provenance.value,
        source_dept=new.source_dept,
        terms=dict(new.terms),
        sealed=vault.seal(dict(new.owner)),
        person_id=new.person_id,
        entered_by=by[:60],
        slots=new.slots,
        evidence=new.evidence,
        expires_on=new.expires_on,
        created_at=at,
        updated_at=at,
    )
    session.add(row)
    session.flush()
    _note(session, row, "entered", by=by, note="", at=at)
    return row


def change(
    session: Session,
    row: ProjectRow,
    values: Mapping[str, Any],
    *,
    act: str,
    by: str,
    at: datetime,
    note: str = "",
) -> None:
    """Change columns of a project; a change of what it offers makes a new version of it."""
    if any(name in values for name in ("title", "category", "terms", "slots", "source_dept")):
        row.version += 1
    project_marks.renew(session, [row.county])  # it may be another one's from now on
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = at
    session.flush()
    _note(session, row, act, by=by, note=note, at=at)


def find(session: Session, number: int) -> ProjectRow | None:
    """The project of this number."""
    return session.get(ProjectRow, number)


def owner(row: ProjectRow, vault: Vault) -> dict[str, str]:
    """Who owns it, and what they said of it in their own words."""
    found: dict[str, str] = vault.open(row.sealed)
    return found


def by_keys(session: Session, keys: Collection[str]) -> list[ProjectRow]:
    """The projects that may be meant by these titles, the oldest first, none that are closed."""
    is_open = _TABLE.c.state != ProjectState.CLOSED.value
    query = select(ProjectRow).where(_TABLE.c.key.in_(keys), is_open).order_by(_TABLE.c.id)
    return list(session.execute(query).scalars())


def within(
    session: Session,
    areas: Collection[str] | None = None,
    *,
    states: Collection[ProjectState] = (),
    kinds: Collection[ProjectKind] = (),
) -> list[ProjectRow]:
    """Projects of these counties (None: of all), in these states, of these kinds, by number."""
    query = select(ProjectRow).order_by(_TABLE.c.id)
    if areas is not None:
        query = query.where(_TABLE.c.county.in_(areas))
    if states:
        query = query.where(_TABLE.c.state.in_([state.value for state in states]))
    if kinds:
        query = query.where(_TABLE.c.kind.in_([kind.value for kind in kinds]))
    return list(session.execute(query).scalars())


def counties(session: Session) -> list[str]:
    """The counties of which something is published."""
    published = _TABLE.c.state == ProjectState.PUBLISHED.value
    return list(session.execute(select(_TABLE.c.county).where(published).distinct()).scalars())


def of_person(session: Session, person_ids: Collection[str]) -> list[ProjectRow]:
    """What these people brought as their own."""
    query = select(ProjectRow).where(_TABLE.c.person_id.in_(person_ids)).order_by(_TABLE.c.id)
    return list(session.execute(query).scalars())


def due(session: Session, *, verified_by: date, expired_by: date) -> list[ProjectRow]:
    """Published projects last verified by one day, or that end by another."""
    query = select(ProjectRow).where(
        _TABLE.c.state == ProjectState.PUBLISHED.value,
        or_(
            _TABLE.c.verified_on <= verified_by,
            _TABLE.c.verified_on.is_(None),
            _TABLE.c.expires_on <= expired_by,
        ),
    )
    return list(session.execute(query.order_by(_TABLE.c.id)).scalars())


def keep_review(session: Session, review: ProjectReview) -> None:
    """Keep an expert's form."""
    session.add(review)
    session.flush()


def reviews(session: Session, number: int) -> list[ProjectReview]:
    """The forms about a project, the oldest first."""
    query = select(ProjectReview).where(_REVIEWS.c.project_id == number).order_by(_REVIEWS.c.id)
    return list(session.execute(query).scalars())


def changes(session: Session, number: int) -> list[ProjectChange]:
    """What was done to a project, the oldest first."""
    query = select(ProjectChange).where(_CHANGES.c.project_id == number).order_by(_CHANGES.c.id)
    return list(session.execute(query).scalars())


def leave(session: Session, person_id: str) -> None:
    """Somebody is erased, and what they brought as their own goes with them."""
    query = select(_TABLE.c.county).where(_TABLE.c.person_id == person_id).distinct()
    project_marks.renew(session, list(session.execute(query).scalars()))


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: what was the first's own is the second's."""
    for table in (_TABLE, _CHANGES):
        session.execute(update(table).where(table.c.person_id == gone).values(person_id=kept))


def _note(
    session: Session, row: ProjectRow, act: str, *, by: str, note: str, at: datetime
) -> None:
    days = {name: day.isoformat() for name in _DAYS if (day := getattr(row, name))}
    session.add(
        ProjectChange(
            project_id=row.number,
            person_id=row.person_id,
            version=row.version,
            act=act,
            by=by[:60],
            note=note[:200],
            snapshot={name: getattr(row, name) for name in _PLAIN} | days,
            at=at,
        )
    )
    session.flush()
    project_marks.renew(session, [row.county])
    subject = f"project:{row.number}"
    audit.write(session, f"project.{act}", at=at, actor=by[:60], subject=subject)


def latest_editor(session: Session, row: ProjectRow, acts: Sequence[str]) -> str:
    """Who last did one of these things to a project; "" where nobody did."""
    query = (
        select(_CHANGES.c.by)
        .where(_CHANGES.c.project_id == row.number, _CHANGES.c.act.in_(acts))
        .order_by(_CHANGES.c.id.desc())
        .limit(1)
    )
    return str(session.execute(query).scalar() or "")
