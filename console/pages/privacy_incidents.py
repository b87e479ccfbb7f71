"""Incidents with personal data on pages: from the first word to the closing report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from aiohttp import web
from pydantic import AwareDatetime, Field, field_validator

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from console.pages.privacy import TABS, download
from outreach.calendars import CHINA
from outreach.privacy import incidents as acting
from outreach.privacy.incidents import CONTENTS, UNITS, IncidentRefused
from records import incidents, places, rights, scope, staff_accounts
from records.database import Session
from records.incidents import Incident, Unit
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault
from registry import naming, villages
from registry.naming import NoSuchPlace

T = TypeVar("T")
_TEXT = "text/plain; charset=utf-8"
_PEOPLE = 100
_UNITS = [(unit.value, f"{name}（{unit.hours}小时内报告）") for unit, name in UNITS.items()]


class _New(Form):
    what: Annotated[str, Field(max_length=300)]
    unit: Unit
    drill: str = ""


class _Span(Form):
    account: Annotated[str, Field(max_length=40)]
    since: AwareDatetime
    until: AwareDatetime

    @field_validator("since", "until", mode="before")
    @classmethod
    def _in_china(cls, value: object) -> object:
        """A browser sends the moment on the wall, without a zone."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError as fault:
            raise ValueError("请按 2026-11-22 09:30 这样填时间") from fault
        return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


@dataclass(frozen=True, slots=True)
class Seen:
    """An incident, whom it touches of those in reach, and whose accounts there are."""

    incident: Incident
    people: tuple[str, ...]
    accounts: tuple[str, ...]


async def listed(desk: Desk) -> web.StreamResponse:
    """The newest."""
    return await _list(desk, blank())


