"""What people tell of their business is kept, mended and erased, one attribute at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from records import person_facts
from records.database import Database, Session

Answers = Mapping[str, Any]


def _kept(session: Session, told: Sequence[Answers], at: datetime) -> Answers:
    for answers in told:
        person_facts.keep(session, "anna", answers, at=at)
    return person_facts.of(session, ["anna"])["anna"]


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ([{"entity_type": "公司"}], {"entity_type": "公司"}),
        ([{"entity_type": "公司"}, {"entity_type": "个体户"}], {"entity_type": "个体户"}),
        ([{"entity_type": "公司"}, {"entity_type": None}], {}),
        ([{"contracts_1y": 0}], {"contracts_1y": 0}),
        ([{"first_registration": False}], {"first_registration": False}),
        (
            [{"registered_on": ["2025-03-01", "2025-03-31"]}],
            {"registered_on": ["2025-03-01", "2025-03-31"]},
        ),
        ([{"registered_on": ["2025-03-01", "2025-03-31"]}, {"registered_on": None}], {}),
        (
            [
                {"recognised_as": ["甲"], "not_recognised_as": ["乙"]},
                {"recognised_as": ["乙"], "not_recognised_as": ["丙"]},
            ],
            {"recognised_as": ["乙", "甲"], "not_recognised_as": ["丙"]},
        ),
        (
            [{"recognised_as": ["甲"]}, {"recognised_as": [], "not_recognised_as": ["甲"]}],
            {"not_recognised_as": ["甲"]},
        ),
        ([{"recognised_as": ["甲"]}, {"recognised_as": None}], {}),
        ([{"unsure": ["contracts_1y"]}], {"unsure": ["contracts_1y"]}),
        ([{"unsure": ["contracts_1y"]}, {"contracts_1y": 3}], {"contracts_1y": 3}),
        ([{"recognised_as": ["甲|乙"]}], {}),
    ],
)
async def test_the_newest_word_counts(
    database: Database, now: datetime, told: Sequence[Answers], held: Answers
) -> None:
    assert await database.run(_kept, told, now) == held


async def test_more_titles_than_there_is_room_for_are_asked_for_again(
    database: Database, now: datetime
) -> None:
    names = [f"{number:02}号示范项目" for number in range(99)]
    held = await database.run(_kept, [{"recognised_as": names}], now)
    assert held["recognised_as"] == names[: len(held["recognised_as"])]
