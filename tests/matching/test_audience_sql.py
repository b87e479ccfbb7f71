"""What SQL says of a table of people is what an audience says of each, on both databases."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import select

from matching.audience.seen import someone
from matching.audience.sql import where
from matching.audience.values import Condition
from records import seen_people
from records.database import Database, Session
from records.people import Person
from tests.matching.audiences import a_condition, keep_people

_PEOPLE = Person.__table__  # type: ignore[attr-defined]


def _by_both(
    session: Session, conditions: list[Condition], ids: list[str]
) -> list[tuple[set[str], set[str]]]:
    people = {row.id: someone(row) for row in seen_people.of(session, ids)}
    return [
        (
            set(session.execute(select(_PEOPLE.c.id).where(where(each))).scalars()),
            {one for one, known in people.items() if each.holds(known)},
        )
        for each in conditions
    ]


@pytest.mark.parametrize("seed", range(3))
async def test_the_table_and_each_person_agree(database: Database, seed: int) -> None:
    rng = Random(seed)
    ids = await database.run(keep_people, rng, 80)
    conditions = [a_condition(rng) for _ in range(150)]
    found = await database.read(_by_both, conditions, ids)
    assert [by_sql for by_sql, _ in found] == [in_memory for _, in_memory in found]
    assert sum(0 < len(by_sql) < len(ids) for by_sql, _ in found) > 50  # it did tell people apart
