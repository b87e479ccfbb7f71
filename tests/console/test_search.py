"""One field for everything: by prints and numbers, only what is in reach and of rights."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from records import audit, courses, events, known_names, staff_accounts, tickets
from records.courses import Level, NewCourse, Topic
from records.database import Session
from records.events import EventKind, NewEvent
from records.staff_accounts import StaffRole
from records.tickets import NewTicket, TicketKind
from tests.console.test_people import HERE, NEXT, enter
from tests.support.console import Stage


@pytest.mark.parametrize("is_printed", [True, False])
@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        *(("张小明", True), ("小明", True), ("张小", True), ("张小明明", False), ("张明", False)),
        *(("13800001234", True), ("138 0000 1234", True), ("13800001235", False)),
    ],
)
async def test_people_are_found_by_parts_of_their_name_and_by_phone(
    stage: Stage, words: str, is_found: bool, is_printed: bool
) -> None:
    await enter(stage)
    if is_printed:
        await stage.database.run(known_names.make, stage.vault, 100)
    page = await (await stage.staff()).get(f"/search?q={words}")
    assert ("张**" in page.words) is is_found
    assert "13800001234" not in page.text or words == "13800001234"


async def test_a_new_name_is_found_at_once(stage: Stage) -> None:
    await enter(stage)
    await stage.database.run(known_names.make, stage.vault, 100)
    stage.clock[0] = datetime(2026, 11, 23, tzinfo=UTC)
    await enter(stage, "p2", "欧阳小红", phone="13900005678")
    page = await (await stage.staff()).get("/search?q=欧阳")
    assert "欧***" in page.words


async def test_who_is_out_of_reach_is_not_found(stage: Stage) -> None:
    await enter(stage)
    page = await (await stage.staff(area=NEXT)).get("/search?q=张小明")
    assert "没有找到" in page.words


async def test_who_was_found_is_in_the_trail(stage: Stage) -> None:
    await enter(stage)
    await (await stage.staff()).get("/search?q=张小明")
    assert "person.seen" in {row.act for row in await stage.database.read(audit.of, "p1")}


@pytest.mark.parametrize("words", ["", "张", " "])
async def test_one_sign_is_too_little(stage: Stage, words: str) -> None:
    await enter(stage)
    page = await (await stage.staff()).get(f"/search?q={words}")
    assert "两个字以上" in page.words


async def test_a_receipt_leads_to_whose_it_is(stage: Stage) -> None:
    await enter(stage)
    await stage.database.run(_receipt, stage)
    page = await (await stage.staff()).get("/search?q=ab12cd")
    assert "张**" in page.words


def _receipt(session: Session, stage: Stage) -> None:
    audit.write(session, "person.saved", at=stage.now, subject="p1", receipt="AB12CD")


def _happen(session: Session, stage: Stage) -> None:
    told = NewEvent(EventKind.TALK, "春节恳谈会", HERE, stage.now, "小周")
    events.add(session, told, stage.now)
    day = stage.now.date()
    course = NewCourse("电商直播入门", Topic.ECOMMERCE, Level.NOTHING, HERE, day, day, 30)
    courses.add(session, course, stage.now)
    ticket = NewTicket(number="AB23CD", kind=TicketKind.TALK, subject="问事", area=HERE)
    tickets.raise_ticket(session, stage.vault, ticket, channel="web", chat="1", at=stage.now)
    staff_accounts.add(
        session, "小李", role=StaffRole.CADRE, area=HERE, at=stage.now, actor="staff:terminal"
    )


FINDS = [
    ("恳谈", "春节恳谈会"),
    ("活动1", "春节恳谈会"),
    ("直播", "电商直播入门"),
    ("课1", "电商直播入门"),
    ("ab23cd", "诉求 AB23CD"),
    ("小李", "小李"),
    ("创业担保贷款", "创业担保贷款"),
]


@pytest.mark.parametrize(("words", "title"), FINDS)
async def test_everything_is_found_by_title_or_number(
    stage: Stage, words: str, title: str
) -> None:
    await stage.database.run(_happen, stage)
    page = await (await stage.staff()).get(f"/search?q={words}")
    assert title in page.words.replace(f"搜索“{words}”", "")
    assert "没有找到" not in page.words


@pytest.mark.parametrize(("words", "title"), FINDS[:6])
async def test_nothing_of_another_county_is_found(stage: Stage, words: str, title: str) -> None:
    await stage.database.run(_happen, stage)
    page = await (await stage.staff(area=NEXT)).get(f"/search?q={words}")
    assert title not in page.words.replace(f"搜索“{words}”", "")


@pytest.mark.parametrize(("words", "title"), FINDS[:6])
async def test_who_may_not_see_a_kind_does_not_find_it(
    stage: Stage, words: str, title: str
) -> None:
    await stage.database.run(_happen, stage)
    page = await (await stage.staff("督查", StaffRole.INSPECTOR)).get(f"/search?q={words}")
    assert title not in page.words.replace(f"搜索“{words}”", "")


async def test_what_is_typed_is_shown_as_text(stage: Stage) -> None:
    page = await (await stage.staff()).get("/search?q=<script>alert(1)</script>")
    assert "<script>alert" not in page.text
