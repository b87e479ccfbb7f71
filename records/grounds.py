"""On what ground people of an area are entered from door to door: the number of a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, select

from records import audit
from records.types import UtcDateTime

LONGEST = 80


class EntryGround(SQLModel, table=True):
    """The document by which an area's sweep is a duty (PIPL 13); it holds for what lies in it."""

    __tablename__ = "entry_ground"

    area: str = Field(primary_key=True, max_length=24)
    document: str = Field(max_length=LONGEST)
    staff: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


def of(session: Session, areas: Sequence[str]) -> str:
    """The document of the narrowest of these areas, named from narrow to wide; "" if of none."""
    rows = session.exec(select(EntryGround).where(EntryGround.area.in_(areas)))  # type: ignore[attr-defined]
    found = {row.area: row.document for row in rows}
    return next((found[area] for area in areas if area in found), "")


def settle(session: Session, area: str, document: str, *, staff: str, at: datetime) -> None:
    """From now on this document is the ground in an area; "" takes it away."""
    known = session.get(EntryGround, area)
    if known is not None:
        session.delete(known)
        session.flush()
    if document:
        session.add(EntryGround(area=area, document=document, staff=staff, at=at))
        session.flush()
    audit.write(session, "ground.settled", at=at, actor=f"staff:{staff}"[:60], subject=area)
