"""Cases on pages: leads, a second's word, leave of the person, taken back at once."""

from __future__ import annotations

import pytest

from outreach.cases.publishing import Leave
from records import audit, cases
from records.cases import Tier
from records.staff_accounts import StaffRole
from tests.support.console import Browser, Stage
from tests.support.told_case import TELLER, a_business, a_lead, a_person, told_case

COUNTY, OTHER = "371703", "430381"


@pytest.fixture
async def told(stage: Stage) -> Browser:
    """Somebody of the county of case 1, which may be told."""
    await stage.database.run(told_case, stage.vault, stage.now, Leave.NAMELESS)
    return await stage.staff("小周", area=COUNTY)


async def _tier(stage: Stage) -> Tier:
    case = await stage.database.read(cases.find, stage.vault, 1)
    assert case is not None
    return case.tier


async def test_a_case_is_shown_without_the_name(told: Browser) -> None:
    page = await told.get("/cases/1")
    assert "现在可以讲" in page.words
    assert "老*" in page.words
    assert "老周" not in page.text


async def test_what_a_person_takes_back_is_not_told_any_more(stage: Stage, told: Browser) -> None:
    assert "三个棚" in (await told.get("/stories")).words
    assert "三个棚" in (await told.post("/stories/1/card")).words
    assert (await told.post("/cases/1/step/take-back")).status == 303
    assert "三个棚" not in (await told.get("/stories")).words
    assert (await told.post("/stories/1/card")).status == 404
    acts = [row.act for row in await stage.database.read(audit.of, TELLER)]
    assert "case.taken_back" in acts


async def test_a_lead_becomes_typical_by_a_second_person(stage: Stage) -> None:
    await stage.database.run(a_person, stage.vault, stage.now)
    await stage.database.run(a_business, stage.vault, stage.now)
    await stage.database.run(a_lead, stage.vault, stage.now)
    first, second = [await stage.staff(name, area=COUNTY) for name in ("小周", "小吴")]
    for tier in ("培育", "典型"):
        assert (await first.post("/cases/1/move", tier=tier)).status == 303
    assert (await first.post("/cases/1/step/agree")).status == 409
    assert await _tier(stage) is Tier.GROWING
    assert (await second.post("/cases/1/step/agree")).status == 303
    assert await _tier(stage) is Tier.TYPICAL


async def test_a_text_is_reviewed_by_another_and_gives_nothing_away(
    stage: Stage, told: Browser
) -> None:
    words = {"title": "蘑菇", "story": "老周打13900000001"}
    assert (await told.post("/cases/1/write", **words)).status == 303
    assert (await told.post("/cases/1/step/review")).status == 409
    other = await stage.staff("小吴", area=COUNTY)
    answer = await other.post("/cases/1/step/review")
    assert answer.status == 409
    assert "号码" in answer.words


async def test_who_is_asked_again_too_soon_is_not_asked(told: Browser) -> None:
    answer = await told.post("/cases/1/step/ask")
    assert answer.status == 409


async def test_who_is_in_the_library_is_not_added_twice(told: Browser) -> None:
    answer = await told.post("/cases", phone="13900000001")
    assert answer.status == 422
    assert "没有人用这个号码" in answer.words


@pytest.mark.parametrize("act", ["", "/move", "/write", "/step/take-back", "/step/nothing"])
async def test_the_case_of_another_county_is_not_there(
    stage: Stage, told: Browser, act: str
) -> None:
    other = await stage.staff("老李", area=OTHER)
    answer = await (other.post(f"/cases/1{act}") if act else other.get("/cases/1"))
    assert answer.status == 404
    assert (await other.post("/stories/1/card")).status == 404


async def test_publicity_sees_only_what_may_be_told(stage: Stage, told: Browser) -> None:
    publicity = await stage.staff("宣传员", role=StaffRole.PUBLICITY, area=COUNTY)
    assert "三个棚" in (await publicity.get("/stories")).words
    assert (await publicity.get("/cases/1")).status == 404


async def test_a_cadre_decides_on_no_case(stage: Stage) -> None:
    await stage.database.run(told_case, stage.vault, stage.now, Leave.NAMELESS)
    cadre = await stage.staff("老支书", role=StaffRole.CADRE, area=COUNTY)
    assert (await cadre.post("/cases/1/step/review")).status == 409
