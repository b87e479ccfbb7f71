"""Events: planned, for whom, invited, called off; check-in, minutes, what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypeVar

from aiohttp import web
from pydantic import Field
from sqlalchemy import select

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.look import masked_name, masked_phone
from console.page import Page
from handlers.places import country
from matching.audience.faults import AudienceFault
from outreach.calendars import CHINA
from outreach.campaigns.refusing import CampaignRefused
from outreach.events import following, inviting
from outreach.events.inviting import EventRefused
from outreach.segments import Office
from records import audit, campaign_drafts, events, people, rights, scope, staff_accounts
from records.campaigns import CampaignState
from records.database import Session
from records.events import Answer, Event, EventKind, Guest, Invitation, NewEvent, Signed, Task
from records.people import Person
from records.rights import Post, Right
from records.staff_accounts import Staff
from records.vault import Vault
from registry import naming, villages
from registry.naming import NoSuchPlace

T = TypeVar("T")
KINDS = [(kind.value, kind.value) for kind in EventKind]
ANSWERS = {Answer.NONE: "没回", Answer.YES: "来", Answer.NO: "不来"}
_STATES = {
    CampaignState.DRAFT: "还没发",
    CampaignState.FREEZING: "正在列名单",
    CampaignState.SUBMITTED: "等另一位同事批准",
    CampaignState.APPROVED: "批准了，等着发",
    CampaignState.RUNNING: "正在发",
    CampaignState.PAUSED: "暂停了",
    CampaignState.STOPPED: "停了",
    CampaignState.FINISHED: "发完了",
}
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_INVITED = Invitation.__table__  # type: ignore[attr-defined]
_SHOWN = 200  # guests on one page, who said yes first


_CHANGED = "这个活动已经过了、取消了，或者邀请已经发出，刷新页面看看。"


class _Told(Form):
    """An event as it is typed."""

    kind: EventKind
    title: Annotated[str, Field(max_length=40)]
    area: Annotated[str, Field(max_length=40)]
    day: date
    time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    place: Annotated[str, Field(max_length=40)] = ""
    city: Annotated[str, Field(max_length=20)] = ""


class _Follow(Form):
    staff: Annotated[str, Field(max_length=40)]
    due_on: date
    task: Annotated[str, Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class Row:
    """A guest as this reader may know them; `person` "" where not in reach."""

    guest: Guest
    person: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An event with its people and papers."""

    event: Event
    rows: tuple[Row, ...]
    minutes: str
    tasks: tuple[Task, ...]
    signed: tuple[Signed, ...]
    campaign: int
    state: str
    audience: str


async def listed(desk: Desk) -> web.StreamResponse:
    """The events of a year."""
    today = desk.now.astimezone(CHINA).date()
    year = _year(desk.query.get("year", ""), today.year)
    found = await desk.read(_listed, desk.staff, year)
    named = await desk.named(*(one.told.area for one in found))
    return desk.render(
        "events/list.html",
        found=found,
        year=year,
        years=(today.year + 1, today.year, today.year - 1),
        named=named,
    )


def _listed(session: Session, staff: Staff, year: int) -> list[Event]:
    since, until = (datetime(y, 1, 1, tzinfo=CHINA) for y in (year, year + 1))
    last = until - timedelta(microseconds=1)
    return list(reversed(events.of_area(session, staff.area, since, last)))


