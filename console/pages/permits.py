"""Permits: what one may not do alone, asked for and decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.exports import asking
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Door, Page, Waiting
from console.pages.exports import LONGEST, Line, line_of, places_of, tabs
from records import background, permits, scope
from records.database import Session
from records.permits import Permit, PermitKind, PermitRefusal
from records.rights import Post, Right
from records.staff_accounts import Staff
from records.vault import Vault
from registry import naming, villages
from registry.naming import NoSuchPlace


class _List(Form):
    place: str = Field(min_length=1, max_length=40)
    why: str = Field(min_length=1, max_length=LONGEST)


@dataclass(frozen=True, slots=True)
class Wish:
    """A permit as it is shown to who decides, or to who asked."""

    permit: Permit
    why: str
    line: Line | None


async def wishes(desk: Desk) -> web.StreamResponse:
    """Permits that wait for my word."""
    found = await desk.read(_waiting, desk.means.vault, desk.staff, desk.now)
    areas = [one.permit.area for one in found]
    named = await desk.named(*areas, *places_of([one.line for one in found if one.line]))
    return desk.render("exports/permits.html", wishes=found, named=named, tabs=tabs(desk))


def _waiting(session: Session, vault: Vault, staff: Staff, now: datetime) -> list[Wish]:
    rows = [one for one in permits.waiting(session) if asking.may_decide(staff, one)]
    work = background.by_permits(session, [one.id for one in rows if one.id])
    lines = {n: line_of(session, vault, row, now) for n, row in work.items()}
    return [Wish(one, permits.reason(vault, one), lines.get(one.id or 0)) for one in rows]


async def decide(desk: Desk) -> web.StreamResponse:
    """Yes or no."""
    word = desk.form.get("word")
    if word not in ("yes", "no"):
        raise Refused("请选批准或不批准。")
    number = desk.number("number")
    try:
        await desk.write(_decide, number, desk.staff, word == "yes", desk.now)
    except PermitRefusal as refusal:
        raise Refused(str(refusal)) from refusal
    return desk.go("/exports/permits", "批准了，三天内有效。" if word == "yes" else "没有批准。")


def _decide(session: Session, number: int, staff: Staff, is_given: bool, at: datetime) -> None:
    asking.decide(session, number, staff, is_given=is_given, at=at)


async def lists(desk: Desk) -> web.StreamResponse:
    """Those who see totals ask to read the people of an area."""
    return await _lists(desk, blank())


async def _lists(desk: Desk, f: Filled[_List], status: int = 200) -> web.StreamResponse:
    if desk.post is not Post.CITY:
        raise NotHere
    given = await desk.read(permits.in_force, desk.staff.name, PermitKind.LIST, desk.now)
    named = await desk.named(*(one.area for one in given))
    return desk.render("exports/lists.html", status, f=f, given=given, named=named)


async def ask_list(desk: Desk) -> web.StreamResponse:
    """Ask for it."""
    f = filled(_List, desk.form)
    if f.value is None or desk.post is not Post.CITY:
        return await _lists(desk, f, 422)
    gazetteer = await desk.gazetteer()
    try:
        place = await desk.read(_place, f.value.place, gazetteer)
    except NoSuchPlace:
        return await _lists(desk, wrong(f.typed, place="没有这个地方，请写县名或镇名"), 422)
    if not scope.is_within(place, desk.staff.area):
        return await _lists(desk, wrong(f.typed, place="这个地方不归您负责"), 422)
    await desk.write(_ask_list, desk.means.vault, desk.staff.name, place, f.value.why, desk.now)
    return desk.go("/exports/lists", "申请交给当地同事了，批准以后三天内能看名单。")


def _place(session: Session, text: str, gazetteer: Any) -> str:
    return naming.code_of(text, gazetteer, villages.known(session))


def _ask_list(session: Session, vault: Vault, by: str, area: str, why: str, at: datetime) -> int:
    kind = PermitKind.LIST
    return permits.ask(session, vault, kind, by=by, why=why, area=area, what="看名单", at=at)


def _to_decide(session: Session, staff: Staff, now: datetime) -> int:
    return sum(asking.may_decide(staff, one) for one in permits.waiting(session))


WAITING = (
    Waiting("导出和名单的申请等您批准", "/exports/permits", Right.GRANT, _to_decide, "work"),
)
PAGES = (
    Page("GET", "/exports/permits", wishes, Right.GRANT),
    Page("POST", "/exports/permits/{number:[0-9]+}", decide, Right.GRANT, Door.FRESH),
    Page("GET", "/exports/lists", lists, Right.EXPORT),
    Page("POST", "/exports/lists", ask_list, Right.EXPORT),
)
