"""The one statement that SQLAlchemy spells differently for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

Insert = postgresql.Insert | sqlite.Insert


def insert(session: Session, table: Table) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT."""
    is_sqlite = session.connection().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def insert_or_ignore(session: Session, table: Table, unique: Sequence[str]) -> Any:
    """INSERT that leaves the row alone which is already there."""
    return _ignoring(session.connection().dialect.name, table, tuple(unique))


@cache
def _ignoring(dialect: str, table: Table, unique: tuple[str, ...]) -> Any:
    own = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return own.on_conflict_do_nothing(index_elements=unique)
