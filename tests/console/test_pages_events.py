"""Events on pages: planned, for whom, invited, called off; check-in, minutes, what follows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from outreach.campaigns import freezing
from outreach.campaigns.asking import ask_a_second
from records import events
from records.database import Session
from records.staff_accounts import StaffRole
from tests.support.campaign_stage import FAKE, OFFICE, people_of
from tests.support.console import Answer, Browser, Stage
from tests.support.crowd import enter, id_of

COUNTY, OTHER = "430381", "371703"
DAY = timedelta(days=1)
TYPED = {
    "kind": "恳谈会",
    "title": "新春恳谈会",
    "area": "湘乡市",
    "day": "2026-12-01",
    "time": "09:30",
    "place": "镇政府",
}


@pytest.fixture
async def county(stage: Stage) -> Browser:
    """Somebody of a county with three people."""
    await stage.database.run(enter, stage.vault, stage.now, COUNTY, 3)
    return await stage.staff("小周", area=COUNTY)


def _id(number: int) -> str:
    return id_of(COUNTY, number)


async def _made(browser: Browser, **more: str) -> Answer:
    return await browser.post("/events/new", **(TYPED | more))


async def _held(stage: Stage, browser: Browser) -> Browser:
    """An event with two guests, on its day."""
    assert (await _made(browser)).path == "/events/1"

    def invite(session: Session) -> None:
        events.invite(session, 1, [_id(0), _id(1)], stage.now)

    await stage.database.run(invite)
    stage.clock[0] += 10 * DAY
    return await stage.staff("小吴", area=COUNTY)


async def test_an_event_is_planned_and_called_off(county: Browser) -> None:
    assert (await _made(county)).path == "/events/1"
    page = await county.get("/events/1")
    assert "2026-12-01 09:30" in page.words
    assert "还没发" in page.words
    assert (await county.post("/events/1/cancel")).status == 303
    assert "取消了" in (await county.get("/events")).words
    assert (await county.post("/events/1/cancel")).status == 409


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"day": "2026-01-01"}, "已经过了"),
        ({"time": "25:00"}, "填得不对"),
        ({"area": "定陶区"}, "不归您负责"),
        ({"kind": "舞会"}, "请从列出的里面选"),
    ],
)
async def test_what_is_typed_wrong_is_said_and_kept(
    county: Browser, typed: dict[str, str], fault: str
) -> None:
    answer = await _made(county, **typed)
    assert answer.status == 422
    assert fault in answer.words
    assert "新春恳谈会" in answer.text


async def test_guests_are_chosen_in_words_and_invited(stage: Stage, county: Browser) -> None:
    await _made(county)
    assert (await county.post("/events/1/choose", words="想做电商的")).status == 303
    assert "电商" in (await county.get("/events/1")).words
    answer = await county.post("/events/1/choose", words="（（")
    assert answer.status == 422
    assert (await county.post("/events/1/invite")).status == 303
    assert "还没发" not in (await county.get("/events/1")).words


async def test_who_the_invitation_has_not_gone_to_is_not_said_to_be_silent(
    stage: Stage,
) -> None:
    def away(session: Session) -> None:
        people_of(session, stage.vault, 3, stage.now)

    await stage.database.run(away)
    browser = await stage.staff("定陶小周", area=OTHER)
    await _made(browser, area="定陶区")
    await browser.post("/events/1/choose", words="所有人")
    await browser.post("/events/1/invite")
    await freezing.freeze(stage.database, OFFICE, 1, FAKE, stage.now)
    await stage.database.run(ask_a_second, stage.vault, 1, stage.now)
    page = await browser.get("/events/1")
    assert "请了3人" in page.words
    assert "邀请还没发到" in page.words
    assert "没回" not in page.words


async def test_who_is_ticked_came(stage: Stage, county: Browser) -> None:
    assert (await _made(county, title="早的")).path == "/events/1"
    assert (await county.post("/events/1/attendance", came=_id(0))).status == 409


async def test_check_in_minutes_and_what_follows(stage: Stage, county: Browser) -> None:
    clerk = await _held(stage, county)
    answer = await clerk.post("/events/1/attendance", came=_id(0), walk_ins="4")
    assert answer.status == 303
    event = await stage.database.read(events.find, 1)
    assert event is not None
    assert (event.came, event.walk_ins) == (1, 4)
    assert (await clerk.post("/events/1/minutes", text="谈了大棚")).status == 303
    assert "谈了大棚" in (await clerk.get("/events/1")).words
    how = {"task": "带他看地", "staff": "小周", "due_on": "2026-12-05"}
    assert (await clerk.post("/events/1/follow", **how)).status == 303
    assert (await clerk.post("/events/1/tasks/1/done")).status == 303
    assert (await clerk.post("/events/1/tasks/1/done")).status == 404


async def test_what_follows_is_within_seven_days(stage: Stage, county: Browser) -> None:
    clerk = await _held(stage, county)
    how = {"task": "带他看地", "staff": "小周", "due_on": "2026-12-20"}
    answer = await clerk.post("/events/1/follow", **how)
    assert answer.status == 422
    assert "带他看地" in answer.text


@pytest.mark.parametrize("act", ["", "/cancel", "/attendance", "/minutes", "/invite", "/edit"])
async def test_the_event_of_another_county_is_not_there(
    stage: Stage, county: Browser, act: str
) -> None:
    await _made(county)
    other = await stage.staff("老李", area=OTHER)
    answer = await (other.post(f"/events/1{act}") if act else other.get("/events/1"))
    assert answer.status == 404


@pytest.mark.parametrize("role", [StaffRole.MENTOR, StaffRole.STEWARD, StaffRole.PARTNER])
async def test_who_runs_no_events_sees_none(stage: Stage, role: StaffRole) -> None:
    browser = await stage.staff("老王", role=role, area=COUNTY)
    assert (await browser.get("/events")).status == 404


async def _changed(browser: Browser, **more: str) -> Answer:
    page = await browser.get("/events/1/edit")
    seen = re.search(r'name="seen" value="([^"]*)"', page.text)
    typed = {name: TYPED[name] for name in ("kind", "title", "day", "time", "place")}
    typed["seen"] = seen[1] if seen else ""
    return await browser.post("/events/1/edit", **(typed | more))


async def test_an_event_is_told_of_anew(county: Browser) -> None:
    await _made(county)
    assert 'value="09:30"' in (await county.get("/events/1/edit")).text
    assert (await _changed(county, title="老乡恳谈会", time="14:00")).status == 303
    page = await county.get("/events/1")
    assert "老乡恳谈会" in page.words
    assert "2026-12-01 14:00" in page.words


@pytest.mark.parametrize(
    ("typed", "status", "fault"),
    [
        ({"day": "2026-01-01"}, 422, "已经过了"),
        ({"title": ""}, 422, "请填写这一项"),
        ({"seen": "别的"}, 409, "别人刚改过"),
    ],
)
async def test_a_change_that_cannot_be_is_said(
    county: Browser, typed: dict[str, str], status: int, fault: str
) -> None:
    await _made(county)
    answer = await _changed(county, **typed)
    assert answer.status == status
    assert fault in answer.words


async def test_an_event_that_is_over_or_off_is_not_changed(stage: Stage, county: Browser) -> None:
    await _made(county)
    await county.post("/events/1/cancel")
    assert (await county.get("/events/1/edit")).status == 409


async def test_guests_hear_of_another_time(stage: Stage, county: Browser) -> None:
    await _made(county)
    await stage.database.run(events.invite, 1, [_id(0), _id(1)], stage.now)
    answer = await _changed(county, time="14:00")
    assert "告诉2个可能要来的人" in (await county.get(answer.path)).words
