"""Events: whom an invitation goes to, the second who must agree, what follows, the totals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.events.words import Came, Follow, Land, Plan, Sign, desk_wish_of
from outreach.calendars import CHINA
from outreach.events import account, changing, following, inviting
from outreach.events.account import Fate
from records import campaign_drafts, events, staff_accounts
from records.campaigns import Campaign
from records.database import Database, Session
from records.events import Answer, EventKind, NewEvent, Signed, Task, Totals
from records.reminders import ReminderRow
from records.staff_accounts import StaffRole
from records.vault import Vault


def _event(session: Session, now: datetime) -> int:
    day = now + timedelta(days=20)
    told = NewEvent(EventKind.TALK, "恳谈会", "371703", day, "小刘", "会馆")
    return events.add(session, told, now)


def _due(session: Session) -> list[str]:
    rows = session.execute(select(ReminderRow)).scalars()
    return sorted(row.key for row in rows if row.state == "waiting")


async def test_who_said_yes_is_reminded_and_who_said_no_is_not(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_event, now)
    await database.run(events.invite, number, ["0", "1"], now)
    await database.run(inviting.answered, vault, number, "0", Answer.YES, now)
    await database.run(inviting.answered, vault, number, "1", Answer.NO, now)
    assert await database.read(_due) == [f"event/{number}/0/eve"]


async def test_an_event_that_is_off_is_told_to_all_but_those_who_said_no(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_event, now)
    await database.run(events.invite, number, ["0", "1"], now)
    await database.run(inviting.answered, vault, number, "1", Answer.NO, now)
    assert await database.run(_off, vault, number, now) == 1
    assert await database.read(_due) == [f"event/{number}/0/off"]


def _off(session: Session, vault: Vault, number: int, now: datetime) -> int:
    return inviting.cancel(session, vault, number, by="小刘", now=now)


async def test_a_follow_up_reminds_until_it_is_done(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_event, now)
    task = Task(0, number, "小刘", now.date() + timedelta(days=27), "问厂房")
    await database.run(_followed, vault, task, now)
    assert len(await database.read(_due)) == 3
    (kept,) = await database.read(events.tasks_of, vault, [number])
    await database.run(_finished, vault, kept, now)
    assert await database.read(_due) == []


def _followed(session: Session, vault: Vault, task: Task, now: datetime) -> None:
    following.follow(session, vault, task, by="小刘", now=now)


def _finished(session: Session, vault: Vault, task: Task, now: datetime) -> None:
    following.finish(session, vault, task, "好了", by="小刘", now=now)


def test_the_totals_of_a_ledger_are_those_of_its_rows() -> None:
    rows = [
        Signed(1, 1, "大棚", "合作社", 5_000_000, None),
        Signed(2, 1, "大棚", "服装厂", None, 300_000),
        Signed(3, 2, "车间", "服装厂", 1, 2),
    ]
    assert events.totals(rows) == Totals(2, 2, 5_000_001, 300_002)
    assert events.totals([]) == Totals(0, 0, 0, 0)


NOW = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("到会 3 全到", Came(3, (), True, 0)),
        ("到会 3 缺 2、5 另 12 人", Came(3, (2, 5), True, 12)),
        ("到会3，1 2 4 还有5位", Came(3, (1, 2, 4), False, 5)),
        ("到会 3 另5人", Came(3, (), False, 5)),
        ("签约 3 大棚 合作社", Sign(3, "大棚", "合作社")),
        ("签约 3 大棚 合作社 71.15亿元", Sign(3, "大棚", "合作社", 7_115_000_000)),
        ("签约 3 大棚 合作社 到位300万", Sign(3, "大棚", "合作社", None, 3_000_000)),
        ("到位 签7 0.5亿", Land(7, 50_000_000)),
        ("跟进 3 我 12月1日 问厂房", Follow(3, "我", "问厂房", date(2026, 12, 1))),
        ("跟进 3 我 问厂房", Follow(3, "我", "问厂房")),
        ("签约 3 大棚 合作社 很多", None),
        ("签约 3 大棚 合作社 999999999999亿", None),
        ("到会 3 差不多", None),
        ("活动室在哪", None),
        ("请人帮忙", None),
    ],
)
def test_a_line_of_staff_is_read(text: str, wish: object) -> None:
    assert desk_wish_of(text, NOW) == wish


@pytest.mark.parametrize(
    ("text", "kind", "hour", "place", "city"),
    [
        (
            "办活动 恳谈会 12月20日 15点 广州会馆 请在广州的",
            EventKind.TALK,
            15,
            "广州会馆",
            "广州",
        ),
        ("办活动 新春座谈会 2027年2月10日 下午3点半 镇政府", EventKind.FORUM, 15, "镇政府", ""),
        ("办活动 进企业宣讲 12月3日 服装厂", EventKind.LECTURE, 0, "服装厂", ""),
        ("办活动 项目集中签约 1月3日 10:00", EventKind.SIGNING, 10, "", ""),
    ],
)
def test_a_plan_is_read_from_one_line(
    text: str, kind: EventKind, hour: int, place: str, city: str
) -> None:
    plan = desk_wish_of(text, NOW)
    assert isinstance(plan, Plan)
    assert plan.starts_at is not None
    assert (plan.kind, plan.starts_at.hour, plan.place, plan.city) == (kind, hour, place, city)
    assert not plan.fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("办活动 恳谈会 哪天再说", "day"),
        ("办活动 恳谈会 2月30日 会馆", "day"),
        ("办活动 恳谈会 12月20日 25点 会馆", "day"),
        ("办活动 恳谈会 2025年1月1日 会馆", "past"),
        ("办活动 恳谈会 9999年12月31日 会馆", "day"),
        ("办活动 恳谈会 12月20日 " + "长" * 21, "long"),
    ],
)
def test_a_plan_that_cannot_be_says_what_is_wrong(text: str, fault: str) -> None:
    plan = desk_wish_of(text, NOW)
    assert isinstance(plan, Plan)
    assert plan.fault == fault


def test_who_never_got_the_invitation_is_not_told_that_it_is_off() -> None:
    said = [(said, fate) for said in Answer for fate in Fate]
    told = {pair for pair in said if account.expects(*pair)}
    assert told == {
        (Answer.NONE, Fate.GOT),
        (Answer.NONE, Fate.UNSURE),
        *((Answer.YES, fate) for fate in Fate),
    }


def _moved(session: Session, vault: Vault, number: int, place: str, now: datetime) -> int:
    event = events.find(session, number)
    assert event is not None
    told = replace(event.told, place=place)
    return changing.change(session, vault, number, told, by="小刘", now=now)


async def test_who_may_come_hears_of_another_place_each_time(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_event, now)
    await database.run(events.invite, number, ["0", "1", "2"], now)
    await database.run(inviting.answered, vault, number, "0", Answer.YES, now)
    await database.run(inviting.answered, vault, number, "1", Answer.NO, now)
    assert await database.run(_moved, vault, number, "镇政府", now) == 2
    assert await database.run(_moved, vault, number, "县政府", now + timedelta(hours=1)) == 2
    keys = ["event/1/0/changed", "event/1/0/eve", "event/1/2/changed"]
    assert await database.read(_due) == keys
    assert await database.run(_moved, vault, number, "县政府", now + timedelta(hours=2)) == 0


async def test_an_invitation_that_waits_gets_the_new_words(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_event, now)
    await database.run(_asked, number, now)
    await database.run(_moved, vault, number, "镇政府", now)
    campaign, words = await database.read(_invitation, number)
    assert campaign.state == "draft"
    assert "镇政府" in words


def _asked(session: Session, number: int, now: datetime) -> None:
    staff_accounts.add(
        session, "小刘", role=StaffRole.STAFF, area="371703", at=now, actor="system"
    )
    inviting.ask(session, number, by="小刘", now=now)


def _invitation(session: Session, number: int) -> tuple[Campaign, str]:
    campaign = campaign_drafts.of_event(session, number)
    assert campaign is not None
    return campaign, campaign_drafts.texts(session, campaign.id or 0)[0].text
