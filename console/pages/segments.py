"""Audiences: typed in plain words, read back, counted by reason, looked at, kept under a name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere
from console.forms import Filled, Form, blank, filled, wrong
from console.lately import Lately
from console.look import masked_name, masked_phone
from console.page import Page
from handlers.places import country
from matching.audience.faults import AudienceFault
from outreach import audiences, segments
from outreach.audiences import LATER, Weighed
from outreach.campaigns.looking import REASONS
from outreach.segments import NameRefused, Office
from records import people, scope
from records import segments as kept
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff

_COUNTED = Lately(timedelta(minutes=1))
_LONGEST = 2_000
EXAMPLES = (
    "在外地 且 马上想干",
    "想做电商 或 会焊工",
    "缺本钱 且 30天没联系过",
    "春节回来 但 不要没答应推送的",
)


class Kept(Form):
    """An audience to be kept."""

    name: str = Field(max_length=40)
    audience: str = Field(max_length=_LONGEST)


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of them, masked."""

    id: str
    name: str
    phone: str
    home: str


async def audience(desk: Desk) -> web.StreamResponse:
    """What was typed, how it is understood, how many that is."""
    typed = desk.query.get("audience", "").strip()[:_LONGEST]
    return await _shown(desk, blank({"audience": typed}), typed)


async def _shown(desk: Desk, f: Filled[Any], typed: str, status: int = 200) -> web.StreamResponse:
    spoken, found, fault = "", None, None
    if typed:
        try:
            spoken = await desk.read(_spoken, desk, typed)
            found = await _weighed(desk, typed)
        except AudienceFault as refused:
            fault = refused
            status, f = 422, wrong(f.typed, audience=str(refused))
    saved = await desk.read(kept.listed, desk.staff.area)
    return desk.render(
        "segments/segments.html",
        status,
        f=f,
        typed=typed,
        found=found,
        spoken=spoken,
        topic=_topic(desk.staff.area, typed),
        fault=fault,
        no_tag=audiences.no_such_tag(found.tags_of_nobody)
        if found and found.tags_of_nobody
        else "",
        reasons=REASONS,
        later=LATER,
        saved=saved,
        examples=EXAMPLES,
    )


def _spoken(session: Session, desk: Desk, typed: str) -> str:
    return segments.read(session, _office(desk), typed, desk.now).spoken


def _topic(area: str, typed: str) -> str:
    return hashlib.sha256(f"{area}/{typed}".encode()).hexdigest()[:16]


def version(session: Session, staff: Staff, key: str, now: datetime) -> str:
    """Another one once an audience has been counted."""
    return str(_COUNTED.is_making(lambda made: _topic(*made) == key))


async def _weighed(desk: Desk, typed: str) -> Weighed | None:
    """As it was a minute ago at most; None while it is being counted."""

    async def made() -> Weighed:
        return await desk.read(audiences.weigh, _office(desk), typed, desk.means.lines, desk.now)

    patience = None if desk.query.get("count") == "now" else desk.means.patience
    counted = await _COUNTED.soon(desk, (desk.staff.area, typed), made, patience)
    return counted.value if counted else None


def _office(desk: Desk) -> Office:
    return Office(country(), desk.staff.area)


async def some(desk: Desk) -> web.StreamResponse:
    """A few of them, the newest; the trail has who looked."""
    typed = desk.query.get("audience", "").strip()[:_LONGEST]
    try:
        found = await desk.write(_some, desk, typed)
    except AudienceFault as fault:
        raise NotHere from fault
    named = await desk.named(*(one.home for one in found))
    return desk.render("segments/some.html", typed=typed, found=found, named=named)


def _some(session: Session, desk: Desk, typed: str) -> list[Somebody]:
    by, now = desk.staff.name, desk.now
    ids = audiences.sampled(session, _office(desk), typed, by=by, now=now)
    known, spots = people.by_ids(session, desk.means.vault, ids), scope.spots(session, ids)
    return [_somebody(one, known[one], spots[one]) for one in ids]


def _somebody(person_id: str, one: people.Profile, spot: scope.Spot) -> Somebody:
    home = spot.village or spot.town or spot.area
    return Somebody(person_id, masked_name(one.nickname), masked_phone(one.phone), home)


async def save(desk: Desk) -> web.StreamResponse:
    """Keep one under a name."""
    f, typed = filled(Kept, desk.form), desk.form.get("audience", "").strip()[:_LONGEST]
    if f.value is None:
        return await _shown(desk, f, typed, 422)
    try:
        await desk.write(_save, desk, f.value)
    except NameRefused as refusal:
        return await _shown(desk, wrong(f.typed, name=str(refusal)), typed, 422)
    except AudienceFault:
        return await _shown(desk, f, typed, 422)
    return desk.go("/segments", said=f"存好了：{f.value.name}")


def _save(session: Session, desk: Desk, one: Kept) -> None:
    by = desk.staff.name
    segments.save(session, _office(desk), one.name, one.audience, by=by, now=desk.now)


async def drop(desk: Desk) -> web.StreamResponse:
    """Forget one; campaigns that were written keep their words."""
    name = desk.form.get("name", "")
    if not await desk.write(kept.drop, desk.staff.area, name):
        raise NotHere
    return desk.go("/segments", said=f"删了：{name}。已经写好的推送不受影响。")


PAGES = (
    Page("GET", "/segments", audience, Right.SEGMENTS, menu="segments"),
    Page("GET", "/segments/some", some, Right.SEGMENTS),
    Page("POST", "/segments/save", save, Right.SEGMENTS),
    Page("POST", "/segments/drop", drop, Right.SEGMENTS),
)
TOPICS = {"audience": version}
