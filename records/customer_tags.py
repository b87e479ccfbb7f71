"""The corporation's tags for customers; an application may change only the tags that it made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, update
from sqlmodel import Field, Session, SQLModel

from records import dialect
from records.types import UtcDateTime


class CustomerTag(SQLModel, table=True):
    """A tag of the corporation's."""

    __tablename__ = "customer_tag"

    id: str = Field(primary_key=True, max_length=80)
    group_name: str = Field(max_length=80)
    name: str = Field(max_length=80)
    is_ours: bool = False
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CustomerTagWish(SQLModel, table=True):
    """A tag that we asked for: taken down before, so that a lost answer leaves it ours."""

    __tablename__ = "customer_tag_wish"

    group_name: str = Field(primary_key=True, max_length=80)
    name: str = Field(primary_key=True, max_length=80)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as the provider names it."""

    id: str
    group_name: str
    name: str


_TABLE = CustomerTag.__table__  # type: ignore[attr-defined]
_WISHES = CustomerTagWish.__table__  # type: ignore[attr-defined]
_IS_HERE = _TABLE.c.deleted_at.is_(None)


def wish(session: Session, group_name: str, name: str) -> bool:
    """A tag is about to be made; False if somebody else has it, or ours was deleted by hand."""
    same = and_(_TABLE.c.group_name == group_name, _TABLE.c.name == name)
    if session.execute(select(_TABLE.c.id).where(same)).first() is not None:
        return False
    row = {"group_name": group_name, "name": name}
    statement = dialect.insert_or_ignore(session, _WISHES, ["group_name", "name"])
    session.connection().execute(statement, [row])
    return True


def keep(session: Session, tags: Sequence[Tag]) -> None:
    """These tags exist; ours are those that we wished before they did."""
    if not tags:
        return
    wishes = {(row[0], row[1]) for row in session.execute(select(_WISHES))}
    rows = [
        {
            "id": tag.id,
            "group_name": tag.group_name,
            "name": tag.name,
            "is_ours": (tag.group_name, tag.name) in wishes,
        }
        for tag in tags
    ]
    statement = dialect.insert(session, _TABLE)
    new = statement.excluded
    changed = {"group_name": new.group_name, "name": new.name, "deleted_at": None}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows
    )


def only(session: Session, ids: Sequence[str], now: datetime) -> None:
    """No tag exists but these."""
    known = set(session.execute(select(_TABLE.c.id).where(_IS_HERE)).scalars())
    for gone in known - set(ids):
        session.execute(update(_TABLE).where(_TABLE.c.id == gone).values(deleted_at=now))


def ours(session: Session) -> dict[tuple[str, str], str]:
    """Our tags: group and name → id."""
    rows = session.execute(
        select(_TABLE.c.group_name, _TABLE.c.name, _TABLE.c.id).where(_IS_HERE, _TABLE.c.is_ours)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def count(session: Session) -> int:
    """How many tags the corporation has."""
    query = select(func.count()).select_from(_TABLE).where(_IS_HERE)
    return int(session.execute(query).scalar_one())
