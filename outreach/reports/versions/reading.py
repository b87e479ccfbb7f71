"""A version as it is read: its tables, what was typed and remarked, its corrections, its lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from outreach.reports.table import Listed, Row, Subject, Table, Unit, Value
from outreach.reports.versions import document
from outreach.reports.versions.document import Content
from records import report_versions
from records.database import Session
from records.entities import Entity
from records.people import Person
from records.report_versions import Note, NoteKind, State, Version
from records.tickets import Ticket
from records.vault import Vault

WHOLE = -1  # the line of a remark on the whole paper
_KEYS: dict[Subject, Any] = {
    Subject.PEOPLE: Person.__table__.c.id,  # type: ignore[attr-defined]
    Subject.ENTITIES: Entity.__table__.c.id,  # type: ignore[attr-defined]
    Subject.TICKETS: Ticket.__table__.c.number,  # type: ignore[attr-defined]
}
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Said:
    """A note with its words; `is_gone` where they went with the person they were about."""

    kind: NoteKind
    line: int
    cell: str
    old: Value
    new: Value
    why: str
    staff: str
    at: datetime
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A version with its content; in `content` what was typed stands in its cells."""

    version: Version
    content: Content
    made: Content  # as it was made
    notes: Sequence[Said] = ()

    @property
    def table(self) -> Table:
        """Its main table."""
        return self.content.tables[0]

    @property
    def remarks(self) -> dict[tuple[int, str], str]:
        """What is remarked now, by line and column; (WHOLE, "") is on the whole."""
        last = {(one.line, one.cell): one for one in self.notes if one.kind is NoteKind.REMARK}
        return {key: str(one.new) for key, one in last.items() if one.new}

    @property
    def corrections(self) -> list[Said]:
        """What was put right after the freeze, oldest first."""
        return [one for one in self.notes if one.kind is NoteKind.CORRECTION]

    @property
    def corrected(self) -> Table:
        """The main table with its corrections: for sums upward, never shown instead of it."""
        return _overlaid(self.table, self.corrections)


@dataclass(frozen=True, slots=True)
class OpenedList:
    """What a figure was counted from, without those who are erased since; `gone` of them."""

    listed: Listed
    gone: int = 0


def opened(session: Session, vault: Vault, version: Version) -> Opened:
    """A version with its content."""
    head = report_versions.head(session, vault, version.number)
    pieces = report_versions.pieces(session, vault, version.number, document.digests(head))
    made = document.unpacked(head, pieces)
    said = notes(session, vault, version.number)
    typed = [one for one in said if one.kind is NoteKind.TYPED]
    main = _summed(_overlaid(made.tables[0], typed), made.tables[0], typed)
    return Opened(version, replace(made, tables=(main, *made.tables[1:])), made, said)


def notes(session: Session, vault: Vault, number: int) -> list[Said]:
    """All notes of a version with their words, oldest first."""
    found = report_versions.notes(session, number)
    words = report_versions.pieces(session, vault, number, [one.digest for one in found])
    return [
        _said(one, words[one.digest].content if one.digest in words else None) for one in found
    ]


def open_list(
    session: Session, vault: Vault, number: int, name: str, area: str
) -> OpenedList | None:
    """The list behind a figure as it was counted; None where the version has none such."""
    head = report_versions.head(session, vault, number)
    key = document.list_digest(head, name, area)
    found = report_versions.pieces(session, vault, number, [key]).get(key) if key else None
    if found is None:
        return None
    listed = document.read_list(found)
    there = _still_there(session, listed)
    return OpenedList(Listed(listed.subject, there), len(listed.ids) - len(there))


def newest(session: Session, report: str, area: str, period: str) -> Version | None:
    """The version that holds: the last frozen one, else the draft."""
    found = report_versions.of(session, report, area, period)
    frozen = (one for one in found if one.state is State.FROZEN)
    return next(frozen, found[0] if found else None)


def _said(note: Note, words: Any) -> Said:
    told = words or {"old": None, "new": None, "why": ""}
    return Said(
        kind=note.kind,
        line=note.line,
        cell=note.cell,
        old=document.decoded(told["old"]),
        new=document.decoded(told["new"]),
        why=told["why"],
        staff=note.staff,
        at=note.at,
        is_gone=words is None,
    )


def _overlaid(table: Table, said: Sequence[Said]) -> Table:
    by_line: dict[int, dict[str, Value]] = {}
    for one in said:
        if not one.is_gone:
            by_line.setdefault(one.line, {})[one.cell] = one.new
    rows = [_with(row, by_line.get(n, {})) for n, row in enumerate(table.rows)]
    return replace(table, rows=rows)


def _summed(table: Table, made: Table, typed: Sequence[Said]) -> Table:
    """With what was typed in the 合计 too, where that is the sum of its column."""
    keys = {one.cell for one in typed if not one.is_gone} & _summable(made)
    sums = {key: sum(_numbers(table, key)) for key in keys}
    rows = [_with(row, dict(sums)) if row.is_total else row for row in table.rows]
    return replace(table, rows=rows)


def _summable(made: Table) -> set[str]:
    """Columns of things whose total as made is empty, or the sum of the lines."""
    totals = [row for row in made.rows if row.is_total]
    return {
        column.key
        for column in made.columns
        if column.unit is Unit.PIECES
        and all(
            row.cells.get(column.key) in (None, sum(_numbers(made, column.key))) for row in totals
        )
    }


def _numbers(table: Table, key: str) -> list[int]:
    told = (row.cells.get(key) for row in table.rows if not row.is_total)
    return [value for value in told if isinstance(value, int)]


def _with(row: Row, cells: dict[str, Value]) -> Row:
    return replace(row, cells={**row.cells, **cells}) if cells else row


def _still_there(session: Session, listed: Listed) -> tuple[str, ...]:
    column = _KEYS.get(listed.subject)
    if column is None:
        return tuple(listed.ids)
    known: set[str] = set()
    for first in range(0, len(listed.ids), _AT_ONCE):
        some = list(listed.ids[first : first + _AT_ONCE])
        known.update(session.execute(select(column).where(column.in_(some))).scalars())
    return tuple(id_ for id_ in listed.ids if id_ in known)
