"""Two records of one person: shown beside each other, merged as a human says, once."""

from __future__ import annotations

import re

from records import audit, people, visits
from records.database import Session
from records.staff_accounts import StaffRole
from records.visits import Told, VisitKind
from tests.console.test_dossier_changes import profile
from tests.console.test_people import NEXT, enter
from tests.support.console import Answer, Stage


async def _two(stage: Stage) -> None:
    await enter(stage, "p1", "张小明", intent="ready", hukou="rural")
    await enter(stage, "p2", "张小明", intent="thinking", lacks=["capital"])
    await stage.database.run(_visited, stage)


def _visited(session: Session, stage: Stage) -> None:
    told = Told(VisitKind.CALL)
    visits.log(session, stage.vault, "p2", told, helper="小刘", at=stage.now)


async def _merged(stage: Stage, **fields: str) -> Answer:
    browser = await stage.staff()
    page = await browser.get("/people/p1/merge?with=p2")
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    given = {"with": "p2", "seen": seen.group(1) if seen else "", **fields}
    return await browser.post("/people/p1/merge", **given)


async def test_who_may_be_the_same_is_listed(stage: Stage) -> None:
    await _two(stage)
    page = await (await stage.staff()).get("/people/p1/merge")
    assert "/people/p1/merge?with=p2" in page.text


async def test_what_differs_is_shown_beside_each_other(stage: Stage) -> None:
    await _two(stage)
    page = await (await stage.staff()).get("/people/p1/merge?with=p2")
    assert "马上想干" in page.words
    assert "有想法没想好" in page.words
    assert "会补上的" in page.words
    assert "张小明" not in page.text


async def test_the_kept_one_has_what_it_lacked(stage: Stage) -> None:
    await _two(stage)
    assert (await _merged(stage)).path == "/people/p1"
    answers = (await profile(stage)).answers
    assert (answers["intent"], answers["lacks"], answers["hukou"]) == (
        "ready",
        ["capital"],
        "rural",
    )
    assert len(await stage.database.read(visits.latest, stage.vault, "p1", 9)) == 1
    assert await stage.database.read(people.by_ids, stage.vault, ["p2"]) == {}


async def test_of_a_difference_the_other_record_may_be_right(stage: Stage) -> None:
    await _two(stage)
    await _merged(stage, intent="gone")
    assert (await profile(stage)).answers["intent"] == "thinking"
    rows = await stage.database.read(audit.of, "p1")
    assert ("person.merge_decided", "staff:小周") in [(row.act, row.actor) for row in rows]


async def test_what_changed_meanwhile_is_looked_at_again(stage: Stage) -> None:
    await _two(stage)
    await _merged(stage, seen="x")
    assert len(await stage.database.read(people.by_ids, stage.vault, ["p1", "p2"])) == 2


async def test_a_second_click_does_no_harm(stage: Stage) -> None:
    await _two(stage)
    await _merged(stage)
    assert (await _merged(stage)).status == 404


async def test_the_other_one_must_be_in_reach_too(stage: Stage) -> None:
    await enter(stage, "p1", "张小明")
    await enter(stage, "p2", "张小明", area=NEXT)
    browser = await stage.staff()
    assert (await browser.get("/people/p1/merge?with=p2")).status == 404
    assert (await browser.post("/people/p1/merge", **{"with": "p2"})).status == 404
    assert "with=p2" not in (await browser.get("/people/p1/merge")).text


async def test_a_cadre_does_not_merge(stage: Stage) -> None:
    village = "371703103201"
    await enter(stage, "p1", "张小明", village=village)
    browser = await stage.staff("老支书", StaffRole.CADRE, village)
    assert (await browser.get("/people/p1/merge")).status == 404
