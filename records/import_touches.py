"""Whom an import brought and whom it changed, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, delete, select, update
from sqlmodel import Field, Session, SQLModel

from records import background, erasure
from records.consents import Consent
from records.dialect import insert_or_ignore
from records.imports import DifferenceState, ImportDifference
from records.listed_people import PAPER
from records.people import Person
from records.tickets import Ticket
from records.types import BigId, Json, UtcDateTime

PREFIX = 17  # characters that the ids of everybody new of one go of an import begin with
_AFTER = "~"  # sorts behind every character of an id


class ImportPart(SQLModel, table=True):
    """One go of an import (another after a kill): how the ids of its new people begin."""

    __tablename__ = "import_part"

    run_id: int = Field(sa_type=BigId, primary_key=True)
    prefix: str = Field(primary_key=True, max_length=24)
    at: datetime = Field(sa_type=UtcDateTime)


class ImportTouch(SQLModel, table=True):
    """One person who was known and was changed; `before`: what no memory keeps."""

    __tablename__ = "import_touch"

    run_id: int = Field(sa_type=BigId, primary_key=True)
    person_id: str = Field(primary_key=True, max_length=24, index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


_PARTS, _TOUCHES = ImportPart.__table__, ImportTouch.__table__  # type: ignore[attr-defined]
_PEOPLE, _TICKETS = Person.__table__, Ticket.__table__  # type: ignore[attr-defined]
_QUESTIONS = ImportDifference.__table__  # type: ignore[attr-defined]
_CONSENTS = Consent.__table__  # type: ignore[attr-defined]


def note(
    session: Session,
    run_id: int,
    *,
    new: Iterable[str],
    before: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> None:
    """Keep who came and who was changed, in the transaction that stored them."""
    _insert(
        session,
        _PARTS,
        ("run_id", "prefix"),
        [
            {"run_id": run_id, "prefix": prefix, "at": at}
            for prefix in {one[:PREFIX] for one in new}
        ],
    )
    _insert(
        session,
        _TOUCHES,
        ("run_id", "person_id"),
        [
            {"run_id": run_id, "person_id": who, "at": at, "before": dict(was)}
            for who, was in before.items()
        ],
    )


def new_people(session: Session, run_id: int) -> dict[str, datetime]:
    """Who came by it and is still here, with the moment."""
    found: dict[str, datetime] = {}
    for part in session.execute(select(ImportPart).where(_PARTS.c.run_id == run_id)).scalars():
        ids = select(_PEOPLE.c.id).where(
            _PEOPLE.c.id >= part.prefix, _PEOPLE.c.id < part.prefix + _AFTER
        )
        found |= dict.fromkeys(session.execute(ids).scalars(), part.at)
    return found


def changed(session: Session, run_id: int) -> dict[str, ImportTouch]:
    """Who was known and changed by it."""
    query = select(ImportTouch).where(_TOUCHES.c.run_id == run_id)
    return {row.person_id: row for row in session.execute(query).scalars()}


def can_take_back(session: Session, run_id: int) -> bool:
    """Whether there is anything that could be taken back."""
    parts = select(_PARTS.c.prefix).where(_PARTS.c.run_id == run_id)
    touches = select(_TOUCHES.c.person_id).where(_TOUCHES.c.run_id == run_id)
    return any(session.execute(one.limit(1)).first() is not None for one in (parts, touches))


def forget(session: Session, run_id: int, person_ids: Sequence[str]) -> None:
    """These are as they were before."""
    mine = (_TOUCHES.c.run_id == run_id) & _TOUCHES.c.person_id.in_(person_ids)
    session.execute(delete(_TOUCHES).where(mine))


def prune(session: Session, now: datetime) -> int:
    """Drop what no list can be taken back by any more, as the work that brought it; how many."""
    connection, before = session.connection(), now - background.KEPT
    return sum(
        int(connection.execute(delete(table).where(table.c.at < before)).rowcount)
        for table in (_PARTS, _TOUCHES)
    )


def beside(
    session: Session, person_ids: Sequence[str], quiet: Container[str]
) -> Iterator[tuple[str, str]]:
    """What else is held of these: (name of a table that is not quiet, person), requests last."""
    about = [table for table in erasure.about_people() if table.name not in quiet]
    for table in (*(one for one in about if one is not _TICKETS), _TICKETS):
        held = select(table.c.person_id).where(table.c.person_id.in_(person_ids)).distinct()
        for who in session.execute(held).scalars():
            yield table.name, who


def drop_questions(session: Session, run_id: int) -> None:
    """What the list left to be decided is not asked any more."""
    is_open = _QUESTIONS.c.state == DifferenceState.OPEN.value
    session.execute(delete(ImportDifference).where(_QUESTIONS.c.run_id == run_id, is_open))


def erase_by(session: Session, person_id: str, due: datetime) -> None:
    """They are erased then unless they agree before."""
    session.execute(update(Person).where(_PEOPLE.c.id == person_id).values(erase_at=due))


def end_signed(session: Session, person_id: str, *, given: datetime, ended: datetime) -> None:
    """The consent on paper that the list brought at `given` holds no longer."""
    signed = (_CONSENTS.c.person_id == person_id) & (_CONSENTS.c.version == PAPER)
    is_of_list = signed & (_CONSENTS.c.given_at == given) & _CONSENTS.c.ended_at.is_(None)
    session.execute(update(Consent).where(is_of_list).values(ended_at=ended))


def _insert(
    session: Session, table: Any, keys: tuple[str, ...], rows: list[dict[str, Any]]
) -> None:
    if rows:
        session.connection().execute(insert_or_ignore(session, table, list(keys)), rows)
