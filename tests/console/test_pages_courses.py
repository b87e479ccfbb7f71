"""Courses on pages: made, changed, called off; seats, the queue, check-in, outcomes."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest

from outreach.courses import booking
from records import courses
from records.courses import Seat
from records.database import Session
from records.staff_accounts import StaffRole
from tests.support.console import Answer, Browser, Stage
from tests.support.crowd import enter, id_of

COUNTY, OTHER = "430381", "371703"
DAY = timedelta(days=1)
TYPED = {
    "title": "电商直播入门",
    "topic": "ecommerce",
    "level": "nothing",
    "area": "湘乡市",
    "starts_on": "2026-12-11",
    "ends_on": "2026-12-15",
    "seats": "1",
}


@pytest.fixture
async def county(stage: Stage) -> Browser:
    """Somebody of a county with three people."""
    await stage.database.run(enter, stage.vault, stage.now, COUNTY, 3)
    await stage.database.run(enter, stage.vault, stage.now, OTHER, 1)
    return await stage.staff("小周", area=COUNTY)


def _id(number: int, area: str = COUNTY) -> str:
    return id_of(area, number)


async def _made(browser: Browser, **more: str) -> Answer:
    return await browser.post("/courses/new", **(TYPED | more))


async def _full(stage: Stage, browser: Browser) -> None:
    """A course with one seat: taken, with one who waits."""
    assert (await _made(browser)).path == "/courses/1"

    def sign(session: Session) -> None:
        for number in (0, 1):
            booking.sign_up(session, stage.vault, 1, _id(number), stage.now)

    await stage.database.run(sign)


async def test_a_course_is_made_shown_changed_and_called_off(
    stage: Stage, county: Browser
) -> None:
    await _full(stage, county)
    page = await county.get("/courses/1")
    assert "候补1人" in page.words
    assert "王*" in page.words
    assert "1390000000" not in page.text
    answer = await county.post("/courses/1/edit", **(TYPED | {"place": "镇政府三楼"}))
    assert answer.status == 303
    assert "镇政府三楼" in (await county.get("/courses/1")).words
    await county.post("/courses/1/cancel")
    assert "取消了" in (await county.get("/courses")).words


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"ends_on": "2026-12-01"}, "不能早于"),
        ({"seats": "很多"}, "请填一个整数"),
        ({"area": "定陶区"}, "请写您负责的县"),
        ({"area": "火星"}, "没有这个县"),
        ({"title": ""}, "请填写这一项"),
    ],
)
async def test_what_is_typed_wrong_is_said_and_kept(
    county: Browser, typed: dict[str, str], fault: str
) -> None:
    answer = await _made(county, **typed)
    assert answer.status == 422
    assert fault in answer.words
    assert 'value="2026-12-11"' in answer.text


async def test_who_leaves_makes_room_for_who_waits(stage: Stage, county: Browser) -> None:
    await _full(stage, county)
    assert (await county.post("/courses/1/leave", person=_id(0))).status == 303
    seats = {one.person_id: one.seat for one in await stage.database.read(courses.of_course, 1)}
    assert seats == {_id(1): Seat.OFFERED}


async def test_who_is_ticked_came_and_the_others_did_not(stage: Stage, county: Browser) -> None:
    await _full(stage, county)
    assert (await county.post("/courses/1/attendance", came=_id(0))).status == 409
    stage.clock[0] += 25 * DAY
    clerk = await stage.staff("小吴", area=COUNTY)
    assert (await clerk.post("/courses/1/attendance", came=_id(0))).status == 303
    assert "来了" in (await clerk.get("/courses/1")).words
    assert (await clerk.post("/courses/1/outcome", person=_id(0), outcome="founded")).status == 303
    assert "自己开了" in (await clerk.get("/courses/1")).words


async def test_nobody_outside_is_marked(stage: Stage, county: Browser) -> None:
    await _full(stage, county)
    answer = await county.post("/courses/1/outcome", person=_id(0, OTHER), outcome="founded")
    assert answer.status == 404


@pytest.mark.parametrize("act", ["", "/edit", "/cancel", "/attendance", "/leave", "/phase"])
async def test_the_course_of_another_county_is_not_there(
    stage: Stage, county: Browser, act: str
) -> None:
    await _made(county)
    other = await stage.staff("老李", area=OTHER)
    answer = await (other.post(f"/courses/1{act}") if act else other.get("/courses/1"))
    assert answer.status == 404


@pytest.mark.parametrize("role", [StaffRole.MENTOR, StaffRole.STEWARD, StaffRole.PARTNER])
async def test_who_runs_no_courses_sees_none(stage: Stage, role: StaffRole) -> None:
    browser = await stage.staff("老王", role=role, area=COUNTY)
    assert (await browser.get("/courses")).status == 404


async def _crowded(stage: Stage) -> None:
    """A course whose roster takes two pages."""
    await stage.database.run(enter, stage.vault, stage.now, COUNTY, 103)
    await _made(await stage.staff("小周", area=COUNTY), seats="200")

    def sign(session: Session) -> None:
        for number in range(103):
            booking.sign_up(session, stage.vault, 1, _id(number), stage.now)

    await stage.database.run(sign)
    stage.clock[0] += 30 * DAY


async def test_a_long_roster_is_checked_in_page_by_page(stage: Stage) -> None:
    await _crowded(stage)
    clerk = await stage.staff("小吴", area=COUNTY)
    second = await clerk.get("/courses/1?first=100")
    ids = re.findall(r'name="came" value="([^"]+)"', second.text)
    assert "101." in second.words
    answer = await clerk.post("/courses/1/attendance", first="100", came=ids[0])
    assert answer.path == "/courses/1?first=100"
    booked = await stage.database.read(courses.of_course, 1)
    seats = Counter(one.seat for one in booked)
    assert seats == {Seat.SIGNED: 100, Seat.CAME: 1, Seat.ABSENT: 2}
