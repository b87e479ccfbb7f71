"""Imports: each list that came in with what became of it, and each difference for a human."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.people import Source
from records.types import BigId, Json, UtcDateTime
from records.vault import Vault

WHO = ""  # the field of a difference that is about who somebody is
_CACHE_KB = 64 * 1024
_LOG_PAGES = 16_000  # of 4 kB, on disk before a commit is told: then they go into the file
BY_RANK = "rank"  # decided by who said it: oneself, then the household, then a list


class DifferenceState(StrEnum):
    """Where a difference stands."""

    OPEN = "open"
    TAKEN = "taken"  # the new value is held; of WHO: it is the same person
    KEPT = "kept"  # the old value stays; of WHO: it is somebody else


class ImportRun(SQLModel, table=True):
    """One list that came in. It is open until the last of its batches is stored."""

    __tablename__ = "import_run"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str = Field(max_length=20)
    file_print: str = Field(max_length=64, index=True)  # of the bytes and of how they are read
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # the file's name
    staff: str = Field(max_length=60)
    area: str = Field(default="", max_length=12)
    basis: str = Field(default="", max_length=80)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    rows_done: int = 0
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


class ImportDifference(SQLModel, table=True):
    """A list says something else of a person than the register; sealed: old, new."""

    __tablename__ = "import_difference"
    __table_args__ = (
        UniqueConstraint("person_id", "field", "value_print"),
        Index("ix_import_difference_open", "state", "field", "id"),
        {"sqlite_autoincrement": True},  # people decide by number: none comes twice
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    run_id: int = Field(default=0, sa_type=BigId, index=True)  # 0: no file
    line: int = 0
    person_id: str = Field(max_length=24, index=True)
    field: str = Field(max_length=40)
    value_print: str = Field(max_length=64)  # of the new value: it is asked about once
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    source: str = Field(max_length=12)
    held_source: str = Field(max_length=12)
    state: str = Field(max_length=12, index=True)
    found_at: datetime = Field(sa_type=UtcDateTime)
    found_by: str = Field(max_length=60)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=60)


@dataclass(frozen=True, slots=True)
class Run:
    """An import as it is shown."""

    id: int
    kind: str
    name: str
    staff: str
    started_at: datetime
    ended_at: datetime | None
    rows_done: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Opening:
    """What an import says of itself when it begins."""

    kind: str
    file_print: str
    name: str
    staff: str
    area: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Old and new, opened; where it came from, and who decided what."""

    id: int
    person_id: str
    field: str
    old: Any
    new: Any
    also: Mapping[str, Any]  # what goes along with the new value
    source: Source
    held_source: Source
    state: DifferenceState
    run_id: int
    line: int
    found_at: datetime
    found_by: str
    decided_at: datetime | None
    decided_by: str


_RUNS = ImportRun.__table__  # type: ignore[attr-defined]
_TABLE = ImportDifference.__table__  # type: ignore[attr-defined]


def make_room(session: Session) -> None:
    """Let SQLite keep more of the file in memory, and more in its log before it is worked in.

    Many rows touch the same pages of the indexes again and again.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KB}")
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")


def begin(session: Session, vault: Vault, opening: Opening, at: datetime) -> tuple[int, bool]:
    """The number of this import, and whether it goes on with one that was cut short."""
    query = select(_RUNS.c.id).where(
        _RUNS.c.file_print == opening.file_print,
        _RUNS.c.kind == opening.kind,
        _RUNS.c.ended_at.is_(None),
    )
    found = session.execute(query.order_by(_RUNS.c.id)).scalars().first()
    if found is not None:
        return int(found), True
    row = ImportRun(
        kind=opening.kind,
        file_print=opening.file_print,
        sealed=vault.seal(opening.name),
        staff=opening.staff,
        area=opening.area,
        basis=opening.basis,
        started_at=at,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id, False


def progress(
    session: Session, run_id: int, *, rows: int, counts: Mapping[str, int], ended: datetime | None
) -> None:
    """How far it is, in the transaction that stored the rows; `ended` after the last."""
    values = {"rows_done": rows, "counts": dict(counts), "ended_at": ended}
    session.connection().execute(update(_RUNS).where(_RUNS.c.id == run_id).values(values))


def runs(session: Session, vault: Vault, *, only_open: bool = False, most: int = 50) -> list[Run]:
    """The newest imports first."""
    query = select(_RUNS).order_by(_RUNS.c.id.desc()).limit(most)
    if only_open:
        query = query.where(_RUNS.c.ended_at.is_(None))
    return [
        Run(
            row.id,
            row.kind,
            vault.open(row.sealed),
            row.staff,
            row.started_at,
            row.ended_at,
            row.rows_done,
            row.counts,
        )
        for row in session.execute(query)
    ]


def still_open(session: Session) -> int:
    """How many imports were begun and not ended."""
    return len(session.execute(select(_RUNS.c.id).where(_RUNS.c.ended_at.is_(None))).all())


def settled(
    session: Session, person_ids: Sequence[str]
) -> dict[tuple[str, str, str], DifferenceState]:
    """Where each known difference of these people stands, by person, field and value."""
    query = select(_TABLE.c.person_id, _TABLE.c.field, _TABLE.c.value_print, _TABLE.c.state)
    rows = session.execute(query.where(_TABLE.c.person_id.in_(person_ids)))
    return {(who, name, made): DifferenceState(state) for who, name, made, state in rows}


def note(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep differences; one that is known already stays as it stands."""
    if rows:
        known = ["person_id", "field", "value_print"]
        session.connection().execute(insert_or_ignore(session, _TABLE, known), rows)


def differences(
    session: Session,
    vault: Vault,
    *,
    state: DifferenceState | None = DifferenceState.OPEN,
    run_id: int | None = None,
    person_ids: Sequence[str] | None = None,
    most: int = 200,
) -> list[Difference]:
    """Differences, oldest first: of an import, of some people, or all."""
    query = select(_TABLE).order_by(_TABLE.c.id).limit(most)
    if state is not None:
        query = query.where(_TABLE.c.state == state)
    if run_id is not None:
        query = query.where(_TABLE.c.run_id == run_id)
    if person_ids is not None:
        query = query.where(_TABLE.c.person_id.in_(person_ids))
    return [_opened(row, vault) for row in session.execute(query)]


def difference(session: Session, vault: Vault, number: int) -> Difference | None:
    """One difference by its number, held against anybody else who decides it now."""
    query = select(_TABLE).where(_TABLE.c.id == number).with_for_update()
    row = session.execute(query).first()
    return None if row is None else _opened(row, vault)


def decide(
    session: Session, number: int, state: DifferenceState, *, by: str, at: datetime
) -> None:
    """Write down what was decided, by whom and when."""
    values = {"state": state, "decided_by": by, "decided_at": at}
    session.connection().execute(update(_TABLE).where(_TABLE.c.id == number).values(values))


def _opened(row: Any, vault: Vault) -> Difference:
    both = vault.open(row.sealed)
    return Difference(
        id=row.id,
        person_id=row.person_id,
        field=row.field,
        old=both["old"],
        new=both["new"],
        also=both["also"],
        source=Source(row.source),
        held_source=Source(row.held_source),
        state=DifferenceState(row.state),
        run_id=row.run_id,
        line=row.line,
        found_at=row.found_at,
        found_by=row.found_by,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )
