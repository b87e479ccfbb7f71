"""Reports as they were made: who checked and signed them, and every change with its reason.

What may name somebody lies in pieces of its own, sealed, with whose it is: a piece goes with its
person, its digest stays in the document, so that what is left can still be proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Select, or_, select, update
from sqlmodel import Field, Session, SQLModel

from records.scope import is_local, stem
from records.types import BigId, UtcDateTime
from records.vault import Vault


class State(StrEnum):
    """Where a version stands; frozen and replaced are final."""

    DRAFTED = "drafted"
    CHECKED = "checked"  # by one person
    SIGNED = "signed"  # by another, who answers for it
    FROZEN = "frozen"
    REPLACED = "replaced"  # by a later draft


OPEN = frozenset({State.DRAFTED, State.CHECKED, State.SIGNED})


class NoteKind(StrEnum):
    """What was written beside or instead of what was counted."""

    REMARK = "remark"  # on a cell, or on the whole
    TYPED = "typed"  # into a cell that nothing counts
    CORRECTION = "correction"  # of a frozen cell, which stays as it is


class ReportVersion(SQLModel, table=True):
    """One version; `head` is the document without its pieces, `sha` proves it."""

    __tablename__ = "report_version"
    __table_args__ = (
        Index("ix_report_version_of", "report", "area", "period"),
        Index("ix_report_version_area", "area", "state"),
        Index("ix_report_version_county", "county", "state"),
        Index("ix_report_version_state", "state", "due_on"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    report: str = Field(max_length=40)
    area: str = Field(max_length=24)  # a town's id, or a code
    county: str = Field(max_length=12)  # the code that the area lies in, or is
    period: str = Field(max_length=12)
    state: str = Field(max_length=8)
    made_at: datetime = Field(sa_type=UtcDateTime)
    due_on: date | None = None
    sha: str = Field(max_length=64)
    has_people: bool = False
    corrects: int | None = Field(default=None, sa_column=Column(BigId, nullable=True))
    checked_by: str = Field(default="", max_length=40)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    signed_by: str = Field(default="", max_length=40)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    frozen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    head: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ReportPiece(SQLModel, table=True):
    """A line, a list or the words of a note; `person_id` is whose it is, "" nobody's."""

    __tablename__ = "report_piece"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    version_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    person_id: str = Field(default="", max_length=24, index=True)
    digest: str = Field(max_length=64)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ReportNote(SQLModel, table=True):
    """That something was written, by whom and when; the words are a piece."""

    __tablename__ = "report_note"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    version_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    kind: str = Field(max_length=12)
    line: int  # of the main table, from 0; -1: the whole
    cell: str = Field(default="", max_length=40)
    staff: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)
    is_personal: bool = False
    digest: str = Field(max_length=64)  # of its words
    sha: str = Field(max_length=64)  # of it and the note before


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it is read, without its content."""

    number: int
    report: str
    area: str
    county: str
    period: str
    state: State
    made_at: datetime
    sha: str
    due_on: date | None = None
    has_people: bool = False
    corrects: int | None = None
    checked_by: str = ""
    checked_at: datetime | None = None
    signed_by: str = ""
    signed_at: datetime | None = None
    frozen_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes work on it."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Piece:
    """Some content with its digest."""

    digest: str
    content: Any
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is stored."""

    kind: NoteKind
    line: int
    cell: str
    staff: str
    at: datetime
    digest: str
    sha: str
    is_personal: bool = False
    number: int = 0


_TABLE = ReportVersion.__table__  # type: ignore[attr-defined]
_PIECES = ReportPiece.__table__  # type: ignore[attr-defined]
_NOTES = ReportNote.__table__  # type: ignore[attr-defined]
_READ = tuple(column for column in _TABLE.c if column.name != "head")
_STAMPS = ("state", "sha", "checked_by", "checked_at", "signed_by", "signed_at", "frozen_at")
_AT_ONCE = 500


def add(session: Session, vault: Vault, version: Version, head: Any) -> Version:
    """Store a new version; the same with its number."""
    names = (column.name for column in _READ if column.name != "id")
    values = {name: getattr(version, name) for name in names}
    row = ReportVersion(**(values | {"state": version.state.value}), head=vault.seal(head))
    session.add(row)
    session.flush()
    return replace(version, number=int(row.id or 0))


def stamp(session: Session, version: Version, was: Version) -> bool:
    """Store who did what and when; False where it is not any more what it was."""
    values = {name: getattr(version, name) for name in _STAMPS} | {"state": version.state.value}
    is_same = (_TABLE.c.state == was.state.value) & (_TABLE.c.sha == was.sha)
    mine = (_TABLE.c.id == version.number) & is_same
    return _changed(session, update(_TABLE).where(mine).values(values))


def replace_open(session: Session, version: Version) -> bool:
    """A later draft takes the place of one that is not frozen."""
    mine = (_TABLE.c.id == version.number) & _TABLE.c.state.in_([one.value for one in OPEN])
    return _changed(session, update(_TABLE).where(mine).values(state=State.REPLACED.value))


def find(session: Session, number: int) -> Version | None:
    """One version."""
    found = session.execute(select(*_READ).where(_TABLE.c.id == number)).first()
    return _version(found) if found else None


def head(session: Session, vault: Vault, number: int) -> Any:
    """The document of a version, without its pieces."""
    found = session.execute(select(_TABLE.c.head).where(_TABLE.c.id == number)).scalar_one()
    return vault.open(found)


