"""Figures that staff type, and from when to when people were at home, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from records import home_stays, targets
from records.database import Database, Session
from records.home_stays import HomeStay, Told
from records.targets import Figure, Kind

PARKS = Figure(Kind.TARGET, "430321", "parks", 2023, 2023, "个", 3, "附件3")


def _typed_twice(session: Session, now: datetime) -> None:
    targets.keep(session, PARKS, by="小刘", at=now)
    targets.keep(session, replace(PARKS, value=4), by="小王", at=now + timedelta(days=1))


async def test_the_newest_version_counts_and_the_older_stays(
    database: Database, now: datetime
) -> None:
    await database.run(_typed_twice, now)
    [current] = await database.read(targets.current, ["430321"])
    assert (current.figure.value, current.by) == (4, "小王")
    kept = await database.read(targets.versions, ["430321"])
    assert [(one.figure.value, one.by) for one in kept] == [(3, "小刘"), (4, "小王")]


async def test_two_sources_of_one_target_are_two_rows(database: Database, now: datetime) -> None:
    await database.run(_typed_twice, now)
    other = replace(PARKS, source="附件1", value=10)
    await database.run(lambda s: targets.keep(s, other, by="小刘", at=now))
    found = await database.read(targets.current, ["430321"])
    assert sorted((one.figure.source, one.figure.value) for one in found) == [
        ("附件1", 10),
        ("附件3", 4),
    ]


async def test_no_target_is_not_nought(database: Database, now: datetime) -> None:
    await database.run(lambda s: targets.keep(s, replace(PARKS, value=None), by="小刘", at=now))
    [found] = await database.read(targets.current, ["430321"])
    assert found.figure.value is None


def _stays(session: Session) -> list[tuple[Any, ...]]:
    table = HomeStay.__table__  # type: ignore[attr-defined]
    rows = session.execute(select(table.c.since, table.c.until).order_by(table.c.id))
    return [tuple(row) for row in rows]


def _told(where: str, words: str = "") -> Told:
    return Told("p1", {"where_now": where}, {"return_period_text": words})


async def test_a_stay_lasts_until_somebody_is_away_again(
    database: Database, now: datetime
) -> None:
    for days, where in enumerate(("returned", "returned", "away", "returned")):
        at = now + timedelta(days=days)
        await database.run(home_stays.note, [_told(where)], at)
    assert await database.read(_stays) == [
        (date(2026, 11, 21), date(2026, 11, 23)),
        (date(2026, 11, 24), None),
    ]


@pytest.mark.parametrize(
    ("words", "since"),
    [
        ("2026年2月10日", date(2026, 2, 10)),
        ("2026年2月", date(2026, 2, 28)),
        ("2027年2月10日", date(2026, 11, 21)),
        ("2026年2月31日", date(2026, 11, 21)),
        ("过完年", date(2026, 11, 21)),
    ],
)
def test_the_day_of_a_list_counts_where_it_is_past(words: str, since: date, now: datetime) -> None:
    assert home_stays.since_of(_told("returned", words), now.date()) == since


async def test_who_is_merged_takes_the_days_along(database: Database, now: datetime) -> None:
    await database.run(home_stays.note, [_told("returned")], now)
    await database.run(home_stays.hand_on, "p1", "p2")
    await database.run(home_stays.note, [_told("away")], now + timedelta(days=1))
    assert await database.read(_stays) == [(date(2026, 11, 21), None)]
