"""A whole season in the talk: kit, audience, second person, waves, 停, kill switch, figures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.calendars import CHINA
from outreach.campaigns import drafting, effect, freezing, states
from outreach.campaigns.drafting import New
from outreach.campaigns.kits import loading
from outreach.campaigns.looking import House
from outreach.reach import Lines
from records import person_facts
from records.campaign_effect import Tally
from records.campaigns import CampaignRecipient
from records.database import Session
from tests.support import campaign_stage as stage
from tests.support.campaign_stage import HOSTS, NOW, OFFICE, SECOND, WRITER
from tests.support.happenings import happen
from tests.support.journey import Journey

COURSE = "course 电商直播入门 371703 2027-02-20 20"
_R = CampaignRecipient.__table__.c  # type: ignore[attr-defined]
HOUSE = House(OFFICE, Lines(frozenset({"fake"})))


@pytest.fixture
async def season(tmp_path: Path) -> AsyncIterator[Journey]:
    """Eighty people away, two of the staff, a draft from the kit that waits for a second."""
    async with Journey(tmp_path, now=NOW) as journey:
        database, vault = journey.app.database, journey.app.vault
        await database.run(stage.people_of, vault, 80)
        await database.run(stage.staff_of)
        new = New("温暖回家路", "371703", kit="温暖回家路")
        number, _ = await database.run(loading.begin, HOUSE, new, HOSTS, WRITER, NOW)
        await database.run(states.submit, number, WRITER, NOW)
        await freezing.freeze(database, OFFICE, number, HOUSE.lines, NOW)
        await database.run(states.tested, number, WRITER, NOW)
        yield journey


async def _at(journey: Journey, month: int, day: int, hour: int, minute: int = 31) -> None:
    """The clock is moved there, and campaigns do what is due."""
    journey.now = datetime(2027, month, day, hour, minute, tzinfo=CHINA)
    feeder = journey.app.feeder()
    for _ in range(3):
        await feeder.round()
        journey.app.sender.wake()
        await journey.quiet()


async def _says(journey: Journey, who: str, text: str) -> str:
    journey.chat = who
    return "\n".join(one.text for one in await journey.say(text))


async def _calls(journey: Journey, who: str) -> str:
    """Somebody wants to be called."""
    return await _says(journey, who, "人工")


async def _signs_up(journey: Journey, who: str) -> str:
    await _says(journey, who, "结束")
    return await _says(journey, who, "报名 课1")


def _lots(session: Session) -> tuple[list[str], list[str]]:
    """Those who were written to, and those held out."""
    rows = list(session.execute(select(_R.person_id, _R.state).order_by(_R.person_id)))
    others = [who for who, state in rows if state == "held_out"]
    return [who for who, state in rows if state not in ("held_out", "left_out")], others


def _licensed(session: Session, people: list[str], now: datetime) -> None:
    """They got a business licence."""
    day = now.astimezone(CHINA).date().isoformat()
    for who in people:
        person_facts.keep(session, who, {"registered_on": [day, day]}, at=now)


async def _effect(journey: Journey) -> tuple[Tally, Tally]:
    campaign = await journey.app.database.read(drafting.found, 1)
    found = await journey.app.database.read(effect.measure, campaign, 14, journey.now)
    assert found is not None
    return found.written, found.held_out


def _got(journey: Journey) -> list[str]:
    """Who has it, as often as they have it."""
    sent = journey.channel.sent
    return [one.chat for one in sent if one.chat.startswith("p") and "核对这条：查" in one.text]


async def test_the_writer_cannot_agree_and_a_second_can(season: Journey) -> None:
    assert "另一个人" in await _says(season, WRITER, "同意 1")
    shown = await _says(season, SECOND, "同意 1")
    assert "老家在定陶区" in shown
    assert "要发" in shown
    assert "最长的" in shown
    assert "同意了群发任务1" in await _says(season, SECOND, "1")
    assert "同意了，等着开始" in await _says(season, SECOND, "活动推送")


async def test_a_second_may_send_it_back_or_leave_it(season: Journey) -> None:
    await _says(season, SECOND, "同意 1")
    assert "先放着" in await _says(season, SECOND, "0")
    await _says(season, SECOND, "同意 1")
    assert "退回去改" in await _says(season, SECOND, "2")
    assert "草稿" in await _says(season, SECOND, "看推送 1")


async def test_each_has_it_once_in_their_wave_and_the_figures_add_up(season: Journey) -> None:
    await _says(season, SECOND, "同意 1")
    await _says(season, SECOND, "1")
    await _at(season, 1, 22, 9, 20)
    assert _got(season) == []
    await _at(season, 1, 22, 9)
    first = _got(season)
    assert 10 < len(first) < 60
    await _at(season, 1, 30, 9)
    await _at(season, 2, 2, 18, 5)
    sent = _got(season)
    assert len(sent) == len(set(sent)) > len(first)
    assert f"要发{len(sent)}人＝发了{len(sent)}。" in await _says(season, SECOND, "推送情况 1")


async def test_the_kill_switch_and_a_pause_hold_the_rest_back(season: Journey) -> None:
    await _says(season, SECOND, "同意 1")
    await _says(season, SECOND, "1")
    await _at(season, 1, 22, 9)
    first = _got(season)
    asked = await _says(season, WRITER, "暂停推送")
    assert "暂停哪一个？\n1 " in asked
    assert "写上编号：暂停推送 编号" in asked
    assert "哪一个" not in await _says(season, WRITER, "继续推送")
    assert "暂停了" in await _says(season, WRITER, "暂停推送 1")
    await _at(season, 1, 30, 9)
    assert _got(season) == first
    assert "接着发" in await _says(season, WRITER, "继续推送 1")
    assert "停了" in await _says(season, WRITER, "停止推送 1 写错了")
    await _at(season, 1, 30, 10)
    assert _got(season) == first
    assert "停了没发" in await _says(season, WRITER, "推送情况 1")


async def test_who_says_stop_gets_none_and_counts_as_such(season: Journey) -> None:
    await _says(season, SECOND, "同意 1")
    await _says(season, SECOND, "1")
    for n in range(7):
        await _says(season, f"p{n:03}", "停")
    await _at(season, 1, 22, 9)
    await _at(season, 1, 30, 9)
    await _at(season, 2, 2, 18, 5)
    assert not set(_got(season)) & {f"p{n:03}" for n in range(7)}
    assert "后来说了停" in await _says(season, SECOND, "推送情况 1")


async def test_nothing_of_it_is_for_people(season: Journey) -> None:
    assert "群发任务" not in await _says(season, "p001", "看推送 1")
    assert "没有群发任务1" in await _says(season, stage.STRANGER, "推送情况 1")


async def test_what_people_do_then_is_counted_beside_those_held_out(season: Journey) -> None:
    await _says(season, SECOND, "同意 1")
    await _says(season, SECOND, "1")
    await _at(season, 1, 22, 9)
    await _at(season, 1, 30, 9)
    await _at(season, 2, 2, 18, 5)
    ours, others = await season.app.database.read(_lots)
    await season.app.database.run(happen, season.app.vault, COURSE, season.now)
    for who in ours[:5]:
        await _says(season, who, "你好")
    for who in (*ours[:3], others[0]):
        assert "已请工作人员" in await _calls(season, who)
    for who in (*ours[:2], others[0]):
        assert "报上了" in await _signs_up(season, who)
    await season.app.database.run(_licensed, ours[:4], season.now)
    season.now += timedelta(days=1)
    found = await _effect(season)
    assert found == (Tally(len(ours), 5, 2, 3, 4), Tally(len(others), 1, 1, 1, 0))


async def test_it_is_tried_out_and_its_effect_told_in_the_talk(season: Journey) -> None:
    tried = await _says(season, WRITER, "试发推送 1")
    assert "试发给您了" in tried
    assert "（试发文字A，只给您看）" in tried
    assert "（试发文字B，只给您看）" in tried
    assert "还没发出去一条" in await _says(season, WRITER, "推送效果 1")
    assert "没有群发任务1" in await _says(season, stage.STRANGER, "试发推送 1")
    await _says(season, SECOND, "同意 1")
    await _says(season, SECOND, "1")
    await _at(season, 1, 22, 9)
    assert "来说过话：0人" in await _says(season, SECOND, "推送效果 1")
