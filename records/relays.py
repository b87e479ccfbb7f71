"""What helpers and their people write to each other through us, and what people allow helpers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, Index, LargeBinary, delete, select, update
from sqlmodel import Field, Session, SQLModel

from records.assignments import Help
from records.dialect import insert
from records.types import BigId, UtcDateTime
from records.vault import Vault

LIFE = timedelta(days=180)  # messages are kept so long (domain P-16)


class By(StrEnum):
    """Who wrote a line."""

    HELPER = "helper"
    PERSON = "person"


class Phone(StrEnum):
    """Whether a helper may see a person's number; nothing is said before they were asked."""

    UNASKED = ""
    ASKED = "asked"
    YES = "yes"
    NO = "no"


class RelayLine(SQLModel, table=True):
    """One message between a person and who looks after them; its words are sealed."""

    __tablename__ = "relay_line"
    __table_args__ = (Index("ix_relay_line_person", "person_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24)
    helper: str = Field(max_length=40)
    help: str = Field(max_length=12)
    by: str = Field(max_length=8)
    arrived: bool = True  # False: it waits until the person writes
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class HelperLeave(SQLModel, table=True):
    """What a person allows one of their helpers."""

    __tablename__ = "helper_leave"

    person_id: str = Field(primary_key=True, max_length=24)
    helper: str = Field(primary_key=True, max_length=40)
    phone: str = Field(default="", max_length=8)
    is_stopped: bool = False  # no more messages from this helper
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Line:
    """A message as it is read."""

    person_id: str
    helper: str
    help: Help
    by: By
    text: str
    at: datetime
    arrived: bool = True


@dataclass(frozen=True, slots=True)
class Leave:
    """What a person allows a helper."""

    phone: Phone = Phone.UNASKED
    is_stopped: bool = False
    at: datetime | None = None


_LINES = RelayLine.__table__  # type: ignore[attr-defined]
_LEAVES = HelperLeave.__table__  # type: ignore[attr-defined]


def write(session: Session, vault: Vault, line: Line) -> int:
    """Keep a message; its id."""
    row = RelayLine(
        person_id=line.person_id,
        helper=line.helper,
        help=line.help.value,
        by=line.by.value,
        arrived=line.arrived,
        sealed=vault.seal(line.text),
        at=line.at,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def of_person(
    session: Session, vault: Vault, person_id: str, limit: int, *, help: Help | None = None
) -> list[Line]:
    """The last messages with a person, the last first; of one kind of helpers, or all."""
    query = select(RelayLine).where(_LINES.c.person_id == person_id)
    if help is not None:
        query = query.where(_LINES.c.help == help.value)
    rows = session.execute(query.order_by(_LINES.c.id.desc()).limit(limit)).scalars()
    return [_line(row, vault) for row in rows]


def last_heard(session: Session, person_id: str, helper: str) -> datetime | None:
    """When a person last wrote to a helper."""
    query = select(_LINES.c.at).where(
        _LINES.c.person_id == person_id,
        _LINES.c.helper == helper,
        _LINES.c.by == By.PERSON.value,
    )
    return session.execute(query.order_by(_LINES.c.id.desc()).limit(1)).scalar()


def written_since(
    session: Session, person_ids: Sequence[str], since: datetime
) -> list[tuple[str, str]]:
    """To whom of these a helper wrote since then in words that arrived: pairs, the last first."""
    query = select(_LINES.c.person_id, _LINES.c.helper).where(
        _LINES.c.person_id.in_(person_ids),
        _LINES.c.at > since,
        _LINES.c.by == By.HELPER.value,
        _LINES.c.arrived.is_(True),
    )
    rows = session.execute(query.order_by(_LINES.c.id.desc()))
    return list(dict.fromkeys((row[0], row[1]) for row in rows))


def leaves(session: Session, person_ids: Sequence[str]) -> dict[tuple[str, str], Leave]:
    """What these allow, by person and helper."""
    query = select(_LEAVES).where(_LEAVES.c.person_id.in_(person_ids))
    return {
        (row.person_id, row.helper): Leave(Phone(row.phone), row.is_stopped, row.at)
        for row in session.execute(query)
    }


def allow(session: Session, person_id: str, helper: str, leave: Leave, at: datetime) -> None:
    """From now on this is what the person allows the helper."""
    values = {"phone": leave.phone.value, "is_stopped": leave.is_stopped, "at": at}
    row = {"person_id": person_id, "helper": helper, **values}
    statement = insert(session, _LEAVES).values(row)
    changed = statement.on_conflict_do_update(index_elements=["person_id", "helper"], set_=values)
    session.connection().execute(changed)


def prune(session: Session, now: datetime) -> int:
    """Drop what was written half a year ago; how many lines."""
    old = delete(_LINES).where(_LINES.c.at < now - LIFE)
    return int(session.connection().execute(old).rowcount)


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: the talks of the first are the second's, and what it allowed."""
    session.execute(update(_LINES).where(_LINES.c.person_id == gone).values(person_id=kept))
    known = select(_LEAVES.c.helper).where(_LEAVES.c.person_id == kept)
    have = set(session.execute(known).scalars())
    mine = (_LEAVES.c.person_id == gone) & _LEAVES.c.helper.not_in(have)
    session.execute(update(_LEAVES).where(mine).values(person_id=kept))


def _line(row: RelayLine, vault: Vault) -> Line:
    return Line(
        row.person_id,
        row.helper,
        Help(row.help),
        By(row.by),
        vault.open(row.sealed),
        row.at,
        row.arrived,
    )
