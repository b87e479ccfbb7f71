"""Many rows in one statement are in the transaction like any others."""

from __future__ import annotations

from datetime import datetime

import pytest

from records import audit
from records.database import Database, Session

MANY = [f"n{number}" for number in range(600)]


class _Stop(Exception):
    pass


def _write(session: Session, now: datetime, *, stops: bool = False) -> None:
    audit.write_all(session, "person.listed", MANY, at=now, actor="staff:a")
    if stops:
        raise _Stop


def _stopped(session: Session, now: datetime) -> None:
    _write(session, now, stops=True)


def _found(session: Session) -> list[tuple[str, datetime]]:
    return [(row.subject, row.at) for row in audit.with_acts(session, ["person.listed"])]


async def test_they_are_all_there(database: Database, now: datetime) -> None:
    await database.run(_write, now)
    assert sorted(await database.read(_found)) == sorted((one, now) for one in MANY)


async def test_what_is_stopped_leaves_none(database: Database, now: datetime) -> None:
    with pytest.raises(_Stop):
        await database.run(_stopped, now)
    assert await database.read(_found) == []
