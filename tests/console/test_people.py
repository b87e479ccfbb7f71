"""The list of people: who is in reach, filters, sentences, pages by keys, masks, the trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from records import assignments, audit, consents, people
from records.assignments import Help, Why
from records.consents import CORE, Said
from records.database import Session
from records.people import Entered, Person, Source
from records.staff_accounts import StaffRole
from tests.support.console import Stage

HERE, NEXT = "371703", "371702"


async def enter(stage: Stage, person_id: str = "p1", name: str = "张小明", **more: Any) -> str:
    """Somebody who agreed; `area`, `town`, `village` and codes as given."""
    place = {key: more.pop(key) for key in ("area", "town", "village") if key in more}
    texts = {"nickname": name, "phone": more.pop("phone", "13800001234")}
    minutes = more.pop("minutes", 0)
    at = stage.now - timedelta(minutes=minutes)

    def keep(session: Session) -> None:
        said = (Said(CORE, True, at),)
        area = place.get("area", HERE)
        new = Entered(more, texts, area, Source.CHAT, said)
        people.enter(session, stage.vault, person_id, new, at=at, account=f"web:{person_id}")
        consents.note(session, person_id, said, channel="web")
        row = session.get_one(Person, person_id)
        row.town, row.village = place.get("town", ""), place.get("village", "")

    await stage.database.run(keep)
    return person_id


async def test_names_and_phones_are_masked(stage: Stage) -> None:
    await enter(stage)
    page = await (await stage.staff()).get("/people")
    assert "张**" in page.words
    assert "138****1234" in page.words
    assert "张小明" not in page.text
    assert "13800001234" not in page.text


async def test_nobody_of_another_county_is_listed(stage: Stage) -> None:
    await enter(stage, "p1", "张小明")
    await enter(stage, "p2", "李小红", area=NEXT)
    page = await (await stage.staff(area=NEXT)).get("/people")
    assert "李**" in page.words
    assert "张**" not in page.words


async def test_a_cadre_sees_only_the_village(stage: Stage) -> None:
    await enter(stage, "p1", "张小明", town="371703103", village="371703103201")
    await enter(stage, "p2", "李小红", town="371703103", village="371703103202")
    browser = await stage.staff("老支书", StaffRole.CADRE, "371703103201")
    page = await browser.get("/people")
    assert "张**" in page.words
    assert "李**" not in page.words


async def test_a_commissioner_sees_their_own(stage: Stage) -> None:
    await enter(stage, "p1", "张小明")
    await enter(stage, "p2", "李小红")
    browser = await stage.staff("小刘", StaffRole.COMMISSIONER, HERE)
    await stage.database.run(_assign, "p2", "小刘", stage)
    page = await browser.get("/people")
    assert "李**" in page.words
    assert "张**" not in page.words


def _assign(session: Session, person: str, helper: str, stage: Stage) -> None:
    kind = Help.COMMISSIONER
    assignments.assign(session, person, helper, kind, why=Why.BY_STAFF, at=stage.now)


async def test_a_city_sees_nobody_before_somebody_agreed(stage: Stage) -> None:
    await enter(stage)
    page = await (await stage.staff(area="371700")).get("/people")
    assert "张**" not in page.words
    assert "先写明用途申请" in page.words


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("?intent=ready", 1),
        ("?lack=capital", 2),
        ("?helper=-", 2),
        ("?helper=小刘", 1),
        ("?contact=never", 3),
        ("?place=371703103", 1),
        ("?place=371703", 3),
        ("?status=withdrawn", 0),
        ("?source=chat", 3),
        ("?vouched=yes", 0),
        ("?step=1", 3),
        ("?step=3", 0),
        ("?city=440300", 1),
        ("?words=现在在外地，缺本钱", 1),
    ],
)
async def test_filters_leave_those_whom_they_fit(stage: Stage, query: str, count: int) -> None:
    town = "371703103"
    await enter(
        stage,
        "p1",
        "张小明",
        intent="ready",
        lacks=["capital"],
        where_now="away",
        where_area="440306",
    )
    await enter(stage, "p2", "李小红", intent="job", lacks=["capital", "site"], town=town)
    await enter(stage, "p3", "王小强", intent="thinking", where_now="returned")
    await stage.database.run(_assign, "p1", "小刘", stage)
    page = await (await stage.staff()).get(f"/people{query}")
    assert f"共 {count} 人" in page.words


async def test_a_sentence_is_read_back(stage: Stage) -> None:
    page = await (await stage.staff()).get("/people?words=在外的，想开店的")
    assert "看懂的是" in page.words
    assert page.status == 200


async def test_a_sentence_that_is_none_is_told_so(stage: Stage) -> None:
    await enter(stage)
    page = await (await stage.staff()).get("/people?words=喜欢蓝色的")
    assert "没看懂" in page.words
    assert "共 0 人" in page.words


@pytest.mark.parametrize(
    "query", ["?intent=x", "?status=x", "?contact=x", "?after=x", "?lack=1", "?step=9"]
)
async def test_an_address_that_is_none_is_not_there(stage: Stage, query: str) -> None:
    assert (await (await stage.staff()).get(f"/people{query}")).status == 404


async def test_pages_go_on_where_the_last_ended(stage: Stage) -> None:
    for n in range(35):
        await enter(stage, f"p{n:02}", f"{chr(0x4E00 + n)}某", minutes=n)
    browser = await stage.staff()
    first = await browser.get("/people")
    after = first.text.split("after=")[1].split('"')[0]
    second = await browser.get(f"/people?after={after}")
    named = [one.text.count('href="/console/people/p') for one in (first, second)]
    assert named == [30, 5]
    assert ["后一页" in one.words for one in (first, second)] == [True, False]


async def test_who_was_listed_is_in_the_trail(stage: Stage) -> None:
    await enter(stage)
    await (await stage.staff()).get("/people")
    rows = await stage.database.read(audit.of, "p1")
    assert ("person.seen", "staff:小周") in [(row.act, row.actor) for row in rows]
