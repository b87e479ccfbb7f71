"""Lines of a cadre's paste that could not be stored yet: kept for 30 days to be mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, LargeBinary, delete, select
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime
from records.vault import Vault

LIFE = timedelta(days=30)  # domain P-16: a draft


class LineDraft(SQLModel, table=True):
    """One line; sealed: its text, the place above it."""

    __tablename__ = "line_draft"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    staff: str = Field(max_length=40, index=True)
    number: int
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)
    erase_at: datetime = Field(sa_type=UtcDateTime, index=True)


@dataclass(frozen=True, slots=True)
class Draft:
    """A line that waits; `id` is 0 before it is stored."""

    number: int
    text: str
    place: str
    at: datetime
    id: int = 0


_TABLE = LineDraft.__table__  # type: ignore[attr-defined]


def of_staff(session: Session, vault: Vault, staff: str, now: datetime) -> tuple[Draft, ...]:
    """What waits of one of the staff, the newest message first, its lines in order."""
    query = select(LineDraft).where(_TABLE.c.staff == staff, _TABLE.c.erase_at > now)
    rows = session.execute(query.order_by(_TABLE.c.at.desc(), _TABLE.c.number)).scalars()
    return tuple(_opened(row, vault) for row in rows)


def keep(session: Session, vault: Vault, staff: str, drafts: Sequence[Draft]) -> None:
    """Keep lines until they are mended."""
    session.add_all(
        LineDraft(
            staff=staff,
            number=draft.number,
            sealed=vault.seal([draft.text, draft.place]),
            at=draft.at,
            erase_at=draft.at + LIFE,
        )
        for draft in drafts
    )
    session.flush()


def drop(session: Session, ids: Sequence[int]) -> None:
    """These lines are mended, or not wanted any more."""
    session.execute(delete(_TABLE).where(_TABLE.c.id.in_(ids)))


def expire(session: Session, now: datetime) -> int:
    """Erase the lines that nobody has mended in time; how many."""
    due = list(session.execute(select(_TABLE.c.id).where(_TABLE.c.erase_at <= now)).scalars())
    drop(session, due)
    return len(due)


def _opened(row: LineDraft, vault: Vault) -> Draft:
    text, place = vault.open(row.sealed)
    return Draft(row.number, text, place, row.at, row.id or 0)
