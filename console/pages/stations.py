"""Stations: the directory, what heads report of a half-year, the projects that they hear of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, OfficePhone, blank, filled, wrong
from console.page import Page, Waiting
from handlers.stations import effects
from handlers.stations.effects import BringLead, ConfirmDuty, DraftOfLead
from handlers.stations.leads import draft_of, refusal
from handlers.stations.words import MakeProject
from matching.words import words
from outreach import stations as duties
from outreach.courses.booking import today_of
from outreach.reports.versions.making import county_of
from outreach.stations import Draft
from records import audit, leads, rights, staff_accounts, stations
from records.conversations import Overtaken
from records.database import Session
from records.leads import HeardOf
from records.rights import Post, Right
from records.scope import is_within
from records.staff_accounts import Staff, StaffRole
from records.stations import Listed
from records.vault import Vault

FIGURES = (
    ("events", "办活动", "场"),
    ("came", "到场", "人次"),
    ("projects", "签约项目", "个"),
    ("firms", "签约企业", "个"),
    ("planned", "签约投资额", "元"),
    ("landed", "到位资金", "元"),
    ("leads", "带回项目线索", "条"),
)
_EDITORS = frozenset({Post.COUNTY, Post.CITY})
_MOST, _LONGEST = 50, 200
_HALVES = {"1": "上半年", "2": "下半年"}


class _Station(Form):
    name: str = Field(min_length=1, max_length=40)
    area: str = Field(default="", max_length=40)
    city: str = Field(default="", max_length=20)
    address: str = Field(default="", max_length=60)
    phone: OfficePhone = ""
    hours: str = Field(default="", max_length=20)
    head: str = Field(default="", max_length=40)


class _Words(Form):
    said: str = Field(default="", max_length=_LONGEST)


class _Lead(Form):
    said: str = Field(min_length=1, max_length=_LONGEST)


class _Project(Form):
    line: str = Field(min_length=1, max_length=20)
    title: str = Field(min_length=1, max_length=80)


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a head, with what it is of."""

    head: str
    draft: Draft


async def directory(desk: Desk) -> web.StreamResponse:
    """The stations for the people of my area; a head's own."""
    found = await desk.read(_directory, desk.staff)
    return desk.render(
        "stations/list.html",
        found=found,
        tabs=_tabs(desk),
        named=await desk.named(*(one.area for one in found)),
        may_edit=desk.post in _EDITORS,
    )


def _tabs(desk: Desk) -> list[tuple[str, str, None]]:
    tabs = [
        ("/stations", "名录", None),
        ("/stations/duty", "站长述职", None),
        ("/pointers", "渠道和商协会", None),
    ]
    sees_leads = desk.may(Right.PROJECTS) or desk.post is Post.HEAD
    return [*tabs, ("/stations/leads", "项目线索", None)] if sees_leads else tabs


def _directory(session: Session, staff: Staff) -> list[Listed]:
    if rights.post_of(staff) is Post.HEAD:
        return stations.headed_by(session, staff.name)
    return stations.of_area(session, county_of(session, staff.area))


async def edit(desk: Desk) -> web.StreamResponse:
    """A station as it stands, or a new one."""
    known = await desk.read(_known, desk)
    return await _edit(desk, blank(), known)


def _known(session: Session, desk: Desk) -> Listed | None:
    """The station that the address names; None for a new one."""
    name, area = desk.query.get("name", ""), desk.query.get("area", "")
    if not name:
        return None
    found = [
        one for one in _directory(session, desk.staff) if (one.name, one.area) == (name, area)
    ]
    if not found:
        raise NotHere
    return found[0]


async def _edit(
    desk: Desk, f: Filled[_Station], known: Listed | None, status: int = 200
) -> web.StreamResponse:
    if desk.post not in _EDITORS:
        raise NotHere
    heads = await desk.read(_heads)
    return desk.render(
        "stations/edit.html",
        status,
        f=f,
        known=known,
        heads=[(name, name) for name in heads],
        home=(await desk.named(desk.staff.area))(desk.staff.area) if desk.staff.area else "",
        way=desk.request.path_qs.removeprefix("/console"),
    )


def _heads(session: Session) -> list[str]:
    everybody = staff_accounts.everybody(session)
    return [one.name for one in everybody if one.role is StaffRole.HEAD]


