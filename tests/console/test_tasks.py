"""任务: mine by their days, done once with a line, handed on, dropped; nobody else's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from outreach.calendars import CHINA
from records import audit, unit_tasks
from records.database import Session
from records.reminders import ReminderRow
from records.staff_accounts import StaffRole
from records.unit_tasks import Done, NewTask, Rhythm, Task
from tests.support.console import Stage

COUNTY = "371703"
TODAY = date(2026, 11, 21)  # of the tests' clock


def _task(
    session: Session,
    title: str,
    *,
    area: str = COUNTY,
    day: date | None = None,
    rhythm: Rhythm = Rhythm.ONCE,
    staff: str = "",
) -> int:
    told = NewTask(title, area, date(2026, 9, 1), due_on=day, rhythm=rhythm, staff=staff)
    return unit_tasks.add(session, told, datetime(2026, 9, 1, tzinfo=CHINA))


async def _add(stage: Stage, title: str, **told: object) -> int:
    return await stage.database.run(lambda s: _task(s, title, **told))  # type: ignore[arg-type]


async def _read(stage: Stage, number: int) -> Task | None:
    return await stage.database.read(unit_tasks.find, number)


async def _evidence(stage: Stage, number: int) -> list[Done]:
    return await stage.database.read(unit_tasks.evidence, stage.vault, number)


async def test_mine_are_those_given_to_me_and_those_of_nobody_in_my_area(stage: Stage) -> None:
    me = await stage.staff("小周")
    for title, told in (
        ("给我的", {"staff": "小周"}),
        ("没写谁", {}),
        ("给别人", {"staff": "老张"}),
        ("外县的", {"area": "430381"}),
    ):
        await _add(stage, title, day=TODAY, **told)
    mine, everything = (await me.get("/tasks")).words, (await me.get("/tasks/all")).words
    assert [title in mine for title in ("给我的", "没写谁", "给别人", "外县的")] == [
        *(True, True),
        *(False, False),
    ]
    assert ("给别人" in everything, "外县的" in everything) == (True, False)


async def test_what_was_missed_and_what_is_near_is_marked(stage: Stage) -> None:
    me = await stage.staff()
    await _add(stage, "晚了的", rhythm=Rhythm.MONTH)
    await _add(stage, "快到的", day=TODAY + timedelta(days=7))
    await _add(stage, "还早的", day=TODAY + timedelta(days=8))
    words = (await me.get("/tasks")).words
    assert words.index("晚了的") < words.index("快到的") < words.index("还早的")
    assert "过了 2 期" in words
    assert "任务快到日子或者过了日子 2" in (await me.get("/")).words.replace("（", " ")


async def test_done_with_a_line_it_counts_for_the_oldest_time_missed(stage: Stage) -> None:
    me = await stage.staff()
    number = await _add(stage, "报材料", rhythm=Rhythm.MONTH)
    answer = await me.post(f"/tasks/{number}/done", said="报了2篇", day="2026-09-30")
    assert answer.status == 303
    [one] = await _evidence(stage, number)
    assert (one.due_on, one.staff, one.evidence) == (date(2026, 9, 30), "小周", "报了2篇")
    assert "报了2篇" in (await me.get(f"/tasks/{number}")).words


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"said": "", "day": "2026-12-01"}, 422),
        ({"said": "字" * 201, "day": "2026-12-01"}, 422),
        ({"said": "办了", "day": "2026-11-01"}, 409),
    ],
)
async def test_what_cannot_be_done_so_changes_nothing(
    stage: Stage, fields: dict[str, str], status: int
) -> None:
    me = await stage.staff()
    number = await _add(stage, "建站", day=date(2026, 12, 1))
    assert (await me.post(f"/tasks/{number}/done", **fields)).status == status
    assert await _evidence(stage, number) == []


async def test_a_second_click_does_no_harm(stage: Stage) -> None:
    me = await stage.staff()
    number = await _add(stage, "建站", day=date(2026, 12, 1))
    for status in (303, 409):
        answer = await me.post(f"/tasks/{number}/done", said="办了", day="2026-12-01")
        assert answer.status == status
    assert len(await _evidence(stage, number)) == 1


async def test_a_time_that_has_not_begun_is_not_done_yet(stage: Stage) -> None:
    me = await stage.staff()
    number = await _add(stage, "报材料", rhythm=Rhythm.QUARTER)
    for day in ("2026-09-30", "2026-12-31"):
        await me.post(f"/tasks/{number}/done", said="报了", day=day)
    answer = await me.post(f"/tasks/{number}/done", said="报了", day="2027-03-31")
    assert (answer.status, "下一期还没开始" in answer.words) == (409, True)


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (StaffRole.STAFF, "430381"),
        (StaffRole.STAFF, "371703102"),
        (StaffRole.COMMISSIONER, COUNTY),
        (StaffRole.HEAD, COUNTY),
        (StaffRole.INSPECTOR, "430381"),
        (StaffRole.CADRE, "371703102201"),
        (StaffRole.OPERATOR, ""),
    ],
)
async def test_a_task_of_others_is_not_there(stage: Stage, role: StaffRole, area: str) -> None:
    number = await _add(stage, "建站", day=date(2026, 12, 1))
    other = await stage.staff("外人", role, area)
    assert (await other.get(f"/tasks/{number}")).status == 404
    for act in ("done", "hand", "drop"):
        fields = {"said": "办了", "day": "2026-12-01", "staff": "外人"}
        assert (await other.post(f"/tasks/{number}/{act}", **fields)).status == 404
    assert await _evidence(stage, number) == []


async def test_an_inspector_reads_what_is_overdue_and_does_nothing(stage: Stage) -> None:
    inspector = await stage.staff("督查", StaffRole.INSPECTOR)
    number = await _add(stage, "晚了的", rhythm=Rhythm.MONTH)
    assert "晚了的" in (await inspector.get("/tasks/all")).words
    assert "办完了 一句话" not in (await inspector.get(f"/tasks/{number}")).words
    for act in ("done", "hand", "drop"):
        assert (await inspector.post(f"/tasks/{number}/{act}", said="x")).status == 404
    assert (await inspector.get("/tasks/new")).status == 404


async def test_handed_on_it_is_the_other_one_s(stage: Stage) -> None:
    me, other = await stage.staff("小周"), await stage.staff("小王", StaffRole.COMMISSIONER)
    number = await _add(stage, "建站", day=date(2026, 11, 25))
    assert (await me.post(f"/tasks/{number}/hand", staff="没这人")).status == 409
    assert (await me.post(f"/tasks/{number}/hand", staff="小王")).status == 303
    assert "建站" in (await other.get("/tasks")).words
    assert {row.whom for row in await stage.database.read(_reminders)} == {"staff:小王"}


def _reminders(session: Session) -> list[ReminderRow]:
    waits = ReminderRow.state == "waiting"
    return list(session.execute(select(ReminderRow).where(waits)).scalars())  # type: ignore[arg-type]


async def test_a_new_task_is_reminded_of_and_can_be_dropped(stage: Stage) -> None:
    me = await stage.staff()
    answer = await me.post("/tasks/new", title="开站长会", due_on="2026-11-25", units="人社局")
    assert answer.status == 303
    number = int(answer.path.rpartition("/")[2])
    assert len(await stage.database.read(_reminders)) == 2
    await me.post(f"/tasks/{number}/drop")
    assert await _read(stage, number) is None
    assert await stage.database.read(_reminders) == []
    acts = [row.act for row in await stage.database.read(audit.of, f"unit_task:{number}")]
    assert acts == ["unit_task.added", "unit_task.dropped"]


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"title": ""}, "请填写这一项"),
        ({"title": "会", "due_on": "明天"}, "2026-11-22"),
        ({"title": "会", "area": "湘乡市"}, "不归您负责"),
        ({"title": "会", "area": "没这地方"}, "没有这个地方"),
        ({"title": "会", "staff": "外人"}, "从列出的同事里选"),
        ({"title": "会", "due_on": "2026-12-01", "rhythm": "每月"}, "不用写日子"),
    ],
)
async def test_a_new_task_that_cannot_be_so_is_said_at_its_field(
    stage: Stage, fields: dict[str, str], word: str
) -> None:
    me = await stage.staff()
    answer = await me.post("/tasks/new", **fields)
    assert (answer.status, word in answer.words) == (422, True)
    assert fields["title"] in answer.text


async def test_an_inspector_finds_the_overdue_from_the_menu(stage: Stage) -> None:
    browser = await stage.staff("督查", StaffRole.INSPECTOR, "371700")
    assert 'href="/console/tasks/all"' in (await browser.get("/")).text
    assert 'href="/console/tasks"' not in (await browser.get("/tasks/all")).text


@pytest.mark.parametrize(
    ("area", "next_step"), [(COUNTY, "新任务"), ("371703102", "会在“今天”提醒")]
)
async def test_no_tasks_says_what_comes_next(stage: Stage, area: str, next_step: str) -> None:
    words = (await (await stage.staff("小何", area=area)).get("/tasks")).words
    assert next_step in words.partition("现在没有任务")[2]
