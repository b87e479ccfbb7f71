"""Audiences as clerks type them, over the real country and the towns of their county."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from handlers.places import country
from matching.audience.faults import AudienceFault
from outreach import segments
from outreach.segments import Office
from tests.handlers.support.walk import fresh_engine

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DINGTAO, ZHANGWAN = "371703", "371703103"


def _spoken(typed: str, area: str = DINGTAO) -> str:
    with Session(fresh_engine()) as session:
        office = Office(country(), area)
        found = segments.read(session, office, typed, NOW)
        assert segments.read(session, office, found.spoken, NOW).condition == found.condition
        return found.spoken


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [
        ("定陶在外地想创业的", "老家在定陶区 且 在外地 且 想创业"),
        ("今年过年回来的", "春节回来"),
        ("没专员的", "没有专员"),
        ("想学电商的", "想学电商"),
        ("会电工的湘乡人", "会电工 且 老家在湘乡市"),
        ("定陶或者曹县", "老家在定陶区、曹县"),
        ("在广东打工的定陶人", "现在在广东省 且 老家在定陶区"),
        ("想回来开店的", "想做小店餐饮美容"),
        ("已经在干但是没办执照的", "已经在干 且 没办执照"),
        ("张湾镇的", "老家在张湾镇"),
        ("张湾的", "老家在张湾镇"),
        ("定陶张湾镇", "老家在张湾镇"),
        ("定陶张湾", "老家在张湾镇"),
        ("菏泽定陶张湾镇在外的", "老家在张湾镇 且 在外地"),
        ("仿山镇和张湾镇", "老家在仿山镇、张湾镇"),
        ("湘乡泉塘镇的", "老家在湘乡市泉塘镇"),
        ("乡贤里头在上海的", "乡贤 且 现在在上海市"),
        ("不缺钱也不缺人", "没说缺本钱 且 没说缺人手"),
        ("北京朝阳的", "老家在北京市朝阳区"),
        ("东莞和深圳打工的", "现在在东莞市、深圳市"),
        ("有意向创业但还没人管的", "想创业 且 没有人管"),
        ("所有在外想创业的定陶人", "在外地 且 想创业 且 老家在定陶区"),
    ],
)
def test_a_clerk_is_understood_and_told_so_in_words_that_mean_the_same(
    typed: str, spoken: str
) -> None:
    assert _spoken(typed) == spoken


@pytest.mark.parametrize(
    ("typed", "area", "hint"),
    [
        ("鼓楼的", DINGTAO, "有好几个"),
        ("在定陶的", DINGTAO, "只记到市"),
        ("现在在浦东", DINGTAO, "只记到市"),
        ("老家在火星", DINGTAO, "没有这个地方"),
        ("现在在广州", ZHANGWAN, "只有县里能看"),
        ("不（在广州打工）", ZHANGWAN, "只有县里能看"),
    ],
)
def test_what_an_office_cannot_ask_is_said(typed: str, area: str, hint: str) -> None:
    with pytest.raises(AudienceFault, match=hint):
        _spoken(typed, area)


def test_a_town_reads_the_names_of_its_county() -> None:
    assert _spoken("仿山镇", ZHANGWAN) == "老家在仿山镇"
