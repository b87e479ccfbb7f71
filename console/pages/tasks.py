"""Tasks of units: mine with their days, those of the area, done with a line that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aiohttp import web
from pydantic import Field, model_validator

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page, Waiting
from knowledge.areas import Gazetteer
from outreach import unit_tasks as due
from outreach.courses.booking import today_of
from outreach.reminders import COUNTDOWN
from outreach.unit_tasks import Standing, is_early, standing
from records import rights, staff_accounts, unit_tasks
from records.database import Session
from records.rights import Right
from records.scope import is_local, is_within
from records.staff_accounts import Staff
from records.unit_tasks import Done, NewTask, Rhythm
from records.vault import Vault

_LONGEST = 200
_RHYTHMS = [(one.value, one.value or "只一次") for one in Rhythm]
_LATE = "同事刚办过这一期，刷新看看还有没有要办的。"
_EARLY = "这一期已经办完了，下一期还没开始。"


class _Evidence(Form):
    said: str = Field(min_length=1, max_length=_LONGEST)


class _New(Form):
    title: str = Field(min_length=1, max_length=80)
    area: str = Field(default="", max_length=40)
    units: str = Field(default="", max_length=160)
    due_on: date | None = None
    rhythm: Rhythm = Rhythm.ONCE
    staff: str = Field(default="", max_length=40)

    @model_validator(mode="after")
    def _has_one_time(self) -> _New:
        if self.due_on and self.rhythm is not Rhythm.ONCE:
            raise ValueError("定期的任务不用写日子，到期末算")
        return self


@dataclass(frozen=True, slots=True)
class Shown:
    """A task with what shows that it was done, and who may do it."""

    found: Standing
    is_mine: bool
    evidence: Sequence[Done]
    colleagues: Sequence[str]


async def mine(desk: Desk) -> web.StreamResponse:
    """What is mine to do, what was missed first, then by its day."""
    found = await desk.read(_mine, desk.staff, desk.now)
    return await _list(desk, found, "/tasks")


async def everybody(desk: Desk) -> web.StreamResponse:
    """The tasks of the area, whoever does them."""
    found = await desk.read(_all, desk.staff, desk.now)
    return await _list(desk, found, "/tasks/all")


async def _list(desk: Desk, found: Sequence[Standing], tab: str) -> web.StreamResponse:
    tabs = [("/tasks", "我的", None)] if desk.may(Right.TASKS) else []
    tabs += [("/tasks/all", "全部", None)] if desk.may(Right.ALL_TASKS) else []
    tabs += [("/staff-roster", "谁管什么", None)] if desk.may(Right.TOTALS) else []
    return desk.render(
        "tasks/list.html",
        found=found,
        tabs=tabs,
        tab=tab,
        today=today_of(desk.now),
        soon=COUNTDOWN[0],
        named=await desk.named(*(one.task.told.area for one in found)),
        may_add=desk.may(Right.TASKS) and desk.may(Right.ALL_TASKS),
    )


def _all(session: Session, staff: Staff, now: datetime) -> list[Standing]:
    today = today_of(now)
    found = [standing(task, today) for task in unit_tasks.of_area(session, staff.area)]
    return sorted(found, key=_pressing)


def _mine(session: Session, staff: Staff, now: datetime) -> list[Standing]:
    return [one for one in _all(session, staff, now) if due.is_theirs(one.task, staff)]


def _pressing(one: Standing) -> tuple[date, int]:
    day = one.missed[0] if one.missed else one.due or date.max
    return day, one.task.number


async def task(desk: Desk) -> web.StreamResponse:
    """One task."""
    return await _task(desk, blank())


async def _task(desk: Desk, f: Filled[_Evidence], status: int = 200) -> web.StreamResponse:
    shown = await desk.read(_one, desk.means.vault, desk.staff, desk.number("number"), desk.now)
    told = shown.found.task.told
    return desk.render(
        "tasks/task.html",
        status,
        f=f,
        shown=shown,
        found=shown.found,
        told=told,
        is_early=is_early(shown.found, today_of(desk.now)),
        may_do=_may_do(desk.staff, shown),
        may_all=desk.may(Right.TASKS) and desk.may(Right.ALL_TASKS),
        named=await desk.named(told.area),
        day=_day(shown.found),
    )


def _one(session: Session, vault: Vault, staff: Staff, number: int, now: datetime) -> Shown:
    """The task; not there for who may not see it."""
    found = unit_tasks.find(session, number)
    if found is None or not _may_see(staff, found.told.area):
        raise NotHere
    is_mine = due.is_theirs(found, staff)
    if not (is_mine or rights.may(staff, Right.ALL_TASKS)):
        raise NotHere
    return Shown(
        standing(found, today_of(now)),
        is_mine,
        unit_tasks.evidence(session, vault, number),
        _colleagues(session, found.told.area),
    )


def _may_see(staff: Staff, area: str) -> bool:
    return area == staff.area if is_local(staff.area) else is_within(area, staff.area)


def _may_do(staff: Staff, shown: Shown) -> bool:
    is_all = rights.may(staff, Right.TASKS) and rights.may(staff, Right.ALL_TASKS)
    return shown.is_mine or is_all


def _day(found: Standing) -> date | None:
    return found.missed[0] if found.missed else found.due


def _colleagues(session: Session, area: str) -> list[str]:
    """Who sees the task, and so can do it."""
    return [
        one.name
        for one in staff_accounts.everybody(session)
        if rights.may(one, Right.TASKS) and _may_see(one, area)
    ]


async def done(desk: Desk) -> web.StreamResponse:
    """It is done, and this line shows it."""
    f = filled(_Evidence, desk.form)
    if f.value is None:
        return await _task(desk, f, 422)
    day = await desk.write(_finish, desk, f.value.said)
    return desk.go(
        f"/tasks/{desk.number('number')}", f"记上了，{day.month}月{day.day}日这一期办完了。"
    )


def _finish(session: Session, desk: Desk, said: str) -> date:
    shown = _one(session, desk.means.vault, desk.staff, desk.number("number"), desk.now)
    if not _may_do(desk.staff, shown):
        raise NotHere
    if is_early(shown.found, today_of(desk.now)):
        raise Refused(_EARLY)
    day = _day(shown.found)
    if desk.form.get("day", "") != (str(day) if day else ""):
        raise Refused(_LATE)
    task_ = shown.found.task
    finished = due.finish(session, desk.means.vault, task_, said, by=desk.staff.name, now=desk.now)
    if finished is None:
        raise Refused(_LATE)
    return finished


async def hand(desk: Desk) -> web.StreamResponse:
    """Somebody else is to do it."""
    await desk.write(_hand, desk)
    return desk.go(f"/tasks/{desk.number('number')}", "交给同事了，到期前提醒他。")


def _hand(session: Session, desk: Desk) -> None:
    number, name = desk.number("number"), desk.form.get("staff", "")
    shown = _one(session, desk.means.vault, desk.staff, number, desk.now)
    if not _may_do(desk.staff, shown):
        raise NotHere
    if name not in shown.colleagues:
        raise Refused("请从列出的同事里选一位。")
    due.hand(session, desk.means.vault, number, name, by=desk.staff.name, now=desk.now)


async def drop(desk: Desk) -> web.StreamResponse:
    """Nobody is to do it any more."""
    await desk.write(_drop, desk)
    return desk.go("/tasks/all", "任务撤掉了，不再提醒。")


def _drop(session: Session, desk: Desk) -> None:
    desk.need(Right.TASKS)
    number = desk.number("number")
    _one(session, desk.means.vault, desk.staff, number, desk.now)
    due.drop(session, number, by=desk.staff.name, now=desk.now)


async def new(desk: Desk) -> web.StreamResponse:
    """A task of one's own."""
    return await _new(desk, blank())