async def put(desk: Desk) -> web.StreamResponse:
    """Store it."""
    known = await desk.read(_known, desk)
    f = filled(_Station, desk.form)
    if f.value is None or desk.post not in _EDITORS:
        return await _edit(desk, f, known, 422)
    area = known.area if known else await _area(desk, f.value.area)
    if not area:
        return await _edit(desk, wrong(f.typed, area="没有这个地方，或者不归您负责"), known, 422)
    if f.value.head and f.value.head not in await desk.read(_heads):
        return await _edit(desk, wrong(f.typed, head="请从列出的站长里选"), known, 422)
    given = f.value.model_dump() | {"area": area}
    told = Listed(**given)
    if known:
        told = replace(told, name=known.name, external_id=known.external_id)
    is_new = await desk.write(_put, told, desk)
    said = {True: "站建好了。", False: "改好了。", None: "和原来一样，没有改。"}[is_new]
    return desk.go("/stations", said)


async def _area(desk: Desk, text: str) -> str:
    """The code of a place in reach; my own where none is named."""
    if not text:
        return desk.staff.area
    found = (await desk.gazetteer()).resolve(text)
    return found.code if found and is_within(found.code, desk.staff.area) else ""


def _put(session: Session, told: Listed, desk: Desk) -> bool | None:
    is_new = stations.put(session, told, desk.now)
    subject = f"station:{told.area}"
    audit.write(session, "station.put", at=desk.now, actor=desk.actor[:60], subject=subject)
    return is_new


async def duty(desk: Desk) -> web.StreamResponse:
    """A head's own report of this half-year or the one before; those of all heads of my area."""
    return await _duty(desk, blank())


async def _duty(desk: Desk, f: Filled[_Words], status: int = 200) -> web.StreamResponse:
    half = _half(desk)
    is_head = desk.post is Post.HEAD
    found = await desk.read(_reports, desk.means.vault, desk.staff, half, desk.now)
    return desk.render(
        "stations/duty.html",
        status,
        f=f,
        half=half,
        spoken=_spoken(half),
        other=_other(desk, half),
        spoken_of=_spoken,
        reports=found,
        mine=found[0] if is_head and found else None,
        figures=FIGURES,
        tabs=_tabs(desk),
    )


def _half(desk: Desk) -> str:
    now = duties.half_of(today_of(desk.now))
    return duties.before(now) if desk.query.get("of") == "last" else now


def _other(desk: Desk, half: str) -> tuple[str, str]:
    """The other of the two half-years that can be looked at, and where it is."""
    now = duties.half_of(today_of(desk.now))
    if half == now:
        return duties.before(now), "/stations/duty?of=last"
    return now, "/stations/duty"


def _spoken(half: str) -> str:
    return f"{half[:4]}年{_HALVES[half[-1]]}"


def _reports(
    session: Session, vault: Vault, staff: Staff, half: str, now: datetime
) -> list[Report]:
    heads = dict.fromkeys(one.head for one in _directory(session, staff) if one.head)
    if rights.post_of(staff) is Post.HEAD:
        heads = {staff.name: None}
    return [Report(name, duties.draft(session, vault, name, half, now)) for name in heads]


async def confirm(desk: Desk) -> web.StreamResponse:
    """A head confirms what the page showed; from then on it stays."""
    if desk.post is not Post.HEAD:
        raise NotHere
    f = filled(_Words, desk.form)
    if f.value is None:
        return await _duty(desk, f, 422)
    half = desk.form.get("half", "")
    last = duties.half_of(today_of(desk.now))
    if half not in (last, duties.before(last)):
        raise NotHere
    await desk.write(_confirm, desk, half, f.value.said)
    return desk.go("/stations/duty", f"{_spoken(half)}的述职确认了，以后不再变。")


def _confirm(session: Session, desk: Desk, half: str, said: str) -> None:
    draft = duties.draft(session, desk.means.vault, desk.staff.name, half, desk.now)
    seen = {key: desk.form.get(key, "") for key, _, _ in FIGURES}
    if draft.frozen:
        raise Refused("这半年的述职已经确认过了。")
    if seen != {key: str(draft.report.figures[key]) for key, _, _ in FIGURES}:
        raise Refused("数刚刚变了，回去看一眼新的数再确认。")
    report = replace(draft.report, words=said)
    _apply(session, desk, ConfirmDuty(report), "这半年的述职已经确认过了。")


