"""Content files as the program brought them, version by version: what could be told, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Column, Text, insert, select, update
from sqlmodel import Field, Session, SQLModel

from records.policies import fingerprint
from records.types import BigId, UtcDateTime


class ShippedPage(SQLModel, table=True):
    """From when on a file was shipped in these words; None where it was shipped no more."""

    __tablename__ = "shipped_page"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    path: str = Field(max_length=200, index=True)
    mark: str = Field(default="", max_length=64)  # the fingerprint of the words; "" without
    text: str | None = Field(default=None, sa_column=Column(Text))
    since: datetime = Field(sa_type=UtcDateTime)
    corrected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # those told, told


_TABLE = ShippedPage.__table__  # type: ignore[attr-defined]


def note(session: Session, shipped: Mapping[str, str], at: datetime) -> int:
    """Keep what is shipped otherwise than before; how many files. The first time tells nobody."""
    known = _marks(session)
    marks = {path: fingerprint(text) for path, text in shipped.items()}
    gone = [path for path, mark in known.items() if mark and path not in shipped]
    changed = [*(path for path, mark in marks.items() if known.get(path) != mark), *gone]
    rows = [
        {"path": p, "mark": marks.get(p, ""), "text": shipped.get(p), "since": at,
         "corrected_at": None if known else at}
        for p in sorted(changed)
    ]  # fmt: skip
    if rows:
        session.connection().execute(insert(_TABLE), rows)
    return len(rows)


def pending(session: Session) -> dict[str, list[int]]:
    """The changes that nobody has been told of: path → ids."""
    query = select(_TABLE.c.path, _TABLE.c.id).where(_TABLE.c.corrected_at.is_(None))
    found: dict[str, list[int]] = {}
    for path, number in session.execute(query.order_by(_TABLE.c.id)):
        found.setdefault(path, []).append(number)
    return found


def history(session: Session, path: str) -> list[tuple[datetime, str | None]]:
    """From when on which words of a file were shipped, oldest first."""
    query = select(_TABLE.c.since, _TABLE.c.text).where(_TABLE.c.path == path)
    return [(row.since, row.text) for row in session.execute(query.order_by(_TABLE.c.id))]


def mark_told(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Everybody who was to be told of these changes has been."""
    session.execute(update(_TABLE).where(_TABLE.c.id.in_(ids)).values(corrected_at=now))


def _marks(session: Session) -> dict[str, str]:
    """The newest fingerprint of each file."""
    query = select(_TABLE.c.path, _TABLE.c.mark).order_by(_TABLE.c.id)
    return {row.path: row.mark for row in session.execute(query)}
