"""What is only tried is told and not kept, on either database."""

from __future__ import annotations

from datetime import datetime

from records import leavers, trial
from records.database import Database, Session


def _note(session: Session, made: str, at: datetime) -> frozenset[str]:
    leavers.note(session, [made], at=at)
    return leavers.among(session, {"one", "two"})


async def test_a_trial_sees_what_is_stored_and_what_it_writes(
    database: Database, now: datetime
) -> None:
    await database.run(_note, "one", now)
    assert await trial.run(database, _note, "two", now) == {"one", "two"}
    assert await database.read(leavers.among, {"one", "two"}) == {"one"}


async def test_who_left_is_forgotten_after_three_years(database: Database, now: datetime) -> None:
    await database.run(_note, "one", now)
    assert await database.run(leavers.prune, now) == 0
    assert await database.run(leavers.prune, now + leavers.REMEMBERED) == 1
