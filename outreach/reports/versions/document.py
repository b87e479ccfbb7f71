"""A report as bytes that can be proven: canonical JSON, each line with a digest of its own.

The head has the digests of all lines and lists; a line that goes with its person leaves its
digest behind, so the rest still proves. A random word in each line keeps it from being guessed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

from outreach.reports.table import Column, Listed, Row, Subject, Table, Unit, Value
from records.report_versions import Note, Piece, Version

_DAY, _MOMENT = "day", "moment"
_SALT, _ROW = "salt", "row"
GONE = "（本人已删除）"  # in the first column of a line that went with its person


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says: its main table first, then those that are added to it."""

    tables: Sequence[Table]
    body: Sequence[str] = ()
    lists: Mapping[tuple[str, str], Listed] = field(default_factory=dict)  # by name and area
    gone: int = 0  # lines that went with their person


def packed(content: Content, owners: Mapping[str, str]) -> tuple[dict[str, Any], list[Piece]]:
    """The head and its pieces; `owners` has the person of each row's subject."""
    pieces: list[Piece] = []
    tables = [_table(table, owners, pieces) for table in content.tables]
    lists = []
    for (name, area), found in content.lists.items():
        piece = _piece({"subject": found.subject.value, "ids": list(found.ids)})
        pieces.append(piece)
        lists.append({"name": name, "area": area, "n": len(found.ids), "digest": piece.digest})
    return {"tables": tables, "body": list(content.body), "lists": lists}, pieces


def digests(head: Mapping[str, Any], *, with_lists: bool = False) -> list[str]:
    """Of all lines, and of the lists behind them."""
    rows = [row["digest"] for table in head["tables"] for row in table["rows"]]
    return rows + [one["digest"] for one in head["lists"]] if with_lists else rows


def unpacked(head: Mapping[str, Any], pieces: Mapping[str, Piece]) -> Content:
    """What a version says, as far as its pieces are still there; lists are opened one by one."""
    tables = [_read_table(table, pieces) for table in head["tables"]]
    gone = sum(one not in pieces for one in digests(head))
    return Content(tables, head["body"], gone=gone)


def list_digest(head: Mapping[str, Any], name: str, area: str) -> str:
    """Under which a list is kept; "" where there is none of this name."""
    found = (one for one in head["lists"] if one["name"] == name and one["area"] == area)
    return next((str(one["digest"]) for one in found), "")


def read_list(piece: Piece) -> Listed:
    """The list of a piece."""
    return Listed(Subject(piece.content["subject"]), tuple(piece.content["ids"]))


def words(old: Value, new: Value, why: str, *, person_id: str = "") -> Piece:
    """The words of a note."""
    content = {"old": encoded(old), "new": encoded(new), "why": why}
    return _piece(content, person_id=person_id)


def digest(content: Any) -> str:
    """SHA-256 of anything that JSON knows, in its one canonical form."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def sha_of(version: Version, head: Mapping[str, Any], last_note: str) -> str:
    """What proves a version: its document, who did what when, and the notes up to the freeze."""
    steps = [
        [version.checked_by, _moment(version.checked_at)],
        [version.signed_by, _moment(version.signed_at)],
        ["", _moment(version.frozen_at)],
    ]
    names = (version.report, version.area, version.period, version.corrects)
    return digest({"of": names, "head": head, "steps": steps, "notes": last_note})


def note_sha(note: Note, before: str) -> str:
    """What proves a note and all before it."""
    about = [note.kind.value, note.line, note.cell, note.staff, _moment(note.at), note.digest]
    return digest({"before": before, "note": about})


def encoded(value: Value) -> Any:
    """A cell as JSON; days and moments are told from words."""
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    return {_DAY: value.isoformat()} if isinstance(value, date) else value


def decoded(value: Any) -> Value:
    """The cell again."""
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    if _MOMENT in value:
        return datetime.fromisoformat(value[_MOMENT])
    return date.fromisoformat(value[_DAY])


def _moment(at: datetime | None) -> str:
    return str(int(at.timestamp() * 1_000_000)) if at else ""


def _table(table: Table, owners: Mapping[str, str], pieces: list[Piece]) -> dict[str, Any]:
    rows = []
    for row in table.rows:
        person = owners.get(row.subject, "")
        piece = _piece({_ROW: _row(row)}, person_id=person)
        pieces.append(piece)
        rows.append({"digest": piece.digest, "personal": bool(person)})
    return {
        "title": table.title,
        "subtitle": table.subtitle,
        "heading": table.heading,
        "lines": table.lines,
        "notes": list(table.notes),
        "beside": list(table.beside),
        "columns": [_column(one) for one in table.columns],
        "rows": rows,
    }


def _piece(content: dict[str, Any], *, person_id: str = "") -> Piece:
    salted = {**content, _SALT: secrets.token_hex(8)}
    return Piece(digest(salted), salted, person_id)


def _column(one: Column) -> list[Any]:
    return [one.key, one.title, one.unit.value, one.group, one.is_personal]


def _row(row: Row) -> list[Any]:
    cells = {key: encoded(value) for key, value in row.cells.items()}
    return [cells, dict(row.opens), row.area, row.subject, row.is_total]


def _read_table(head: Mapping[str, Any], pieces: Mapping[str, Piece]) -> Table:
    columns = [
        Column(key, title, Unit(unit), group, personal)
        for key, title, unit, group, personal in head["columns"]
    ]
    first = columns[0].key if columns else ""
    rows = [_read_row(pieces.get(row["digest"]), first) for row in head["rows"]]
    return Table(
        title=head["title"],
        columns=columns,
        rows=rows,
        notes=head["notes"],
        subtitle=head["subtitle"],
        heading=head["heading"],
        lines=head["lines"],
        beside=head["beside"],
    )


def _read_row(piece: Piece | None, first: str) -> Row:
    if piece is None:
        return Row({first: GONE})
    cells, opens, area, subject, is_total = piece.content[_ROW]
    return Row({key: decoded(one) for key, one in cells.items()}, opens, area, subject, is_total)
