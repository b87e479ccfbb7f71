"""Who left for good: fingerprints only, so that no list brings back whom we have deleted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore, matching
from records.types import UtcDateTime

REMEMBERED = timedelta(days=3 * 365)  # as long as the proof that consent has ended (domain P-16)


class Leaver(SQLModel, table=True):
    """The fingerprint of a name with the end of a phone, or with a village (records/prints.py)."""

    print: str = Field(primary_key=True, max_length=64)
    left_at: datetime = Field(sa_type=UtcDateTime, index=True)


_TABLE = Leaver.__table__  # type: ignore[attr-defined]
_ANYBODY = select(_TABLE.c.print).limit(1)


def note(session: Session, prints: Collection[str], *, at: datetime) -> None:
    """Remember that whoever has these fingerprints asked to be forgotten."""
    rows = [{"print": made, "left_at": at} for made in set(prints) if made]
    if rows:
        session.connection().execute(insert_or_ignore(session, _TABLE, ["print"]), rows)


def among(session: Session, prints: Collection[str]) -> frozenset[str]:
    """Which of these fingerprints are those of somebody who left."""
    if session.execute(_ANYBODY).first() is None:
        return frozenset()
    return frozenset(matching(session, _TABLE.c.print, _TABLE.c.print, prints))


def prune(session: Session, now: datetime) -> int:
    """Remove what need not be remembered any more; how many."""
    old = delete(_TABLE).where(_TABLE.c.left_at <= now - REMEMBERED)
    return int(session.connection().execute(old).rowcount)
