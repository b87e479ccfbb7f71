"""The ledger of businesses: whose are in reach, corrected with checks, never over a colleague."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from records import audit, entities
from records.database import Session
from records.entities import Business, Entity
from records.staff_accounts import StaffRole
from tests.console.test_people import HERE, NEXT, enter
from tests.support.console import Answer, Browser, Stage


async def _open(stage: Stage, number: str = "e1", person: str = "p1", **more: Any) -> None:
    told = {"name": "老张面馆", "trade": "shop", "area": HERE, "headcount": 3, **more}

    def keep(session: Session) -> None:
        vault, at = stage.vault, stage.now
        entities.open_one(session, vault, number, person, Business(**told), source="bulk", at=at)

    await stage.database.run(keep)


async def _sent(browser: Browser, **fields: str) -> Answer:
    page = await browser.get("/entities/e1")
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen is not None
    return await browser.post("/entities/e1", **{"seen": seen.group(1), "state": "open", **fields})


async def _row(stage: Stage) -> Business:
    def read(session: Session) -> Business:
        return entities.business_of(session.get_one(Entity, "e1"), stage.vault)

    return await stage.database.read(read)


async def test_businesses_of_people_in_reach_are_listed(stage: Stage) -> None:
    await enter(stage)
    await enter(stage, "p2", "李小红", area=NEXT)
    await _open(stage)
    await _open(stage, "e2", "p2", name="牡丹花店", area=NEXT)
    page = await (await stage.staff()).get("/entities")
    assert "老张面馆" in page.words
    assert "张**" in page.words
    assert "牡丹花店" not in page.words
    assert "person.seen" in {row.act for row in await stage.database.read(audit.of, "p1")}


@pytest.mark.parametrize(("query", "count"), [("?state=closed", 0), ("?trade=shop", 1)])
async def test_filters_leave_those_that_they_fit(stage: Stage, query: str, count: int) -> None:
    await enter(stage)
    await _open(stage)
    page = await (await stage.staff()).get(f"/entities{query}")
    assert page.words.count("老张面馆") == count


async def test_who_is_out_of_reach_is_not_there(stage: Stage) -> None:
    await enter(stage)
    await _open(stage)
    browser = await stage.staff(area=NEXT)
    assert (await browser.get("/entities/e1")).status == 404
    assert (await browser.post("/entities/e1", state="open")).status == 404
    assert (await browser.get("/entities/e9")).status == 404


async def test_a_cadre_has_no_ledger_of_businesses(stage: Stage) -> None:
    browser = await stage.staff("老支书", StaffRole.CADRE, "371703103201")
    assert (await browser.get("/entities")).status in (403, 404)


async def test_what_is_corrected_is_held_and_remembered(stage: Stage) -> None:
    await enter(stage)
    await _open(stage)
    browser = await stage.staff()
    closed = {"state": "closed", "closed_on": "2026-10-01", "headcount": "5"}
    answer = await _sent(browser, name="老张面馆", **closed)
    assert answer.status == 303
    held = await _row(stage)
    assert (held.headcount, held.closed_on) == (5, date(2026, 10, 1))
    assert "从业人数 改成 5" in (await browser.get("/entities/e1")).words


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"state": "closed"}, "哪天停的"),
        ({"headcount": "0"}, "不能小于"),
        ({"credit_code": "123"}, "18位"),
        ({"began_on": "2030-01-01"}, "还没到"),
        ({"began_on": "2026-05-01", "state": "closed", "closed_on": "2026-04-01"}, "还早"),
        ({"trade": "x"}, "列出的"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(
    stage: Stage, fields: Mapping[str, str], fault: str
) -> None:
    await enter(stage)
    await _open(stage)
    answer = await _sent(await stage.staff(), **fields)
    assert answer.status == 422
    assert fault in answer.words
    assert (await _row(stage)).headcount == 3


async def test_a_colleagues_change_is_not_overwritten(stage: Stage) -> None:
    await enter(stage)
    await _open(stage)
    await _sent(await stage.staff(), seen="2020", headcount="9")
    assert (await _row(stage)).headcount == 3
