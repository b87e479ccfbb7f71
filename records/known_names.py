"""Fingerprints of the names of registered people: whether a text names one, read by nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Field, Session, SQLModel

from records import name_parts
from records.dialect import insert
from records.people import Person
from records.prints import NICKNAME, plain
from records.types import UtcDateTime
from records.vault import Vault

_LOOKED_UP = 500  # fingerprints in one statement
_FRESH = 1000  # records that are opened where their fingerprint is yet to be made


class KnownName(SQLModel, table=True):
    """The fingerprint of a person's name as it was at a moment; it goes with the person."""

    __tablename__ = "known_name"

    person_id: str = Field(primary_key=True, max_length=24)
    name_print: str = Field(max_length=32, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


_TABLE = KnownName.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


def make(session: Session, vault: Vault, limit: int) -> int:
    """Make some of the fingerprints that are missing or old; how many."""
    rows = _unmade(session, vault, limit)
    new = insert(session, _TABLE)
    changed = {"name_print": new.excluded.name_print, "at": new.excluded.at}
    statement = new.on_conflict_do_update(index_elements=["person_id"], set_=changed)
    values = [
        {"person_id": person, "name_print": print_of(vault, name), "at": at}
        for person, name, at in rows
    ]
    if values:
        session.connection().execute(statement, values)
        name_parts.keep(session, vault, {person: name for person, name, _ in rows})
    return len(values)


def fresh(session: Session, vault: Vault, since: datetime, limit: int) -> dict[str, str]:
    """Names of people who changed since then and have no fingerprint yet, by person."""
    rows = _unmade(session, vault, limit, _PEOPLE.c.updated_at >= since)
    return {person: name for person, name, _ in rows}


def among(session: Session, vault: Vault, words: Collection[str]) -> tuple[set[str], bool]:
    """Those of these words that are somebody's name; and whether everybody was looked at."""
    prints = {print_of(vault, word): word for word in words}
    found: set[str] = set()
    keys = list(prints)
    for first in range(0, len(keys), _LOOKED_UP):
        some = _TABLE.c.name_print.in_(keys[first : first + _LOOKED_UP])
        known = session.execute(select(_TABLE.c.name_print).where(some).distinct()).scalars()
        found |= {prints[key] for key in known}
    fresh = _unmade(session, vault, _FRESH)
    found |= {name for _, name, _ in fresh}.intersection(words)
    return found, len(fresh) < _FRESH


def print_of(vault: Vault, name: str) -> str:
    """The fingerprint of a name; of none, one that no word has."""
    return vault.fingerprint(f"name/{plain(name)}")[:32]


def _unmade(
    session: Session, vault: Vault, limit: int, *wanted: ColumnElement[bool]
) -> list[tuple[str, str, datetime]]:
    """People without a fingerprint of the name that they have now."""
    is_old = or_(_TABLE.c.at.is_(None), _TABLE.c.at < _PEOPLE.c.updated_at)
    query = (
        select(_PEOPLE.c.id, _PEOPLE.c.sealed, _PEOPLE.c.updated_at)
        .outerjoin(_TABLE, _TABLE.c.person_id == _PEOPLE.c.id)
        .where(is_old, *wanted)
        .order_by(_PEOPLE.c.id)
        .limit(limit)
    )
    return [
        (row[0], plain(str(vault.open(row[1]).get(NICKNAME) or "")), row[2])
        for row in session.execute(query)
    ]
