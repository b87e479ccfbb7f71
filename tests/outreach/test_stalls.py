"""Talks at stalls: a line is read, counted for its campaign, taken back, told by matter."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.stalls.words import Count, Standing, TakeBack, wish_of
from outreach import stalls
from records import campaign_drafts
from records import stalls as records
from records.campaigns import Campaign
from records.database import Database, Session
from records.staff_accounts import Staff, StaffRole
from records.stalls import Counted, StallTalk
from records.vault import Vault
from tests.support.campaign_stage import DINGTAO, NOW

LOAN = {"贷款": 3}


def _campaign(session: Session, area: str = DINGTAO, **changed: object) -> int:
    values = {"title": "温暖回家路", "kit": "温暖回家路", "state": "running", "created_at": NOW}
    return campaign_drafts.add(
        session,
        Campaign(area=area, drafted_by="小王", **{**values, **changed}),  # type: ignore[arg-type]
    )


def _count(session: Session, vault: Vault, number: int, counted: Counted, by: str = "甲") -> None:
    stalls.count(session, vault, number, counted, by=by, now=NOW)


def _lines(session: Session, vault: Vault, number: int) -> list[str]:
    campaign = campaign_drafts.find(session, number)
    assert campaign is not None
    return list(stalls.lines(session, vault, campaign))


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("来问 火车站 8人 贷款3", Counted(8, topics=LOAN, place="火车站")),
        ("来问 火车站8人 问贷款3", Counted(8, topics=LOAN, place="火车站")),
        ("来问：贷款2，创业贷款1", Counted(3, topics=LOAN)),
        ("来问 贷款 补贴", Counted(1, topics={"贷款": 1, "补贴": 1})),
        ("来问 25", Counted(25)),
        ("来问 登记2", Counted(2, registered=2)),
        ("来问 扫码9", Counted(0, scanned=9)),
        ("摊位 8人 驾照2", Counted(8, topics={"驾照": 2})),
        ("来问 没答上来：能不能贷", Counted(1, open_question="能不能贷")),
    ],
)
def test_a_line_is_read_as_it_is_said(text: str, counted: Counted) -> None:
    assert wish_of(text) == Count(counted)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("来问 推送3 8人", Count(Counted(8), campaign=3)),
        ("摊位情况 3", Standing(3)),
        ("来问撤回", TakeBack()),
        ("来问一下贷款", None),
        ("摊位在哪", None),
        ("我来问 8人", None),
    ],
)
def test_other_lines_are_told_apart(text: str, wish: object) -> None:
    assert wish_of(text) == wish


@pytest.mark.parametrize(
    "text", ["来问 贷款9 8人", "来问 车站 市场 3", "来问 火车站", "来问 9999人"]
)
def test_what_cannot_be_is_named(text: str) -> None:
    wish = wish_of(text)
    assert isinstance(wish, Count)
    assert wish.fault


async def test_a_report_adds_up_by_place_and_matter(database: Database, vault: Vault) -> None:
    number = await database.run(_campaign)
    station = Counted(8, 1, 4, LOAN, "火车站", "异地社保怎么转")
    for by in ("甲", "乙"):
        await database.run(_count, vault, number, station, by)
    await database.run(_count, vault, number, Counted(5, topics={"补贴": 5}))
    assert await database.read(_lines, vault, number) == [
        "摊位上来问21人（火车站16人、没写地点5人），登记2人，扫码8人。",
        "问得多的：贷款6、补贴5。",
        "没答上来：异地社保怎么转",
        "没答上来：异地社保怎么转",
    ]


async def test_a_campaign_without_stalls_tells_nothing_of_them(
    database: Database, vault: Vault
) -> None:
    number = await database.run(_campaign)
    assert await database.read(_lines, vault, number) == []


async def test_a_question_is_sealed(database: Database, vault: Vault) -> None:
    number = await database.run(_campaign)
    await database.run(_count, vault, number, Counted(1, open_question="老李的贷款批了没"))
    row = await database.read(lambda s: s.get(StallTalk, 1))
    assert row is not None
    assert "老李".encode() not in (row.open_question or b"")


async def test_only_ones_own_line_is_taken_back(database: Database, vault: Vault) -> None:
    number = await database.run(_campaign)
    await database.run(_count, vault, number, Counted(8))
    for by, is_gone in (("乙", False), ("甲", True), ("甲", False)):
        assert await database.run(_back, number, by) is is_gone
    assert await database.read(records.of_campaign, vault, number) == []


def _back(session: Session, campaign: int, by: str) -> bool:
    return stalls.take_back(session, 1, campaign, by=by, now=NOW)


@pytest.mark.parametrize(
    ("changed", "is_open"),
    [
        ({}, True),
        ({"state": "finished"}, True),
        ({"state": "draft"}, False),
        ({"state": "stopped"}, False),
        ({"kit": ""}, False),
        ({"created_at": NOW - timedelta(days=91)}, False),
        ({"area": "430381"}, False),
        ({"town": "371703101"}, True),
    ],
)
async def test_one_stands_for_what_goes_out_in_ones_county(
    database: Database, changed: dict[str, object], is_open: bool
) -> None:
    await database.run(lambda s: _campaign(s, **changed))  # type: ignore[arg-type]
    staff = Staff("甲", StaffRole.STEWARD, DINGTAO)
    found = await database.read(stalls.open_ones, staff, "", NOW)
    assert bool(found) is is_open


@pytest.mark.parametrize(("town", "count"), [("", 1), ("371703101", 1), ("371703102", 0)])
async def test_a_town_stands_for_the_county_s_and_its_own(
    database: Database, town: str, count: int
) -> None:
    await database.run(lambda s: _campaign(s, town=town))
    staff = Staff("甲", StaffRole.CADRE, "371703101")
    assert len(await database.read(stalls.open_ones, staff, DINGTAO, NOW)) == count
