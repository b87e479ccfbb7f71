"""The first page: what waits, and the month so far."""

from __future__ import annotations

import pytest

from records import people
from records.database import Session
from records.people import Entered, Source
from records.staff_accounts import StaffRole
from tests.support.console import Stage


def _register(session: Session, stage: Stage, person_id: str, area: str) -> None:
    entered = Entered({"intent": "ready"}, {"nickname": "示范"}, area, Source.COUNTER)
    people.enter(session, stage.vault, person_id, entered, at=stage.now, basis="演练")


async def test_the_day_is_told_as_people_say_it(stage: Stage) -> None:
    words = (await (await stage.staff()).get("/")).words
    assert "11月21日，星期六，农历" in words
    assert "离除夕还有 76 天" in words


@pytest.mark.parametrize(("area", "count"), [("371703", 1), ("371700", 2), ("", 3), ("430381", 1)])
async def test_the_month_counts_ones_own_area(stage: Stage, area: str, count: int) -> None:
    for number, home in enumerate(("371703", "371721", "430381")):
        await stage.database.run(_register, stage, f"p{number}", home)
    words = (await (await stage.staff("小王", area=area)).get("/")).words
    assert f"新登记 {count} 人" in words


async def test_who_sees_no_totals_is_shown_none(stage: Stage) -> None:
    browser = await stage.staff("老赵", StaffRole.MENTOR)
    assert "新登记" not in (await browser.get("/")).words


async def test_nothing_to_do_is_said(stage: Stage) -> None:
    browser = await stage.staff("老赵", StaffRole.STEWARD)
    assert "眼下没有等您办的事" in (await browser.get("/")).words


@pytest.mark.parametrize(("area", "leads"), [("371703", True), ("371700", False)])
async def test_a_figure_leads_only_where_one_may_go(stage: Stage, area: str, leads: bool) -> None:
    browser = await stage.staff("小王", area=area)
    words = (await browser.get("/")).text
    assert ('href="/console/inbox?tab=closed"' in words) is leads
