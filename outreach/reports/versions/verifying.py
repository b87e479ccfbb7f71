"""Whether what is stored of the frozen versions still is what was signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outreach.reports.table import Table, Unit
from outreach.reports.versions import document, steps
from records import audit, report_versions
from records.database import Session
from records.report_versions import Note, NoteKind, Piece, Version
from records.vault import Vault, VaultError

_LISTED = frozenset({Unit.PEOPLE, Unit.PIECES, Unit.CASES})  # counted one by one


@dataclass(frozen=True, slots=True)
class Verdict:
    """What does not fit, in sentences for operators; `erased` lines went with their people."""

    version: Version
    faults: Sequence[str]
    remarks: Sequence[str] = ()
    erased: int = 0


def verify(session: Session, vault: Vault, version: Version) -> Verdict:
    """Recompute every hash of a frozen version."""
    try:
        return _verdict(session, vault, version)
    except (VaultError, ValueError, KeyError, IndexError, TypeError):
        return Verdict(version, ["its stored bytes cannot be read: they were changed"])


def _verdict(session: Session, vault: Vault, version: Version) -> Verdict:
    head = report_versions.head(session, vault, version.number)
    notes = report_versions.notes(session, version.number)
    wanted = [*document.digests(head, with_lists=True), *(one.digest for one in notes)]
    pieces = report_versions.pieces(session, vault, version.number, wanted)
    before = [one for one in notes if one.kind is not NoteKind.CORRECTION]
    last = before[-1].sha if before else ""
    faults = [
        *_of_sha(version, head, last),
        *_of_trail(session, version),
        *_of_lines(head, pieces),
        *_of_lists(head, pieces),
        *_of_notes(version, notes, pieces),
    ]
    content = document.unpacked(head, pieces)
    return Verdict(version, faults, list(_counts(content.tables[0], head, version)), content.gone)


def _of_sha(version: Version, head: Mapping[str, Any], last: str) -> Iterator[str]:
    if document.sha_of(version, head, last) != version.sha:
        yield "its hash is not that of what is stored: the document or its signatures were changed"


def _of_trail(session: Session, version: Version) -> Iterator[str]:
    rows = audit.of(session, f"report:{version.number}")
    printed = [row.receipt for row in rows if row.act == "report.frozen"]
    if printed != [version.sha[: steps.PRINTED]]:
        yield "the trail knows another hash of it, or none"


def _of_lines(head: Mapping[str, Any], pieces: Mapping[str, Piece]) -> Iterator[str]:
    for table in head["tables"]:
        for n, row in enumerate(table["rows"], 1):
            piece = pieces.get(row["digest"])
            if piece is None and not row["personal"]:
                yield f"line {n} of “{table['title']}” is gone, and it was nobody's own"
            if piece is not None and not _is_whole(piece):
                yield f"line {n} of “{table['title']}” was changed"


def _of_lists(head: Mapping[str, Any], pieces: Mapping[str, Piece]) -> Iterator[str]:
    for one in head["lists"]:
        piece = pieces.get(one["digest"])
        if piece is None or not _is_whole(piece):
            yield f"the list {one['name']} of {one['area']} is gone or was changed"


def _of_notes(
    version: Version, notes: Sequence[Note], pieces: Mapping[str, Piece]
) -> Iterator[str]:
    before, is_after = "", False
    for n, note in enumerate(notes, 1):
        if note.kind is NoteKind.CORRECTION and not is_after:
            before, is_after = version.sha, True
        if document.note_sha(note, before) != note.sha:
            yield f"note {n} or one before it was changed or taken away"
        piece = pieces.get(note.digest)
        if (piece is None and not note.is_personal) or (piece and not _is_whole(piece)):
            yield f"the words of note {n} are gone or were changed"
        before = note.sha


def _is_whole(piece: Piece) -> bool:
    return document.digest(piece.content) == piece.digest


def _counts(table: Table, head: Mapping[str, Any], version: Version) -> Iterator[str]:
    """Figures that are not as many as their list: where a sum has corrections in it."""
    lengths = {(one["name"], one["area"]): one["n"] for one in head["lists"]}
    for n, row in enumerate(table.rows, 1):
        for column in table.columns:
            name, value = row.opens.get(column.key), row.cells.get(column.key)
            known = lengths.get((name or "", row.area or version.area))
            if column.unit in _LISTED and known is not None and value != known:
                yield f"line {n}, “{column.title}”: the figure is {value}, its list has {known}"