async def _new(desk: Desk, f: Filled[_New], status: int = 200) -> web.StreamResponse:
    desk.need(Right.TASKS)
    named = await desk.named(desk.staff.area)
    colleagues = await desk.read(_within, desk.staff)
    return desk.render(
        "tasks/new.html",
        status,
        f=f,
        rhythms=_RHYTHMS[1:],
        home=named(desk.staff.area) if desk.staff.area else "",
        colleagues=[(name, name) for name in colleagues],
    )


def _within(session: Session, staff: Staff) -> list[str]:
    everybody_ = staff_accounts.everybody(session)
    return [
        one.name
        for one in everybody_
        if rights.may(one, Right.TASKS) and one.area and is_within(one.area, staff.area)
    ]


async def add(desk: Desk) -> web.StreamResponse:
    """Make it."""
    desk.need(Right.TASKS)
    f = filled(_New, desk.form)
    if f.value is None:
        faults = dict(f.faults or {})
        return await _new(desk, wrong(f.typed, **{"due_on": faults.pop("", ""), **faults}), 422)
    area = _area(await desk.gazetteer(), f.value.area) if f.value.area else desk.staff.area
    if not area or not _may_see(desk.staff, area):
        return await _new(desk, wrong(f.typed, area="没有这个地方，或者不归您负责"), 422)
    if f.value.staff and f.value.staff not in await desk.read(_colleagues, area):
        return await _new(desk, wrong(f.typed, staff="请从列出的同事里选一位"), 422)
    number = await desk.write(_add, desk, f.value, area)
    return desk.go(
        f"/tasks/{number}", "任务建好了，到期前7天、3天、1天提醒。", f"/tasks/{number}/drop"
    )


def _area(gazetteer: Gazetteer, text: str) -> str:
    found = gazetteer.resolve(text)
    return found.code if found else ""


def _add(session: Session, desk: Desk, given: _New, area: str) -> int:
    told = NewTask(
        title=given.title,
        area=area,
        since=today_of(desk.now),
        units=given.units,
        due_on=given.due_on,
        rhythm=given.rhythm,
        staff=given.staff,
    )
    return due.add(session, desk.means.vault, told, by=desk.staff.name, now=desk.now)


def _near(session: Session, staff: Staff, now: datetime) -> int:
    """Of mine what was missed, and what is due within the days of the first reminder."""
    today = today_of(now)
    found = _mine(session, staff, now)
    return sum(
        bool(one.missed) or (one.due is not None and (one.due - today).days <= COUNTDOWN[0])
        for one in found
    )


def _missed(session: Session, staff: Staff, now: datetime) -> int:
    return sum(bool(one.missed) for one in _all(session, staff, now))


WAITING = (
    Waiting("任务快到日子或者过了日子", "/tasks", Right.TASKS, _near),
    Waiting("单位有任务过了日子还没办", "/tasks/all", Right.ALL_TASKS, _missed),
)
PAGES = (
    Page("GET", "/tasks", mine, Right.TASKS, menu="tasks"),
    Page("GET", "/tasks/all", everybody, Right.ALL_TASKS, menu="tasks"),
    Page("GET", "/tasks/new", new, Right.ALL_TASKS),
    Page("POST", "/tasks/new", add, Right.ALL_TASKS),
    Page("GET", "/tasks/{number}", task, Right.CONSOLE),
    Page("POST", "/tasks/{number}/done", done, Right.TASKS),
    Page("POST", "/tasks/{number}/hand", hand, Right.TASKS),
    Page("POST", "/tasks/{number}/drop", drop, Right.ALL_TASKS),
)
