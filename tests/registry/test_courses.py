"""Lists of courses: rows as values, faults in words, the same file twice changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest

from handlers.places import country
from records import courses
from records.courses import Level, Topic
from records.database import Database, Session
from records.vault import Vault
from registry import reading
from registry.courses_kind import COURSES
from registry.importing import opened
from registry.lists import Origin, Outcome, Refused, Stored, Terms

HEAD = "班名,培训类别,县,上课地点,开班时间,结业时间,名额,1+3+1\n"
GOOD = "电商直播入门,电商,湘乡,便民中心,2026年12月11日,2026/12/15,30人,是\n"


def _store(session: Session, vault: Vault, now: datetime, text: str) -> list[Stored | Refused]:
    terms = Terms(Origin(vault, "小刘", now), country(), "token")
    job = opened(reading.read(text.encode()), COURSES, terms)
    (batch,) = job.batches()
    stored = iter(COURSES.store(session, batch.values, terms.origin))
    return [one if isinstance(one, Refused) else next(stored) for one in batch.read]


async def test_a_row_becomes_a_course(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(_store, vault, now, HEAD + GOOD)
    (course,) = await database.read(courses.of_staff, "430381", date(2026, 1, 1))
    told = course.told
    assert (told.topic, told.level, told.is_programme) == (Topic.ECOMMERCE, Level.NOTHING, True)
    assert (told.starts_on, told.ends_on, told.seats) == (
        date(2026, 12, 11),
        date(2026, 12, 15),
        30,
    )


async def test_the_same_list_again_changes_nothing_and_a_new_one_is_taken(
    database: Database, vault: Vault, now: datetime
) -> None:
    outcomes: Counter[Outcome] = Counter()
    for text in (GOOD, GOOD, GOOD.replace("30人", "40人")):
        (one,) = await database.run(_store, vault, now, HEAD + text)
        assert isinstance(one, Stored)
        outcomes[one.outcome] += 1
    assert outcomes == {Outcome.NEW: 1, Outcome.SAME: 1, Outcome.MERGED: 1}


@pytest.mark.parametrize(
    ("old", "new", "heading"),
    [
        ("30人", "很多", "人数"),
        ("2026年12月11日", "下月", "开课"),
        ("2026年12月11日", "2026年12月", "开课"),
        ("2026/12/15", "2026/12/1", "结课"),
        ("湘乡", "火星", "县"),
        ("电商,", "炼丹,", "内容"),
        ("电商直播入门", "", "名称"),
        ("电商直播入门", "长" * 21, "名称"),
    ],
)
async def test_a_fault_names_its_column(
    database: Database, vault: Vault, now: datetime, old: str, new: str, heading: str
) -> None:
    (one,) = await database.run(_store, vault, now, HEAD + GOOD.replace(old, new))
    assert isinstance(one, Refused)
    assert heading in [fault.heading for fault in one.faults]


async def test_a_title_tells_the_topic_where_no_column_does(
    database: Database, vault: Vault, now: datetime
) -> None:
    text = HEAD + GOOD.replace("电商直播入门,电商", "养老护理员,")
    await database.run(_store, vault, now, text)
    (course,) = await database.read(courses.of_staff, "", date(2026, 1, 1))
    assert course.told.topic is Topic.CARE
