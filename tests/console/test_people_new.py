"""Somebody at the counter: nothing without a yes or a document, nobody twice, nobody elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from handlers import consent
from records import assignments, consents, people
from records.database import Session
from records.people import Person, Source, Status
from records.staff_accounts import StaffRole
from tests.console.test_people import NEXT, enter
from tests.support.console import Answer, Browser, Stage

YES = {"ground": "agreed", "is_adult": "yes"}
FIELDS = {
    "home_place": "山东定陶",
    "where_now": "returned",
    "away_half_year": "less",
    "hukou": "rural",
    "intent": "job",
    "nickname": "王小二",
    "phone": "13900005678",
}
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


async def _agreed(browser: Browser, **ground: str) -> str:
    page = await browser.post("/people-new", **(ground or YES))
    found = re.search(r'name="agreed" value="([^"]+)"', page.text)
    return found.group(1) if found else ""


async def _save(browser: Browser, mark: str, **fields: str) -> Answer:
    return await browser.post("/people-new/save", agreed=mark, **fields)


async def _ids(stage: Stage) -> list[str]:
    def read(session: Session) -> list[str]:
        return list(session.execute(select(_PEOPLE.c.id)).scalars())

    return await stage.database.read(read)


async def test_the_notice_comes_first(stage: Stage) -> None:
    page = await (await stage.staff()).get("/people-new")
    assert "随时能看、能改、能删" in page.words
    assert "老家" in page.words
    assert 'name="nickname"' not in page.text


@pytest.mark.parametrize(
    "ground",
    [
        {"is_adult": "yes"},
        {"ground": "agreed"},
        {"ground": "document", "is_adult": "yes"},
        {"ground": "x", "is_adult": "yes"},
    ],
)
async def test_without_a_ground_there_is_no_form(stage: Stage, ground: Mapping[str, str]) -> None:
    page = await (await stage.staff()).post("/people-new", **ground)
    assert page.status == 422
    assert 'name="nickname"' not in page.text


async def test_who_agreed_is_entered_with_the_proof(stage: Stage) -> None:
    browser = await stage.staff()
    answer = await _save(browser, await _agreed(browser), **FIELDS)
    person_id = answer.path.removeprefix("/people/")
    found = (await stage.database.read(people.by_ids, stage.vault, [person_id]))[person_id]
    assert (found.status, found.source, found.nickname) == (
        Status.CONFIRMED,
        Source.COUNTER,
        "王小二",
    )
    said = (await stage.database.read(consents.in_force, [person_id]))[person_id]
    assert [(one.kind, one.version) for one in said] == [("core", consent.version())]


async def test_by_a_document_nobody_needs_a_yes(stage: Stage) -> None:
    browser = await stage.staff()
    ground = {"ground": "document", "document": "定政办〔2026〕1号", "is_adult": "yes"}
    answer = await _save(browser, await _agreed(browser, **ground), **FIELDS)
    assert answer.status == 303
    person_id = answer.path.removeprefix("/people/")
    assert await stage.database.read(consents.in_force, [person_id]) == {}


@pytest.mark.parametrize("mark", ["", "x", "AAAA"])
async def test_a_yes_cannot_be_made_up(stage: Stage, mark: str) -> None:
    answer = await _save(await stage.staff(), mark, **FIELDS)
    assert "先念告知" in answer.words
    assert await _ids(stage) == []


async def test_a_yes_is_not_another_ones(stage: Stage) -> None:
    mark = await _agreed(await stage.staff())
    await _save(await stage.staff("小李"), mark, **FIELDS)
    assert await _ids(stage) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"phone": "123"}, "位"),
        ({"home_place": ""}, "请填写"),
        ({"nickname": ""}, "请填写称呼"),
        ({"intent": ""}, "请填写"),
    ],
)
async def test_what_cannot_be_stays_on_the_page(
    stage: Stage, fields: Mapping[str, str], fault: str
) -> None:
    browser = await stage.staff()
    answer = await _save(browser, await _agreed(browser), **{**FIELDS, **fields})
    assert answer.status == 422
    assert fault in answer.words
    if "nickname" not in fields:
        assert "王小二" in answer.text
    assert await _ids(stage) == []


async def test_nobody_is_entered_twice(stage: Stage) -> None:
    await enter(stage, "p1", "王小二", phone="13900005678")
    browser = await stage.staff()
    answer = await _save(browser, await _agreed(browser), **FIELDS)
    assert "这个人已经登记过了" in answer.words
    assert "/console/people/p1" in answer.text
    assert await _ids(stage) == ["p1"]


async def test_another_one_on_the_same_phone_is_entered_when_asked(stage: Stage) -> None:
    await enter(stage, "p1", "王大二", phone="13900005678")
    browser = await stage.staff()
    mark = await _agreed(browser)
    first = await _save(browser, mark, **FIELDS)
    assert first.status == 422
    second = await _save(browser, mark, **FIELDS, is_other="yes")
    assert second.status == 303
    assert len(await _ids(stage)) == 2


async def test_nobody_out_of_reach_is_shown_as_the_same(stage: Stage) -> None:
    await enter(stage, "p1", "王小二", phone="13900005678")
    browser = await stage.staff(area=NEXT)
    fields = {**FIELDS, "home_place": "菏泽牡丹区"}
    answer = await _save(browser, await _agreed(browser), **fields)
    assert "/people/p1" not in answer.text
    assert await _ids(stage) == ["p1"]


async def test_nobody_is_entered_elsewhere(stage: Stage) -> None:
    browser = await stage.staff(area=NEXT)
    answer = await _save(browser, await _agreed(browser), **FIELDS)
    assert "不在您负责的地方" in answer.words
    assert await _ids(stage) == []


async def test_whom_a_commissioner_enters_is_theirs(stage: Stage) -> None:
    browser = await stage.staff("小刘", StaffRole.COMMISSIONER)
    answer = await _save(browser, await _agreed(browser), **FIELDS)
    person_id = answer.path.removeprefix("/people/")
    given = await stage.database.read(assignments.of_people, [person_id])
    assert [one.helper for one in given[person_id]] == ["小刘"]
    assert (await browser.get(f"/people/{person_id}")).status == 200


@pytest.mark.parametrize(
    ("area", "home", "village"),
    [
        ("371703", "山东省菏泽市定陶区", ""),
        ("430381111", "湘乡市", "泉塘镇"),
        ("371700", "", ""),
    ],
)
async def test_the_form_begins_where_who_enters_works(
    stage: Stage, area: str, home: str, village: str
) -> None:
    page = await (await stage.staff("小何", area=area)).post("/people-new", **YES)
    found = re.findall(r'name="home_(?:place|village)" type="text" value="([^"]*)"', page.text)
    assert found == ([home, village] if area != "371700" else [])


async def test_what_must_be_told_is_not_called_optional(stage: Stage) -> None:
    page = await (await stage.staff()).post("/people-new", **YES)
    assert "老家 （要填）" in page.words
    assert "开了 （用得上就要填）" in page.words
