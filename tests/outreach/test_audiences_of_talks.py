"""People who registered in the real chat: the table and each person agree on every audience."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from handlers.places import country
from matching.audience.seen import someone
from matching.audience.words import PHRASES, VERBS
from outreach import segments
from outreach.segments import Office
from records import seen_people
from tests.handlers.support.talks import two_people
from tests.handlers.support.walk import START, Walk

_OFFICE = Office(country(), "430381")
_PLACES = (
    "湘乡",
    "泉塘镇",
    "湘潭",
    "湖南",
    "现在在东莞",
    "现在在广东",
    "现在在浙江",
    "在深圳打工的",
)
_TIMES = ("本月登记", "30天内联系过", "一个月没联系", "今年来过", "从来没联系过")


@pytest.fixture(scope="module")
def talks() -> Walk:
    """老王 in 东莞, and his wife who stayed."""
    return two_people()


def _agree(session: Session, typed: str) -> bool:
    audience = segments.read(session, _OFFICE, typed, START)
    by_sql = set(segments.sample(session, _OFFICE, audience, 10))
    known = seen_people.of(session, _everybody(session))
    return by_sql == {p.id for p in known if audience.condition.holds(someone(p))}


def _everybody(session: Session) -> list[str]:
    audience = segments.read(session, _OFFICE, "所有人", START)
    return segments.sample(session, _OFFICE, audience, 10)


def test_every_word_means_the_same_of_them_in_the_table_and_alone(talks: Walk) -> None:
    words = [f"{verb.spelt[0]}{word}" for verb in VERBS for word in verb.takes]
    typed = [*_PLACES, *_TIMES, *PHRASES, *words]
    told = talks.store.run(lambda s: [one for one in typed if not _agree(s, one)])
    assert told == []


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("所有人", 2),
        ("现在在广东", 1),
        ("在东莞打工的湘乡人", 1),
        ("泉塘镇的", 1),
        ("在外想创业缺本钱的", 1),
        ("一直在老家", 1),
        ("会做饭的", 1),
    ],
)
def test_who_is_meant_is_found(talks: Walk, typed: str, count: int) -> None:
    found = talks.store.run(
        lambda s: segments.count(s, _OFFICE, segments.read(s, _OFFICE, typed, START))
    )
    assert found == count
