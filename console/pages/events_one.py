"""One event: whom it is for, invited, called off; check-in, minutes, what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeVar

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.events.looking import SHOWN, first_of, note, seen_of
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from handlers.places import country
from matching.audience.faults import AudienceFault
from outreach.calendars import CHINA
from outreach.campaigns.refusing import CampaignRefused
from outreach.events import following, inviting
from outreach.events.inviting import EventRefused
from outreach.segments import Office
from records import events, scope, staff_accounts
from records.database import Session
from records.events import Answer, Task
from records.rights import Right
from records.staff_accounts import Staff

T = TypeVar("T")
ANSWERS = {Answer.NONE: "没回", Answer.YES: "来", Answer.NO: "不来"}
_CHANGED = "这个活动已经过了、取消了，或者邀请已经发出，刷新页面看看。"


class _Follow(Form):
    staff: Annotated[str, Field(max_length=40)]
    due_on: date
    task: Annotated[str, Field(max_length=200)]


async def one(desk: Desk) -> web.StreamResponse:
    """One event."""
    return await _one(desk, blank())


async def _one(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    seen = await seen_of(desk)
    event = seen.event
    await desk.note("event.guests_read", f"event:{event.number}")
    named = await desk.named(event.told.area)
    colleagues = await desk.read(_colleagues, desk.staff)
    return desk.render(
        "events/event.html",
        status,
        f=f,
        seen=seen,
        event=event,
        told=event.told,
        named=named,
        answers=ANSWERS,
        has_begun=event.told.starts_at.astimezone(CHINA).date() <= _today(desk),
        last_day=following.last_day(event),
        colleagues=colleagues,
        may_invite=desk.may(Right.CAMPAIGNS),
        is_over=event.told.starts_at <= desk.now,
        first=first_of(desk),
        shown=SHOWN,
    )


def _colleagues(session: Session, staff: Staff) -> list[str]:
    found = staff_accounts.everybody(session)
    return [one.name for one in found if scope.is_within(one.area, staff.area)]


async def choose(desk: Desk) -> web.StreamResponse:
    """Whom it is for."""
    seen = await seen_of(desk)
    words = desk.form.get("words", "")[:200]
    try:
        await desk.write(_choose, desk, seen.event.number, words)
    except (AudienceFault, CampaignRefused) as fault:
        return await _one(desk, wrong(desk.form, words=str(fault)), 422)
    except EventRefused as refusal:
        raise Refused(_CHANGED) from refusal
    return desk.go(f"/events/{seen.event.number}", "选好了请谁。")


async def invite(desk: Desk) -> web.StreamResponse:
    """The invitations are to go out."""
    number = (await seen_of(desk)).event.number
    await _do(desk, _ask, number)
    return desk.go(f"/events/{number}", "交上去了：50人以内直接发，再多要另一位同事批准。")


async def cancel(desk: Desk) -> web.StreamResponse:
    """It does not take place."""
    number = (await seen_of(desk)).event.number
    told = await _do(desk, _cancel, number)
    return desk.go(f"/events/{number}", f"取消了，会告诉{told}个可能要来的人。")


async def attendance(desk: Desk) -> web.StreamResponse:
    """Who came."""
    seen = await seen_of(desk)
    if seen.event.told.starts_at.astimezone(CHINA).date() > _today(desk):
        raise Refused("还没到那一天，到了才能签到。")
    walk_ins = desk.form.get("walk_ins", "").strip() or "0"
    if not (walk_ins.isascii() and walk_ins.isdigit() and len(walk_ins) < 5):
        return await _one(desk, wrong(desk.form, walk_ins="请填一个整数"), 422)
    ids = [row.person for row in seen.rows if row.person]
    came = [one for one in desk.lists.get("came", ()) if one in ids]
    absent = [one for one in ids if one not in came]
    await _do(desk, _mark, seen.event.number, came, absent, int(walk_ins))
    said = f"记下了：来了{len(came)}人，没登记的来了{walk_ins}人。"
    page = f"?first={first}" if (first := first_of(desk)) else ""
    return desk.go(f"/events/{seen.event.number}{page}", said)


async def minutes(desk: Desk) -> web.StreamResponse:
    """What was talked about."""
    number = (await seen_of(desk)).event.number
    text = desk.form.get("text", "").strip()
    if not text or len(text) > 5000:
        return await _one(desk, wrong(desk.form, text="请写纪要，最多 5000 个字"), 422)
    await _do(desk, _keep, number, text)
    return desk.go(f"/events/{number}", "纪要存好了。")


async def follow(desk: Desk) -> web.StreamResponse:
    """Somebody is to do something within seven days."""
    seen = await seen_of(desk)
    f = filled(_Follow, desk.form)
    if f.value is None:
        return await _one(desk, f, 422)
    if f.value.staff not in await desk.read(_colleagues, desk.staff):
        return await _one(desk, wrong(f.typed, staff="同事里没有这个人"), 422)
    if not _today(desk) <= f.value.due_on <= following.last_day(seen.event):
        last = following.last_day(seen.event)
        return await _one(desk, wrong(f.typed, due_on=f"要在{last}之前办完"), 422)
    told = f.value
    task = Task(0, seen.event.number, told.staff, told.due_on, told.task)
    await _do(desk, _follow, task)
    return desk.go(f"/events/{seen.event.number}", f"交给{told.staff}了，到期前会提醒。")


async def finish(desk: Desk) -> web.StreamResponse:
    """What was to follow is done."""
    seen = await seen_of(desk)
    task = next((one for one in seen.tasks if one.number == desk.number("task")), None)
    if task is None or task.done_at is not None:
        raise NotHere
    await _do(desk, _finish, task, desk.form.get("note", "")[:200])
    return desk.go(f"/events/{seen.event.number}", "办完了，不再提醒。")


async def _do(desk: Desk, work: Callable[..., T], *args: object) -> T:
    try:
        return await desk.write(work, desk, *args)
    except EventRefused as refusal:
        raise Refused(_CHANGED) from refusal
    except CampaignRefused as refusal:
        raise Refused(str(refusal)) from refusal


def _choose(session: Session, desk: Desk, number: int, words: str) -> None:
    office = Office(country(), "")
    inviting.choose(session, office, number, words, by=desk.staff.name, now=desk.now)


def _ask(session: Session, desk: Desk, number: int) -> None:
    inviting.ask(session, number, by=desk.staff.name, now=desk.now)


def _cancel(session: Session, desk: Desk, number: int) -> int:
    by, now = desk.staff.name, desk.now
    return inviting.cancel(session, desk.means.vault, number, by=by, now=now)


def _mark(
    session: Session, desk: Desk, number: int, came: list[str], absent: list[str], walk_ins: int
) -> None:
    events.mark(session, number, came, came=True)
    events.mark(session, number, absent, came=False)
    events.change(session, number, walk_ins=walk_ins)
    note(session, "event.attendance", number, desk.staff.name, desk.now)


def _keep(session: Session, desk: Desk, number: int, text: str) -> None:
    events.keep_minutes(session, desk.means.vault, number, text)
    note(session, "event.minutes", number, desk.staff.name, desk.now)


def _follow(session: Session, desk: Desk, task: Task) -> None:
    following.follow(session, desk.means.vault, task, by=desk.staff.name, now=desk.now)


def _finish(session: Session, desk: Desk, task: Task, note: str) -> None:
    by, now = desk.staff.name, desk.now
    following.finish(session, desk.means.vault, task, note, by=by, now=now)


def _today(desk: Desk) -> date:
    return desk.now.astimezone(CHINA).date()


PAGES = (
    Page("GET", "/events/{number}", one, Right.EVENTS),
    Page("POST", "/events/{number}/choose", choose, Right.CAMPAIGNS),
    Page("POST", "/events/{number}/invite", invite, Right.CAMPAIGNS),
    Page("POST", "/events/{number}/cancel", cancel, Right.EVENTS),
    Page("POST", "/events/{number}/attendance", attendance, Right.EVENTS),
    Page("POST", "/events/{number}/minutes", minutes, Right.EVENTS),
    Page("POST", "/events/{number}/follow", follow, Right.EVENTS),
    Page("POST", "/events/{number}/tasks/{task}/done", finish, Right.EVENTS),
)
