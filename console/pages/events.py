"""Events: those of a year, one planned, one told of anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from console.desk import Desk, Refused
from console.events.looking import note, seen_of
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from outreach.calendars import CHINA
from outreach.campaigns.refusing import CampaignRefused
from outreach.events import changing
from outreach.events.inviting import EventRefused
from records import events, scope
from records.database import Session
from records.events import Event, EventKind, NewEvent, Venue
from records.rights import Right
from records.staff_accounts import Staff
from registry import naming, villages
from registry.naming import NoSuchPlace

KINDS = [(kind.value, kind.value) for kind in EventKind]
VENUES = [(venue.value, f"进{venue.value}") for venue in Venue if venue]
_OVER = "这个活动已经过了或者取消了，不能再改。"
_STALE = "别人刚改过这个活动，请按现在的样子再改一遍。"


class _Changed(Form):
    """What may be another later; whom it is for is chosen on its own page."""

    kind: EventKind
    title: Annotated[str, Field(max_length=40)]
    day: date
    time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    place: Annotated[str, Field(max_length=40)] = ""

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(f"{self.day}T{self.time}").replace(tzinfo=CHINA)


class _Told(_Changed):
    """An event as it is typed."""

    area: Annotated[str, Field(max_length=40)]
    city: Annotated[str, Field(max_length=20)] = ""
    venue: Venue = Venue.NONE


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


async def new(desk: Desk) -> web.StreamResponse:
    """An empty form."""
    return await _form(desk, blank())


async def _form(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    named = await desk.named(desk.staff.area)
    return desk.render(
        "events/form.html", status, f=f, kinds=KINDS, venues=VENUES, area=named(desk.staff.area)
    )


async def make(desk: Desk) -> web.StreamResponse:
    """An event is planned."""
    f = filled(_Told, desk.form)
    if f.value is None:
        return await _form(desk, f, 422)
    told = f.value
    if told.starts_at <= desk.now:
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
        starts_at=told.starts_at,
        staff=desk.staff.name,
        place=told.place,
        city=told.city,
        venue=told.venue,
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
    note(session, "event.added", number, told.staff, now)
    return number


async def edit(desk: Desk) -> web.StreamResponse:
    """The form as the event is."""
    event = await _open(desk)
    told, here = event.told, event.told.starts_at.astimezone(CHINA)
    typed = {
        "kind": told.kind.value,
        "title": told.title,
        "day": str(here.date()),
        "time": f"{here:%H:%M}",
        "place": told.place,
        "seen": _version(event),
    }
    return _edit(desk, event, blank(typed))


def _edit(desk: Desk, event: Event, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    return desk.render("events/edit.html", status, f=f, event=event, kinds=KINDS)


async def _open(desk: Desk) -> Event:
    event = (await seen_of(desk)).event
    if event.is_off or event.told.starts_at <= desk.now:
        raise Refused(_OVER)
    return event


async def change(desk: Desk) -> web.StreamResponse:
    """The event is told of anew; who reckons with it hears of another time or place."""
    event, f = await _open(desk), filled(_Changed, desk.form)
    if f.value is None:
        return _edit(desk, event, f, 422)
    if f.value.starts_at <= desk.now:
        return _edit(desk, event, wrong(f.typed, day="这个时间已经过了"), 422)
    try:
        told = await desk.write(_change, desk, event.number, f.value)
    except EventRefused as refusal:
        raise Refused(_OVER) from refusal
    except CampaignRefused as refusal:
        return _edit(desk, event, wrong(f.typed, day=str(refusal)), 422)
    heard = f"，会告诉{told}个可能要来的人" if told else ""
    return desk.go(f"/events/{event.number}", f"改好了{heard}。")


def _change(session: Session, desk: Desk, number: int, typed: _Changed) -> int:
    event = events.find(session, number, locks=True)
    if event is None or _version(event) != desk.form.get("seen", ""):
        raise Refused(_STALE)
    told = replace(
        event.told,
        kind=typed.kind,
        title=typed.title,
        starts_at=typed.starts_at,
        place=typed.place,
    )
    by, now = desk.staff.name, desk.now
    return changing.change(session, desk.means.vault, number, told, by=by, now=now)


def _version(event: Event) -> str:
    """Another one whenever what is told of it is another."""
    told = event.told
    return f"{told.kind.value}/{told.title}/{told.place}/{told.starts_at.timestamp():.0f}"


PAGES = (
    Page("GET", "/events", listed, Right.EVENTS, menu="events"),
    Page("GET", "/events/new", new, Right.EVENTS),
    Page("POST", "/events/new", make, Right.EVENTS),
    Page("GET", "/events/{number}/edit", edit, Right.EVENTS),
    Page("POST", "/events/{number}/edit", change, Right.EVENTS),
)
