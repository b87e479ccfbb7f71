"""Whom a helper is to call today."""

from __future__ import annotations

from datetime import date

import pytest

from outreach.courses.booking import today_of
from records import assignments, audit, people, visits
from records.assignments import Help, Why
from records.database import Session
from records.people import Entered, Source
from records.staff_accounts import StaffRole
from records.visits import Due, Reason
from tests.support.console import Stage


def _due(session: Session, stage: Stage, helper: str, day: date) -> None:
    entered = Entered({"intent": "ready"}, {"nickname": "王示范"}, "371703", Source.COUNTER)
    people.enter(session, stage.vault, "p1", entered, at=stage.now, basis="演练")
    why = Why.BY_STAFF
    assignments.assign(session, "p1", helper, Help.COMMISSIONER, why=why, at=stage.now)
    visits.plan(session, [Due("p1", Reason.FIRST, day)], stage.now)


async def test_the_first_page_leads_to_whom_one_is_to_call(stage: Stage) -> None:
    browser = await stage.staff("小专", StaffRole.COMMISSIONER)
    await stage.database.run(_due, stage, "小专", date(2026, 11, 19))
    assert "今天该回访的人 1" in (await browser.get("/")).words
    page = await browser.get("/people/calls")
    assert "1号 王** 第一次联系 · 马上想干" in page.words
    assert "2026-11-19就该联系了" in page.words
    assert "/console/people/p1" in page.text


@pytest.mark.parametrize(("helper", "days"), [("老专", 0), ("小专", 1)])
async def test_others_and_later_days_do_not_wait(stage: Stage, helper: str, days: int) -> None:
    browser = await stage.staff("小专", StaffRole.COMMISSIONER)
    day = today_of(stage.now)
    await stage.database.run(_due, stage, helper, day.replace(day=day.day + days))
    assert "今天该回访的人" not in (await browser.get("/")).words
    assert "今天没有要回访的人" in (await browser.get("/people/calls")).words


async def test_reading_the_list_is_in_the_trail(stage: Stage) -> None:
    browser = await stage.staff("小专", StaffRole.COMMISSIONER)
    await stage.database.run(_due, stage, "小专", today_of(stage.now))
    await browser.get("/people/calls")
    rows = await stage.database.read(audit.of, "p1")
    assert "person.seen" in {row.act for row in rows}