async def _list(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    found = await desk.read(incidents.latest, desk.means.vault)
    return desk.render("privacy/incidents.html", status, tabs=TABS, f=f, found=found, units=_UNITS)


async def begin(desk: Desk) -> web.StreamResponse:
    """Open one: exports rest."""
    f = filled(_New, desk.form)
    if f.value is None:
        return await _list(desk, f, 422)
    number = await _do(desk, _begin, f.value)
    return desk.go(f"/privacy/incidents/{number}", "开始处理，所有导出已经暂停。")


async def one(desk: Desk) -> web.StreamResponse:
    """One incident."""
    return await _one(desk, blank())


async def _one(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    seen = await desk.read(_look, desk.means.vault, desk.staff, desk.number("number"), desk.now)
    if seen is None:
        raise NotHere
    await desk.note("incident.read", f"incident:{seen.incident.number}")
    return desk.render(
        "privacy/incident.html",
        status,
        f=f,
        seen=seen,
        one=seen.incident,
        contents=CONTENTS,
        units=UNITS,
        most=_PEOPLE,
    )


def _look(session: Session, vault: Vault, staff: Staff, number: int, now: datetime) -> Seen | None:
    found = incidents.find(session, vault, number)
    if found is None:
        return None
    reach = rights.reach(session, staff, now)
    near = tuple(incidents.reached(session, number, reach, _PEOPLE))
    accounts = staff_accounts.everybody(session, with_disabled=True)
    names = tuple(one.name for one in accounts if scope.is_within(one.area, staff.area))
    return Seen(found, near, names)


async def affect(desk: Desk) -> web.StreamResponse:
    """All that an account read in a span, or an area."""
    number = desk.number("number")
    if desk.form.get("place", "").strip():
        return await _by_place(desk, number, desk.form["place"].strip())
    f = filled(_Span, desk.form)
    if f.value is None:
        return await _one(desk, f, 422)
    known = await desk.read(staff_accounts.everybody)
    if f.value.account not in {one.name for one in known}:
        return await _one(desk, wrong(f.typed, account="工作人员里没有这个名字"), 422)
    count = await _do(desk, _by_account, number, f.value)
    return desk.go(f"/privacy/incidents/{number}", f"受影响的一共{count}人。")


async def _by_place(desk: Desk, number: int, text: str) -> web.StreamResponse:
    gazetteer = await desk.gazetteer()
    try:
        place = await desk.read(_place, text, gazetteer)
    except NoSuchPlace:
        return await _one(desk, wrong(desk.form, place="没有这个地方，请写县、镇或村的名字"), 422)
    if not await desk.read(_is_theirs, place, desk.staff.area):
        return await _one(desk, wrong(desk.form, place="这个地方不归您负责"), 422)
    count = await _do(desk, _by_area, number, place)
    return desk.go(f"/privacy/incidents/{number}", f"受影响的一共{count}人。")


async def write(desk: Desk) -> web.StreamResponse:
    """What the notices must say."""
    number = desk.number("number")
    told = {name: desk.form.get(name, "")[:500] for name in CONTENTS}
    await _do(desk, _write, number, told)
    return desk.go(f"/privacy/incidents/{number}", "记下了。")


async def notice(desk: Desk) -> web.StreamResponse:
    """One of the two drafts."""
    number, which = desk.number("number"), desk.path("which")
    if which not in ("regulator", "people"):
        raise NotHere
    regulator, everybody = await _do(desk, _draft, number)
    text, name = (regulator, "报告主管部门") if which == "regulator" else (everybody, "告知本人")
    return download(f"{text}\n".encode(), f"{name}-{number}.txt", _TEXT)


async def step(desk: Desk) -> web.StreamResponse:
    """Reported, told, exports go or rest, over."""
    number, what = desk.number("number"), desk.path("step")
    if what not in _STEPS:
        raise NotHere
    work, said = _STEPS[what]
    await _do(desk, work, number)
    return desk.go(f"/privacy/incidents/{number}", said)


async def closing(desk: Desk) -> web.StreamResponse:
    """The closing report."""
    number = desk.number("number")
    found = await desk.read(incidents.find, desk.means.vault, number)
    if found is None:
        raise NotHere
    text = acting.closing_report(found, desk.means.office)
    return download(f"{text}\n".encode(), f"处置报告-{number}.txt", _TEXT)


async def _do(desk: Desk, work: Callable[..., T], *args: object) -> T:
    """One act; its refusal is a sentence."""
    try:
        return await desk.write(work, desk, *args)
    except IncidentRefused as refusal:
        raise Refused(str(refusal)) from refusal


def _is_theirs(session: Session, place: str, area: str) -> bool:
    """Whether a place lies in the area that somebody looks after; a town lies in its county."""
    if not scope.is_local(place):
        return scope.is_within(place, area)
    counties = places.counties_of(session, [place]) or [place[:6]]
    return place == area or all(scope.is_within(county, area) for county in counties)


def _place(session: Session, text: str, gazetteer: Any) -> str:
    return naming.code_of(text, gazetteer, villages.known(session))


def _begin(session: Session, desk: Desk, new: _New) -> int:
    return acting.begin(
        session,
        desk.means.vault,
        new.what,
        unit=new.unit,
        is_drill=bool(new.drill),
        by=desk.staff.name,
        now=desk.now,
    )


def _by_account(session: Session, desk: Desk, number: int, span: _Span) -> int:
    return acting.affect_by_account(
        session,
        desk.means.vault,
        number,
        span.account,
        since=span.since,
        until=span.until,
        by=desk.staff.name,
        now=desk.now,
    )


def _by_area(session: Session, desk: Desk, number: int, area: str) -> int:
    by, now = desk.staff.name, desk.now
    return acting.affect_by_area(session, desk.means.vault, number, area, by=by, now=now)


def _write(session: Session, desk: Desk, number: int, told: Mapping[str, str]) -> None:
    acting.write(session, desk.means.vault, number, told, by=desk.staff.name, now=desk.now)


def _draft(session: Session, desk: Desk, number: int) -> tuple[str, str]:
    contact = desk.means.privacy_contact or desk.means.office_phone or "电话待补"
    office, now = desk.means.office, desk.now
    return acting.draft(session, desk.means.vault, number, office=office, contact=contact, now=now)


def _marked(what: str) -> Callable[[Session, Desk, int], None]:
    def work(session: Session, desk: Desk, number: int) -> None:
        acting.mark(session, desk.means.vault, number, what, by=desk.staff.name, now=desk.now)

    return work


def _frozen(is_frozen: bool) -> Callable[[Session, Desk, int], None]:
    def work(session: Session, desk: Desk, number: int) -> None:
        by, now = desk.staff.name, desk.now
        acting.let_go(session, desk.means.vault, number, is_frozen=is_frozen, by=by, now=now)

    return work


def _close(session: Session, desk: Desk, number: int) -> None:
    acting.close(session, desk.means.vault, number, by=desk.staff.name, now=desk.now)


_STEPS: Mapping[str, tuple[Callable[[Session, Desk, int], None], str]] = {
    "reported": (_marked("reported"), "记下了：已经报告主管部门。"),
    "told": (_marked("told"), "记下了：已经告知本人。"),
    "thaw": (_frozen(False), "导出恢复了。"),
    "freeze": (_frozen(True), "导出又暂停了。"),
    "close": (_close, "结束了，导出恢复。处置报告可以下载。"),
}
PAGES = (
    Page("GET", "/privacy/incidents", listed, Right.PRIVACY),
    Page("POST", "/privacy/incidents", begin, Right.PRIVACY),
    Page("GET", "/privacy/incidents/{number}", one, Right.PRIVACY),
    Page("POST", "/privacy/incidents/{number}/affect", affect, Right.PRIVACY),
    Page("POST", "/privacy/incidents/{number}/write", write, Right.PRIVACY),
    Page("POST", "/privacy/incidents/{number}/notice/{which}", notice, Right.PRIVACY),
    Page("POST", "/privacy/incidents/{number}/{step}", step, Right.PRIVACY),
    Page("GET", "/privacy/incidents/{number}/report", closing, Right.PRIVACY),
)
