"""What sentences and answers tell the self-check."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from handlers.self_check import reading
from handlers.self_check.questions import question_for

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("我开店三个月了能领不", {"registered_on": ["2026-07-22", "2026-09-05"]}),
        ("开了三个多月", {"registered_on": ["2026-07-22", "2026-08-21"]}),
        (
            "店开了半年，就我一个人",
            {"registered_on": ["2026-04-22", "2026-06-05"], "headcount_incl_founder": 1},
        ),
        ("开店快一年了", {"registered_on": ["2025-11-22", "2026-02-22"]}),
        ("经营满6个月就能领对不对", {}),
        ("我店开满6个月了", {"registered_on": ["2026-04-22", "2026-06-05"]}),
        ("2026年5月21日办的执照", {"registered_on": ["2026-05-21", "2026-05-21"]}),
        ("去年3月开的店", {"registered_on": ["2025-03-01", "2025-03-31"]}),
        ("5月办的执照", {"registered_on": ["2026-05-01", "2026-05-31"]}),
        ("12月办的执照", {"registered_on": ["2025-12-01", "2025-12-31"]}),
        ("明年，2027年5月办执照", {}),
        ("我们三个人干", {"headcount_incl_founder": 3}),
        ("加我两个人", {"headcount_incl_founder": 2}),
        ("请了两个工人", {"headcount_incl_founder": 3}),
        ("我和老婆开的夫妻店", {"headcount_incl_founder": 2}),
        ("我是个体户", {"entity_type": "个体户"}),
        ("我办的公司", {"entity_type": "公司"}),
        ("个体户和公司都行吗", {}),
        ("还没办执照", {"entity_type": "没办"}),
        ("我是第一次办执照", {"first_registration": True}),
        ("以前办过一个执照", {"first_registration": False}),
        ("社保都交了", {"social_insurance": "paid"}),
        ("没给员工交社保", {"social_insurance": "none"}),
        ("签了7个一年的合同", {"contracts_1y": 7, "contracts_signed": True}),
        ("签了7个合同", {"contracts_signed": True}),
        ("没签合同", {"contracts_signed": False}),
        ("今天天气不错", {}),
    ],
)
def test_facts_are_read_from_the_sentence(text: str, facts: dict[str, Any]) -> None:
    assert reading.read(text, TODAY) == facts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026.5", ["2026-05-01", "2026-05-31"]),
        ("202605", ["2026-05-01", "2026-05-31"]),
        ("上个月", ["2026-10-01", "2026-10-31"]),
        ("前年", ["2024-01-01", "2024-12-31"]),
        ("一年半", ["2025-04-22", "2025-06-05"]),
        ("二〇二五年三月八号", ["2025-03-08", "2025-03-08"]),
        ("2027年1月", None),
        ("2026年2月30日", None),
        ("随便", None),
    ],
)
def test_the_licence_date_is_understood(text: str, days: list[str] | None) -> None:
    assert reading.days(text, TODAY) == days


@pytest.mark.parametrize(
    ("attr", "answer", "count"),
    [
        ("headcount_incl_founder", "3", 3),
        ("headcount_incl_founder", "三个", 3),
        ("headcount_incl_founder", "三个人", 3),
        ("headcount_incl_founder", "大概5个吧", 5),
        ("headcount_incl_founder", "就我一个", 1),
        ("headcount_incl_founder", "我和老婆", 2),
        ("headcount_incl_founder", "30岁", None),
        ("headcount_incl_founder", "没有", None),
        ("contracts_1y", "没有", 0),
        ("contracts_1y", "一个也没有", 0),
        ("contracts_1y", "七个", 7),
        ("contracts_1y", "签了3个", 3),
    ],
)
def test_heads_are_counted(attr: str, answer: str, count: int | None) -> None:
    assert question_for(attr, {}, []).answer(answer, TODAY).get(attr) == count
