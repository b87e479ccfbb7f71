"""敲门行动: the doors of a village that somebody goes to, and what came of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, LargeBinary, delete, func, select, update
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime
from records.vault import Vault

RESPITE = timedelta(days=180)  # of somebody who did not want to talk (domain P-26)


class DoorState(StrEnum):
    """What came of a door; the value is what is stored."""

    OPEN = "open"  # nobody has been there yet
    TALKED = "talked"
    NOT_HOME = "not_home"
    REFUSED = "refused"
    DECEASED = "deceased"
    MOVED = "moved"

    @property
    def is_missing(self) -> bool:
        """Whether somebody is still to go there."""
        return self in {DoorState.OPEN, DoorState.NOT_HOME}


class Sweep(SQLModel, table=True):
    """One round through a village; `words` is the hamlet, where it is only a part of it."""

    __tablename__ = "sweep"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    place: str = Field(max_length=24, index=True)  # a village, a town or a county
    words: str = Field(max_length=60)
    started_at: datetime = Field(sa_type=UtcDateTime)
    started_by: str = Field(max_length=40, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Door(SQLModel, table=True):
    """A door; sealed: who lives there. `person_id` is "" for who is not in the register."""

    __tablename__ = "door"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    sweep_id: int = Field(sa_type=BigId, index=True)
    number: int
    person_id: str = Field(default="", max_length=24, index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str = Field(max_length=10)
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by: str = Field(default="", max_length=40)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class AtDoor:
    """A door as it is shown."""

    id: int
    number: int
    name: str
    state: DoorState
    person_id: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A sweep with its doors."""

    id: int
    place: str
    words: str
    doors: tuple[AtDoor, ...] = ()

    def numbered(self, number: int) -> AtDoor | None:
        """The door of this number."""
        return next((door for door in self.doors if door.number == number), None)


_SWEEPS = Sweep.__table__  # type: ignore[attr-defined]
_DOORS = Door.__table__  # type: ignore[attr-defined]


def current(session: Session, vault: Vault, staff: str) -> Round | None:
    """The round that somebody began last and has not ended, with its doors."""
    query = select(Sweep).where(_SWEEPS.c.started_by == staff, _SWEEPS.c.ended_at.is_(None))
    row = session.execute(query.order_by(_SWEEPS.c.id.desc())).scalars().first()
    return None if row is None else _opened(session, vault, row)


def of_place(session: Session, vault: Vault, place: str) -> Round | None:
    """The newest round through a place."""
    query = select(Sweep).where(_SWEEPS.c.place == place).order_by(_SWEEPS.c.id.desc())
    row = session.execute(query).scalars().first()
    return None if row is None else _opened(session, vault, row)


def begin(session: Session, place: str, words: str, *, staff: str, at: datetime) -> int:
    """A new round; the one that they were on is over."""
    end(session, staff, at=at)
    row = Sweep(place=place, words=words, started_at=at, started_by=staff)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def end(session: Session, staff: str, *, at: datetime) -> None:
    """Nobody goes on with the round of somebody."""
    is_theirs = (_SWEEPS.c.started_by == staff) & _SWEEPS.c.ended_at.is_(None)
    session.execute(update(_SWEEPS).where(is_theirs).values(ended_at=at))


def add(session: Session, vault: Vault, sweep_id: int, doors: Sequence[AtDoor]) -> None:
    """More doors; their numbers go on from the last."""
    query = select(func.max(_DOORS.c.number)).where(_DOORS.c.sweep_id == sweep_id)
    last = session.execute(query).scalar() or 0
    session.add_all(
        Door(
            sweep_id=sweep_id,
            number=last + place,
            person_id=door.person_id,
            sealed=vault.seal(door.name),
            state=door.state,
            not_before=door.not_before,
        )
        for place, door in enumerate(doors, 1)
    )
    session.flush()


def note(
    session: Session, door_ids: Sequence[int], state: DoorState, *, staff: str, at: datetime
) -> None:
    """What came of these doors."""
    until = at + RESPITE if state is DoorState.REFUSED else None
    values = {"state": state.value, "at": at, "by": staff, "not_before": until}
    session.execute(update(_DOORS).where(_DOORS.c.id.in_(door_ids)).values(values))


def meet(session: Session, door_id: int, person_id: str, *, staff: str, at: datetime) -> None:
    """Somebody at this door was entered: they have been talked to."""
    values = {"state": DoorState.TALKED.value, "person_id": person_id, "at": at, "by": staff}
    session.execute(update(_DOORS).where(_DOORS.c.id == door_id).values(values))


def resting(session: Session, person_ids: Sequence[str], now: datetime) -> Mapping[str, datetime]:
    """Those of these people who are not to be asked again yet, and until when."""
    query = select(_DOORS.c.person_id, _DOORS.c.not_before).where(
        _DOORS.c.person_id.in_(person_ids), _DOORS.c.not_before > now
    )
    return {row[0]: row[1] for row in session.execute(query)}


def forget_names(session: Session, now: datetime) -> int:
    """Erase those doors of old rounds that lead to nobody in the register; how many."""
    old = select(_SWEEPS.c.id).where(_SWEEPS.c.started_at <= now - RESPITE)
    is_bare = (_DOORS.c.person_id == "") & _DOORS.c.sweep_id.in_(old)
    found = session.execute(delete(_DOORS).where(is_bare))
    return int(found.rowcount)  # type: ignore[attr-defined]


def hand_on(session: Session, gone: str, kept: str) -> None:
    """One person had two records: the doors are those of the kept one."""
    session.execute(update(_DOORS).where(_DOORS.c.person_id == gone).values(person_id=kept))


def _opened(session: Session, vault: Vault, row: Sweep) -> Round:
    query = select(_DOORS).where(_DOORS.c.sweep_id == row.id).order_by(_DOORS.c.number)
    doors = tuple(
        AtDoor(
            found.id,
            found.number,
            vault.open(found.sealed),
            DoorState(found.state),
            found.person_id,
            found.not_before,
        )
        for found in session.execute(query)
    )
    return Round(row.id or 0, row.place, row.words, doors)
