"""What is changed on a person's file, with the checks of the talk, and taken back again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from records import assignments, audit, entities, people, tags, visits
from records.entities import EntityState
from records.people import Profile, Status
from records.staff_accounts import StaffRole
from records.visits import Gift, Light, Standing, VisitKind
from tests.console.test_people import HERE, enter
from tests.support.console import Answer, Browser, Stage


async def profile(stage: Stage, person_id: str = "p1") -> Profile:
    found = await stage.database.read(people.by_ids, stage.vault, [person_id])
    return found[person_id]


async def _correct(browser: Browser, **fields: str) -> Answer:
    """A form that asked for these fields alone."""
    pairs = [("csrf", browser.csrf), *(("asked", name) for name in fields), *fields.items()]
    return await _sent(browser, "/people/p1/correct", pairs)


async def _sent(browser: Browser, path: str, pairs: list[tuple[str, str]]) -> Answer:
    asked = browser.client.post(
        f"/console{path}",
        data=pairs,
        allow_redirects=False,
        headers={"Cookie": "; ".join(f"{k}={v}" for k, v in browser.cookies.items())},
    )
    async with asked as response:
        location = response.headers.get("Location", "").removeprefix("/console")
        for name, morsel in response.cookies.items():
            browser.cookies[name] = morsel.value
        return Answer(response.status, await response.text(), location)


@pytest.mark.parametrize(
    ("fields", "held"),
    [
        ({"intent": "thinking"}, {"intent": "thinking"}),
        ({"nickname": "张大明"}, {"nickname": "张大明"}),
        ({"nickname": "", "phone": ""}, {"nickname": "张小明", "phone": "13800001234"}),
        ({"phone": "139 0000 5678"}, {"phone": "13900005678"}),
        ({"home_place": "山东定陶"}, {"home_place": HERE}),
        ({"where_city": "广东东莞", "where_now": "away"}, {"where_city": "广东东莞"}),
    ],
)
async def test_what_is_corrected_is_held(
    stage: Stage, fields: Mapping[str, str], held: Mapping[str, Any]
) -> None:
    await enter(stage, intent="ready", where_now="away")
    answer = await _correct(await stage.staff(), **fields)
    assert (answer.status, answer.path) == (303, "/people/p1")
    answers = (await profile(stage)).answers
    assert {name: answers.get(name) for name in held} == held


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("phone", "1380000", "7位"),
        ("intent", "nonsense", "请从列出的里面选"),
        ("home_place", "火星", "哪个县"),
        ("nickname", "123456", "称呼"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(
    stage: Stage, name: str, value: str, fault: str
) -> None:
    await enter(stage, intent="ready")
    before = (await profile(stage)).answers
    answer = await _correct(await stage.staff(), **{name: value})
    assert answer.status == 422
    assert fault in answer.words
    assert (await profile(stage)).answers == before


async def test_a_correction_taken_back_restores_what_was_held(stage: Stage) -> None:
    await enter(stage, intent="ready", lacks=["capital"])
    browser = await stage.staff()
    await _correct(browser, intent="job", nickname="李四")
    page = await browser.get("/people/p1")
    undo = page.text.split('action="/console/people/p1/corrections/')[1].split('"')[0]
    await browser.post(f"/people/p1/corrections/{undo}")
    answers = (await profile(stage)).answers
    assert (answers["intent"], answers["nickname"], answers["lacks"]) == (
        "ready",
        "张小明",
        ["capital"],
    )


async def test_what_was_changed_again_is_not_taken_back(stage: Stage) -> None:
    await enter(stage, intent="ready")
    browser = await stage.staff()
    await _correct(browser, intent="job")
    page = await browser.get("/people/p1")
    undo = page.text.split('action="/console/people/p1/corrections/')[1].split('"')[0]
    await _correct(browser, intent="thinking")
    await browser.post(f"/people/p1/corrections/{undo}")
    assert (await profile(stage)).answers["intent"] == "thinking"


async def test_a_cadre_corrects_only_what_the_village_may_read(stage: Stage) -> None:
    village = "371703103201"
    await enter(stage, intent="ready", lacks=["capital"], village=village)
    browser = await stage.staff("老支书", StaffRole.CADRE, village)
    await _correct(browser, intent="job", lacks="site")
    answers = (await profile(stage)).answers
    assert answers["intent"] == "job"
    assert answers.get("lacks") != ["site"]


async def test_a_contact_is_kept_in_one_form(stage: Stage) -> None:
    await enter(stage, intent="ready")
    told = {"kind": "call", "light": "red", "standing": "closed", "minutes": "7", "gift": "政策"}
    browser = await stage.staff()
    await browser.post("/people/p1/visit", **told, note="缺人手", next_on="2026-12-01")
    seen = (await stage.database.read(visits.latest, stage.vault, "p1", 9))[0]
    assert (seen.told.kind, seen.told.light, seen.told.standing) == (
        VisitKind.CALL,
        Light.RED,
        Standing.CLOSED,
    )
    assert (seen.helper, seen.told.note, seen.told.gifts) == ("小周", "缺人手", (Gift.POLICY,))
    due = await stage.database.read(visits.waiting, ["p1"])
    assert [one.due_on.isoformat() for one in due] == ["2026-12-01"]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"kind": "call", "next_on": "2026-11-01"}, "已经过了"),
        ({"kind": "call", "note": "身份证 430381199001011234"}, "身份证"),
        ({"kind": "call", "minutes": "9999"}, "不能大于"),
        ({}, "请填写"),
    ],
)
async def test_a_contact_that_cannot_be_is_told_so(
    stage: Stage, fields: Mapping[str, str], fault: str
) -> None:
    await enter(stage)
    answer = await (await stage.staff()).post("/people/p1/visit", **fields)
    assert answer.status == 422
    assert fault in answer.words
    assert await stage.database.read(visits.latest, stage.vault, "p1", 9) == []


async def test_a_contact_told_by_mistake_is_taken_back_by_who_told_it(stage: Stage) -> None:
    await enter(stage)
    browser = await stage.staff()
    await browser.post("/people/p1/visit", kind="call")
    other = await (await stage.staff("小李")).post("/people/p1/visits/1/undo")
    assert other.status == 404
    await browser.post("/people/p1/visits/1/undo")
    assert await stage.database.read(visits.latest, stage.vault, "p1", 9) == []


async def test_a_helper_is_given_among_those_with_room(stage: Stage) -> None:
    await enter(stage, intent="job")
    await stage.staff("小刘", StaffRole.COMMISSIONER)
    browser = await stage.staff()
    assert "小刘" in (await browser.get("/people/p1")).words
    await browser.post("/people/p1/helper", help="commissioner", helper="小刘")
    given = (await stage.database.read(assignments.of_people, ["p1"]))["p1"]
    assert [one.helper for one in given] == ["小刘"]
    refused = await browser.post("/people/p1/helper", help="commissioner", helper="没有")
    assert "另选一位" in refused.words


async def _undone(browser: Browser, page: Answer) -> None:
    """Press the undo that the page after an act offers."""
    action = re.search(r'action="/console(/people/p1/helper/undo[^"]*)"', page.text)
    assert action is not None
    await browser.post(unescape(action[1]))


@pytest.mark.parametrize("had", ["", "小陈"])
async def test_a_helper_given_by_mistake_is_taken_back(stage: Stage, had: str) -> None:
    await enter(stage, intent="job")
    for name in ("小刘", "小陈"):
        await stage.staff(name, StaffRole.COMMISSIONER)
    browser = await stage.staff()
    for name in filter(None, (had, "小刘")):
        await browser.post("/people/p1/helper", help="commissioner", helper=name)
    await _undone(browser, await browser.get("/people/p1"))
    now = (await stage.database.read(assignments.of_people, ["p1"])).get("p1", ())
    assert [one.helper for one in now] == [one for one in (had,) if one]


async def test_a_helper_given_anew_since_is_not_taken_back(stage: Stage) -> None:
    await enter(stage, intent="job")
    for name in ("小刘", "小陈"):
        await stage.staff(name, StaffRole.COMMISSIONER)
    browser = await stage.staff()
    await browser.post("/people/p1/helper", help="commissioner", helper="小陈")
    answer = await browser.post("/people/p1/helper/undo?help=commissioner&given=小刘")
    assert "后来又换过人" in answer.words


async def test_a_tag_comes_and_goes(stage: Stage) -> None:
    await enter(stage)
    browser = await stage.staff()
    await browser.post("/people/p1/tag", tag="恳谈会")
    assert await stage.database.read(tags.of, ["p1"]) == {"p1": frozenset({"恳谈会"})}
    await browser.post("/people/p1/untag", tag="恳谈会")
    assert await stage.database.read(tags.of, ["p1"]) == {}


async def test_a_tag_about_what_is_sensitive_is_refused(stage: Stage) -> None:
    await enter(stage)
    answer = await (await stage.staff()).post("/people/p1/tag", tag="低保户")
    assert answer.status == 422
    assert "不能做标签" in answer.words


async def test_who_died_is_left_alone_and_a_mistake_is_mended(stage: Stage) -> None:
    await enter(stage)
    browser = await stage.staff()
    await browser.post("/people/p1/deceased")
    assert (await profile(stage)).status is Status.DECEASED
    refused = await browser.post("/people/p1/visit", kind="call")
    assert "不能再改" in refused.words
    await browser.post("/people/p1/alive")
    assert (await profile(stage)).status is Status.CONFIRMED
    acts = {row.act for row in await stage.database.read(audit.of, "p1")}
    assert {"person.deceased", "person.alive"} <= acts


async def test_who_runs_something_gets_a_line_in_the_ledger(stage: Stage) -> None:
    await enter(stage, intent="ready")
    pairs = {"intent": "running", "biz_kind": "shop", "biz_months": "8个月", "biz_licence": "yes"}
    await _correct(await stage.staff(), **pairs)
    rows = (await stage.database.read(entities.of_people, ["p1"]))["p1"]
    assert [(row.trade, row.state) for row in rows] == [("shop", EntityState.OPEN.value)]
    assert rows[0].began_on is not None