def _year(text: str, now: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else now


async def one(desk: Desk) -> web.StreamResponse:
    """One event."""
    return await _one(desk, blank())


async def _one(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    seen = await _seen(desk)
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
        first=_first(desk),
        shown=_SHOWN,
    )


async def _seen(desk: Desk) -> Seen:
    number, first = desk.number("number"), _first(desk)
    seen = await desk.read(_look, desk.means.vault, desk.staff, number, first, desk.now)
    if seen is None:
        raise NotHere
    return seen


def _first(desk: Desk) -> int:
    """After how many guests the page begins."""
    text = desk.form.get("first") or desk.query.get("first", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _look(
    session: Session, vault: Vault, staff: Staff, number: int, first: int, now: datetime
) -> Seen | None:
    event = events.find(session, number)
    if event is None or not _is_theirs(session, staff, event):
        return None
    campaign = campaign_drafts.of_event(session, number)
    return Seen(
        event,
        _rows(session, vault, staff, _guests(session, number, first), now),
        events.minutes(session, vault, number),
        tuple(events.tasks_of(session, vault, [number])),
        tuple(events.signings(session, [number])),
        (campaign.id or 0) if campaign else 0,
        _STATES.get(CampaignState(campaign.state), campaign.state) if campaign else "还没发",
        campaign.audience if campaign else "",
    )


def _is_theirs(session: Session, staff: Staff, event: Event) -> bool:
    """Whether an event is of the area that somebody looks after."""
    told = event.told
    if scope.is_local(staff.area):
        return staff.area in (told.area, "")
    return scope.is_within(told.county or told.area, staff.area)


def _rows(
    session: Session, vault: Vault, staff: Staff, guests: list[Guest], now: datetime
) -> tuple[Row, ...]:
    ids = [one.person_id for one in guests]
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.id.in_(ids), rights.reach(session, staff, now))
    known = people.by_ids(session, vault, list(session.execute(query).scalars()))
    hides = rights.post_of(staff) is Post.HEAD

    def row(one: Guest) -> Row:
        if one.person_id not in known:
            return Row(one, "", "", "")
        profile = known[one.person_id]
        phone = "" if hides else masked_phone(profile.phone)
        return Row(one, profile.id, masked_name(profile.nickname), phone)

    return tuple(map(row, guests))


def _guests(session: Session, number: int, first: int) -> list[Guest]:
    """A page of who was invited."""
    order = ((_INVITED.c.answer != Answer.YES.value), _INVITED.c.id)
    query = select(_INVITED).where(_INVITED.c.event_id == number).order_by(*order)
    rows = session.execute(query.offset(first).limit(_SHOWN))
    return [Guest(row.event_id, row.person_id, Answer(row.answer), row.came) for row in rows]


def _colleagues(session: Session, staff: Staff) -> list[str]:
    found = staff_accounts.everybody(session)
    return [one.name for one in found if scope.is_within(one.area, staff.area)]


async def new(desk: Desk) -> web.StreamResponse:
    """An empty form."""
    return await _form(desk, blank())


async def _form(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    named = await desk.named(desk.staff.area)
    return desk.render("events/form.html", status, f=f, kinds=KINDS, area=named(desk.staff.area))


async def make(desk: Desk) -> web.StreamResponse:
    """An event is planned."""
    f = filled(_Told, desk.form)
    if f.value is None:
        return await _form(desk, f, 422)
    told = f.value
    at = datetime.fromisoformat(f"{told.day}T{told.time}").replace(tzinfo=CHINA)
    if at <= desk.now:
        return await _form(desk, wrong(f.typed, day="这个时间已经过了"), 422)
    try:
        area = await desk.read(_place, told.area, await desk.gazetteer())
    except NoSuchPlace:
        return await _form(desk, wrong(f.typed, area="没有这个地方"), 422)
    county = await desk.read(_county, area)
    if not (area == desk.staff.area or scope.is_within(county or area, desk.staff.area)):
        return await _form(desk, wrong(f.typed, area="这个地方不归您负责"), 422)
    event = NewEvent(
        kind=told.kind,
        title=told.title,
        area=area,
        starts_at=at,
        staff=desk.staff.name,
        place=told.place,
        city=told.city,
        county=county,
    )
    number = await desk.write(_make, event, desk.now)
    return desk.go(f"/events/{number}", "建好了。下面可以选请谁，再发邀请。")


def _place(session: Session, text: str, gazetteer: Any) -> str:
    return naming.code_of(text, gazetteer, villages.known(session))


def _county(session: Session, area: str) -> str:
    return villages.county_of(session, area) if scope.is_local(area) else ""


def _make(session: Session, told: NewEvent, now: datetime) -> int:
    number = events.add(session, told, now)
    _note(session, "event.added", number, told.staff, now)
    return number


async def choose(desk: Desk) -> web.StreamResponse:
    """Whom it is for."""
    seen = await _seen(desk)
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
    number = (await _seen(desk)).event.number
    await _do(desk, _ask, number)
    return desk.go(f"/events/{number}", "交上去了：50人以内直接发，再多要另一位同事批准。")


async def cancel(desk: Desk) -> web.StreamResponse:
    """It does not take place."""
    number = (await _seen(desk)).event.number
    told = await _do(desk, _cancel, number)
    return desk.go(f"/events/{number}", f"取消了，会告诉{told}个可能要来的人。")


async def attendance(desk: Desk) -> web.StreamResponse:
    """Who came."""
    seen = await _seen(desk)
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
    return desk.go(f"/events/{seen.event.number}", said)


async def minutes(desk: Desk) -> web.StreamResponse:
    """What was talked about."""
    number = (await _seen(desk)).event.number
    text = desk.form.get("text", "").strip()
    if not text or len(text) > 5000:
        return await _one(desk, wrong(desk.form, text="请写纪要，最多 5000 个字"), 422)
    await _do(desk, _keep, number, text)
    return desk.go(f"/events/{number}", "纪要存好了。")


async def follow(desk: Desk) -> web.StreamResponse:
    """Somebody is to do something within seven days."""
    seen = await _seen(desk)
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
    seen = await _seen(desk)
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
    _note(session, "event.attendance", number, desk.staff.name, desk.now)


def _keep(session: Session, desk: Desk, number: int, text: str) -> None:
    events.keep_minutes(session, desk.means.vault, number, text)
    _note(session, "event.minutes", number, desk.staff.name, desk.now)


def _follow(session: Session, desk: Desk, task: Task) -> None:
    following.follow(session, desk.means.vault, task, by=desk.staff.name, now=desk.now)


def _finish(session: Session, desk: Desk, task: Task, note: str) -> None:
    by, now = desk.staff.name, desk.now
    following.finish(session, desk.means.vault, task, note, by=by, now=now)


def _today(desk: Desk) -> date:
    return desk.now.astimezone(CHINA).date()


def _note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=audit.actor_of(by), subject=f"event:{number}")


PAGES = (
    Page("GET", "/events", listed, Right.EVENTS, menu="events"),
    Page("GET", "/events/new", new, Right.EVENTS),
    Page("POST", "/events/new", make, Right.EVENTS),
    Page("GET", "/events/{number}", one, Right.EVENTS),
    Page("POST", "/events/{number}/choose", choose, Right.CAMPAIGNS),
    Page("POST", "/events/{number}/invite", invite, Right.CAMPAIGNS),
    Page("POST", "/events/{number}/cancel", cancel, Right.EVENTS),
    Page("POST", "/events/{number}/attendance", attendance, Right.EVENTS),
    Page("POST", "/events/{number}/minutes", minutes, Right.EVENTS),
    Page("POST", "/events/{number}/follow", follow, Right.EVENTS),
    Page("POST", "/events/{number}/tasks/{task}/done", finish, Right.EVENTS),
)
