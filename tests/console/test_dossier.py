"""One person's file: masked, opened by reason, in the trail, nobody's out of reach."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from handlers import by_staff
from handlers.by_staff import Hand
from records import assignments, audit, people
from records.assignments import Help, Why
from records.database import Session
from records.staff_accounts import StaffRole
from tests.console.test_people import NEXT, enter
from tests.support.console import Stage

TOWN, VILLAGE = "371703103", "371703103201"


async def _acts(stage: Stage, subject: str = "p1") -> list[tuple[str, str, str]]:
    rows = await stage.database.read(audit.of, subject)
    return [(row.act, row.actor, row.reason) for row in rows]


async def test_a_file_shows_what_is_held_with_its_source(stage: Stage) -> None:
    await enter(stage, intent="ready", lacks=["capital"])
    page = await (await stage.staff()).get("/people/p1")
    for words in ("马上想干", "本钱", "自己登记", "张**", "138****1234", "三有"):
        assert words in page.words
    assert "张小明" not in page.text
    assert "13800001234" not in page.text


async def test_who_read_it_is_in_the_trail_and_on_the_page(stage: Stage) -> None:
    await enter(stage)
    await (await stage.staff("小李")).get("/people/p1")
    assert ("dossier.read", "staff:小李", "") in await _acts(stage)
    assert "小李 看了服务档案" in (await (await stage.staff()).get("/people/p1")).words


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/messages"),
        ("POST", "/reveal"),
        ("GET", "/correct"),
        ("POST", "/correct"),
        ("POST", "/corrections/1/undo"),
        ("GET", "/visit"),
        ("POST", "/visit"),
        ("POST", "/visits/1/undo"),
        ("POST", "/helper"),
        ("POST", "/tag"),
        ("POST", "/untag"),
        ("POST", "/deceased"),
        ("POST", "/alive"),
        ("GET", "/merge"),
        ("POST", "/merge"),
    ],
)
async def test_who_is_out_of_reach_is_not_there(stage: Stage, method: str, path: str) -> None:
    await enter(stage)
    browser = await stage.staff(area=NEXT)
    send = browser.get if method == "GET" else browser.post
    answer = await send(f"/people/p1{path}")
    nobody = await send(f"/people/nobody{path}")
    assert (answer.status, answer.words.replace("p1", "")) == (
        404,
        nobody.words.replace("nobody", ""),
    )
    assert "小周" not in str(await _acts(stage))


async def test_a_whole_phone_is_shown_once_after_a_reason(stage: Stage) -> None:
    await enter(stage)
    browser = await stage.staff()
    page = await browser.post("/people/p1/reveal", why="call_back")
    assert "13800001234" in page.words
    assert "张小明" in page.words
    assert ("person.revealed", "staff:小周", "call_back") in await _acts(stage)
    assert "13800001234" not in (await browser.get("/people/p1")).text


@pytest.mark.parametrize("why", ["", "curious"])
async def test_without_a_reason_nothing_is_shown(stage: Stage, why: str) -> None:
    await enter(stage)
    page = await (await stage.staff()).post("/people/p1/reveal", why=why)
    assert "13800001234" not in page.text
    assert "person.revealed" not in str(await _acts(stage))


async def test_a_cadre_reads_what_the_form_says_is_for_the_village(stage: Stage) -> None:
    await enter(stage, intent="ready", lacks=["capital"], town=TOWN, village=VILLAGE)
    page = await (await stage.staff("老支书", StaffRole.CADRE, VILLAGE)).get("/people/p1")
    assert "马上想干" in page.words
    assert "本钱" not in page.words


async def test_a_mentor_sees_no_phone_before_both_agreed(stage: Stage) -> None:
    await enter(stage, intent="ready")
    browser = await stage.staff("田师傅", StaffRole.MENTOR)
    await stage.database.run(_guide, stage)
    assert "要看完整" not in (await browser.get("/people/p1")).words
    answer = await browser.post("/people/p1/reveal", why="check")
    assert "13800001234" not in answer.text


def _guide(session: Session, stage: Stage) -> None:
    assignments.assign(session, "p1", "田师傅", Help.MENTOR, why=Why.BY_STAFF, at=stage.now)


async def test_older_values_are_kept_and_shown(stage: Stage) -> None:
    await enter(stage, intent="thinking")
    await stage.database.run(_correct, stage, {"intent": "ready"})
    page = await (await stage.staff()).get("/people/p1")
    assert "改过 1 次" in page.words
    assert "有想法没想好" in page.words


def _correct(session: Session, stage: Stage, new: dict[str, str]) -> int:
    profile = people.by_ids(session, stage.vault, ["p1"])["p1"]
    hand = Hand(stage.vault, "小周", stage.now)
    return by_staff.correct(session, profile, {**profile.answers, **new}, hand)


async def test_what_never_changed_says_so_where_a_day_would_stand(stage: Stage) -> None:
    await enter(stage, intent="thinking")
    await stage.database.run(lambda s: s.execute(text("DELETE FROM person_change")))
    page = await (await stage.staff()).get("/people/p1")
    assert "有想法没想好 自己登记 登记时" in page.words