def of(session: Session, report: str, area: str, period: str) -> list[Version]:
    """All versions of a report that were not replaced, the newest first."""
    mine = (_TABLE.c.report == report) & (_TABLE.c.area == area) & (_TABLE.c.period == period)
    query = _all().where(mine, _TABLE.c.state != State.REPLACED.value)
    return [_version(row) for row in session.execute(query.order_by(_TABLE.c.id.desc()))]


def of_county(session: Session, report: str, county: str, period: str) -> list[Version]:
    """The versions of a report for a county's towns that were not replaced, the newest first."""
    mine = (_TABLE.c.report == report) & (_TABLE.c.county == county) & (_TABLE.c.period == period)
    query = _all().where(mine, _TABLE.c.state != State.REPLACED.value)
    return [_version(row) for row in session.execute(query.order_by(_TABLE.c.id.desc()))]


def still_open(session: Session, *, after: int = 0, limit: int = _AT_ONCE) -> list[Version]:
    """Some of those that somebody owes, by number, those beyond `after`."""
    query = _all().where(_TABLE.c.state.in_([one.value for one in OPEN]), _TABLE.c.id > after)
    return [_version(row) for row in session.execute(query.order_by(_TABLE.c.id).limit(limit))]


def visible(
    session: Session,
    scope: str,
    *,
    states: Sequence[State] = (),
    before: int = 0,
    limit: int = 50,
    with_people: bool = True,
) -> list[Version]:
    """A page of the versions that staff of a scope may see, the newest first."""
    query = _all().where(_in(scope))
    if not with_people:
        query = query.where(_TABLE.c.has_people.is_(False))
    wanted = [one.value for one in states or [one for one in State if one is not State.REPLACED]]
    query = query.where(_TABLE.c.state.in_(wanted))
    if before:
        query = query.where(_TABLE.c.id < before)
    query = query.order_by(_TABLE.c.id.desc()).limit(limit)
    return [_version(row) for row in session.execute(query)]


def may_see(scope: str, version: Version) -> bool:
    """Whether staff of a scope may see this version."""
    if is_local(scope):
        return version.area == scope
    return version.county.startswith(stem(scope))


def frozen_within(session: Session, scope: str, first: datetime, last: datetime) -> list[Version]:
    """What was frozen for an area and those below it within a time, oldest first."""
    mine = (_TABLE.c.state == State.FROZEN.value) & _in(scope)
    within = (_TABLE.c.frozen_at >= first) & (_TABLE.c.frozen_at < last)
    query = _all().where(mine, within).order_by(_TABLE.c.id)
    return [_version(row) for row in session.execute(query)]


def frozen(session: Session, *, after: int = 0, limit: int = _AT_ONCE) -> list[Version]:
    """Some of the frozen ones by number, those beyond `after`."""
    query = _all().where(_TABLE.c.state == State.FROZEN.value, _TABLE.c.id > after)
    return [_version(row) for row in session.execute(query.order_by(_TABLE.c.id).limit(limit))]


def keep(session: Session, vault: Vault, number: int, pieces: Sequence[Piece]) -> None:
    """Store the pieces of a version."""
    session.add_all(
        ReportPiece(
            version_id=number,
            person_id=one.person_id,
            digest=one.digest,
            sealed=vault.seal(one.content),
        )
        for one in pieces
    )
    session.flush()


def pieces(
    session: Session, vault: Vault, number: int, digests: Sequence[str]
) -> dict[str, Piece]:
    """Those of these pieces that are still there, by their digest."""
    found: dict[str, Piece] = {}
    columns = (_PIECES.c.digest, _PIECES.c.sealed, _PIECES.c.person_id)
    for first in range(0, len(digests), _AT_ONCE):
        some = list(digests[first : first + _AT_ONCE])
        mine = (_PIECES.c.version_id == number) & _PIECES.c.digest.in_(some)
        for row in session.execute(select(*columns).where(mine)):
            found[row.digest] = Piece(row.digest, vault.open(row.sealed), row.person_id)
    return found


def write(session: Session, number: int, note: Note) -> None:
    """Add a note; its words are kept as a piece."""
    session.add(
        ReportNote(
            version_id=number,
            kind=note.kind.value,
            line=note.line,
            cell=note.cell,
            staff=note.staff,
            at=note.at,
            is_personal=note.is_personal,
            digest=note.digest,
            sha=note.sha,
        )
    )
    session.flush()


def notes(session: Session, number: int) -> list[Note]:
    """All notes of a version, oldest first."""
    query = select(_NOTES).where(_NOTES.c.version_id == number).order_by(_NOTES.c.id)
    return [
        Note(
            kind=NoteKind(row.kind),
            line=row.line,
            cell=row.cell,
            staff=row.staff,
            at=row.at,
            digest=row.digest,
            sha=row.sha,
            is_personal=row.is_personal,
            number=row.id,
        )
        for row in session.execute(query)
    ]


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: what was the first one's is the second one's."""
    mine = update(_PIECES).where(_PIECES.c.person_id == gone)
    session.execute(mine.values(person_id=kept))


def _in(scope: str) -> Any:
    if is_local(scope):
        return _TABLE.c.area == scope
    begins = stem(scope)
    return or_(_TABLE.c.county == scope, _TABLE.c.county.startswith(begins, autoescape=True))


def _all() -> Select[Any]:
    return select(*_READ)


def _changed(session: Session, statement: Any) -> bool:
    return bool(session.connection().execute(statement).rowcount)


def _version(row: Any) -> Version:
    values = {column.name: getattr(row, column.name) for column in _READ if column.name != "id"}
    return Version(row.id, **(values | {"state": State(row.state)}))