async def lead_list(desk: Desk) -> web.StreamResponse:
    """What heads heard of, for the county; a head tells of one here."""
    return await _leads(desk, blank())


async def _leads(
    desk: Desk, f: Filled[_Lead] | Filled[_Project], status: int = 200, number: int = 0
) -> web.StreamResponse:
    is_head = desk.post is Post.HEAD
    if not (is_head or desk.may(Right.PROJECTS)):
        raise NotHere
    found = [] if is_head else await desk.write(_read_leads, desk)
    return desk.render(
        "stations/leads.html",
        status,
        f=f,
        empty_form=blank(),
        number=number,
        found=found,
        is_head=is_head,
        lines=list(words("lines").items()),
        tabs=_tabs(desk),
    )


def _read_leads(session: Session, desk: Desk) -> Sequence[HeardOf]:
    """What heads told; it may name people, so the trail says who read it."""
    found = leads.within(session, desk.means.vault, desk.staff.area, _MOST)
    if found:
        effect = effects.ReadLeads(desk.staff.name, tuple(one.number for one in found))
        effects.apply(effect, session, desk.means.vault, desk.now)
    return found


async def bring(desk: Desk) -> web.StreamResponse:
    """A head tells of a project."""
    if desk.post is not Post.HEAD:
        raise NotHere
    f = filled(_Lead, desk.form)
    if f.value is None:
        return await _leads(desk, f, 422)
    effect = BringLead(desk.staff.name, desk.staff.area, f.value.said)
    await desk.write(_apply, desk, effect, "")
    return desk.go("/stations/leads", "记下了，县里的同事会看到。")


async def make(desk: Desk) -> web.StreamResponse:
    """The draft of a project is made of a lead; another reviews it."""
    desk.need(Right.PROJECTS)
    number, f = desk.number("number"), filled(_Project, desk.form)
    if f.value is None:
        return await _leads(desk, f, 422, number)
    wish = MakeProject(number, words("lines").get(f.value.line, ""), f.value.title)
    fault = await desk.write(_make, desk, wish)
    if fault:
        return await _leads(desk, wrong(f.typed, title=fault), 422, number)
    return desk.go("/stations/leads", "项目草稿建好了，在项目库里等另一位同事审。")


def _make(session: Session, desk: Desk, wish: MakeProject) -> str:
    lead = leads.find(session, desk.means.vault, wish.number)
    if lead is None or not _is_theirs(lead, desk.staff):
        raise NotHere
    if fault := refusal(lead, wish):
        return fault
    effect = DraftOfLead(lead, draft_of(lead, wish), desk.staff.name)
    _apply(session, desk, effect, "这条线索同事刚建过项目，刷新看看。")
    return ""


def _is_theirs(lead: HeardOf, staff: Staff) -> bool:
    return not staff.area or (bool(lead.area) and is_within(lead.area, staff.area))


def _apply(session: Session, desk: Desk, effect: effects.StationEffect, late: str) -> None:
    try:
        effects.apply(effect, session, desk.means.vault, desk.now)
    except Overtaken as fault:
        raise Refused(late) from fault


def _owing(session: Session, staff: Staff, now: datetime) -> int:
    """Whether a head has not confirmed the half-year that is over."""
    if rights.post_of(staff) is not Post.HEAD:
        return 0
    half = duties.before(duties.half_of(today_of(now)))
    return int(not stations.confirmed(session, half, staff.name))


WAITING = (
    Waiting("上半年或下半年的述职等您确认", "/stations/duty?of=last", Right.STATIONS, _owing),
)
PAGES = (
    Page("GET", "/stations", directory, Right.STATIONS, menu="stations"),
    Page("GET", "/stations/edit", edit, Right.STATIONS),
    Page("POST", "/stations/edit", put, Right.STATIONS),
    Page("GET", "/stations/duty", duty, Right.STATIONS),
    Page("POST", "/stations/duty", confirm, Right.STATIONS),
    Page("GET", "/stations/leads", lead_list, Right.STATIONS),
    Page("POST", "/stations/leads", bring, Right.STATIONS),
    Page("POST", "/stations/leads/{number}", make, Right.STATIONS),
)
