"""The entity ledger: what people run, since when, how many work there, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, LargeBinary, select, update
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime
from records.vault import Vault


class EntityState(StrEnum):
    """Whether it is in business."""

    OPEN = "open"
    CLOSED = "closed"


class Entity(SQLModel, table=True):
    """One business (主体, 个), never a person or a household; its name and code are sealed."""

    id: str = Field(primary_key=True, max_length=24)
    person_id: str = Field(max_length=24, index=True)  # the founder
    area: str = Field(default="", max_length=12, index=True)
    town: str = Field(default="", max_length=24)
    village: str = Field(default="", max_length=24)
    trade: str = Field(default="", max_length=20)  # the category codes of projects
    form: str = Field(default="", max_length=12)  # 个体户, 公司 …; "" = not known
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # name, credit code
    code_print: str = Field(default="", max_length=64, index=True)  # of the credit code
    began_on: date | None = None  # as told: to the month, where the licence's day is not known
    licensed_on: date | None = None
    headcount: int | None = None  # the founder included
    state: str = Field(default=EntityState.OPEN.value, max_length=8)
    closed_on: date | None = None
    source: str = Field(max_length=12)
    external_id: str = Field(default="", max_length=64, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class EntityChange(SQLModel, table=True):
    """One value that a field took, with where it came from."""

    __tablename__ = "entity_change"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    entity_id: str = Field(max_length=24, index=True)
    person_id: str = Field(max_length=24, index=True)  # whose it is: the row goes with them
    field: str = Field(max_length=20)
    value: str = Field(default="", max_length=120)
    source: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Business:
    """A business as it is entered and read; None or "" where nothing is known."""

    trade: str = ""
    form: str = ""
    name: str = ""
    credit_code: str = ""
    area: str = ""
    town: str = ""
    village: str = ""
    began_on: date | None = None
    licensed_on: date | None = None
    headcount: int | None = None
    state: EntityState = EntityState.OPEN
    closed_on: date | None = None
    external_id: str = ""


_TABLE = Entity.__table__  # type: ignore[attr-defined]
_CLEAR = (
    *("trade", "form", "area", "town", "village", "began_on", "licensed_on", "headcount"),
    *("state", "closed_on", "external_id"),
)
_SEALED = ("name", "credit_code")


def open_one(
    session: Session,
    vault: Vault,
    entity_id: str,
    person_id: str,
    business: Business,
    *,
    source: str,
    at: datetime,
) -> None:
    """Enter a business that is new."""
    session.add(
        Entity(
            id=entity_id,
            person_id=person_id,
            sealed=vault.seal({name: getattr(business, name) for name in _SEALED}),
            code_print=_print(vault, business.credit_code),
            source=source,
            created_at=at,
            updated_at=at,
            **{name: getattr(business, name) for name in _CLEAR},
        )
    )
    session.flush()


def change(
    session: Session,
    vault: Vault,
    entity_id: str,
    known: Mapping[str, Any],
    *,
    source: str,
    at: datetime,
) -> None:
    """Some fields of `Business` take other values; the old ones stay in the ledger's memory."""
    row = session.get_one(Entity, entity_id)
    before = business_of(row, vault)
    changed = {name: value for name, value in known.items() if getattr(before, name) != value}
    for name, value in changed.items():
        if name in _CLEAR:
            setattr(row, name, value)
        session.add(_change(row, name, value, source=source, at=at))
    sealed = {name: known.get(name, getattr(before, name)) for name in _SEALED}
    row.sealed, row.code_print = vault.seal(sealed), _print(vault, sealed["credit_code"])
    row.updated_at = at
    session.flush()


def of_people(session: Session, person_ids: Sequence[str]) -> dict[str, list[Entity]]:
    """What each of these runs or ran, the oldest first."""
    query = select(Entity).where(_TABLE.c.person_id.in_(person_ids))
    found: dict[str, list[Entity]] = {}
    for row in session.execute(query.order_by(_TABLE.c.created_at, _TABLE.c.id)).scalars():
        found.setdefault(row.person_id, []).append(row)
    return found


def same_as(session: Session, vault: Vault, business: Business) -> Entity | None:
    """The business of this credit code, or of this number in the other system."""
    for column, value in (
        (_TABLE.c.code_print, _print(vault, business.credit_code)),
        (_TABLE.c.external_id, business.external_id),
    ):
        if value:
            query = select(Entity).where(column == value).order_by(_TABLE.c.created_at)
            found: Entity | None = session.execute(query).scalars().first()
            if found is not None:
                return found
    return None


def business_of(row: Entity, vault: Vault) -> Business:
    """A row as a value, its words opened."""
    words = vault.open(row.sealed)
    clear = {name: getattr(row, name) for name in _CLEAR}
    return Business(**{**clear, "state": EntityState(row.state)}, **words)


def began_between(session: Session, first: date, last: date) -> list[Entity]:
    """The businesses that began on these days or between them."""
    query = select(Entity).where(_TABLE.c.began_on >= first, _TABLE.c.began_on <= last)
    return list(session.execute(query.order_by(_TABLE.c.began_on, _TABLE.c.id)).scalars())


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: what the first runs is the second's."""
    for table in (_TABLE, EntityChange.__table__):  # type: ignore[attr-defined]
        session.execute(update(table).where(table.c.person_id == gone).values(person_id=kept))


def _change(row: Entity, name: str, value: object, *, source: str, at: datetime) -> EntityChange:
    return EntityChange(
        entity_id=row.id,
        person_id=row.person_id,
        field=name,
        value="" if name in _SEALED or value is None else str(value),
        source=source,
        at=at,
    )


def _print(vault: Vault, code: str) -> str:
    return vault.fingerprint(code) if code else ""
