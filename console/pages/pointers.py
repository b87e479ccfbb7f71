"""名录: associations and banks to turn to, channels of publicity to name; each with its check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aiohttp import web
from pydantic import Field, field_validator

from console.desk import Desk, NotHere
from console.forms import Filled, Form, OfficePhone, blank, filled, wrong
from console.page import Page, Waiting
from outreach.courses.booking import today_of
from outreach.reports.versions.making import county_of
from records import pointers
from records.database import Session
from records.pointers import PARTNERS, PUBLICITY, Pointer, PointerKind
from records.rights import Post, Right
from records.scope import is_within
from records.staff_accounts import Staff

_EDITORS = frozenset({Post.COUNTY, Post.CITY})
KINDS = [(kind.value, kind.value) for kind in PointerKind]
_TABS = [
    ("/pointers", "宣传渠道", None),
    ("/pointers?of=partners", "商会、协会、高校、银行", None),
]


class _Pointer(Form):
    kind: PointerKind
    name: str = Field(min_length=1, max_length=40)
    city: str = Field(default="", max_length=20)
    link: str = Field(default="", max_length=300)
    way: str = Field(default="", max_length=60)
    phone: OfficePhone = ""

    @field_validator("link")
    @classmethod
    def _is_a_page(cls, link: str) -> str:
        if link and not link.startswith("https://"):
            raise ValueError("网址要以 https:// 开头")
        return link


async def listed(desk: Desk) -> web.StreamResponse:
    """Those of my area, by kind."""
    return await _listed(desk, blank())


async def _listed(desk: Desk, f: Filled[_Pointer], status: int = 200) -> web.StreamResponse:
    is_partners = desk.query.get("of") == "partners"
    kinds = PARTNERS if is_partners else PUBLICITY
    found = await desk.read(_of, desk.staff, kinds)
    return desk.render(
        "pointers/list.html",
        status,
        f=f,
        found=found,
        tabs=_TABS,
        here="/pointers?of=partners" if is_partners else "/pointers",
        kinds=[(kind.value, kind.value) for kind in kinds],
        today=today_of(desk.now),
        named=await desk.named(*(one.area for one in found)),
        may_edit=desk.post in _EDITORS and bool(desk.staff.area),
    )


def _of(session: Session, staff: Staff, kinds: Sequence[PointerKind]) -> list[Pointer]:
    return pointers.of_area(session, county_of(session, staff.area), kinds)


async def put(desk: Desk) -> web.StreamResponse:
    """Store one of my area."""
    _need_editor(desk)
    f = filled(_Pointer, desk.form)
    if f.value is None:
        return await _listed(desk, f, 422)
    given = f.value
    if not (given.link or given.way or given.phone):
        return await _listed(desk, wrong(f.typed, way="网址、怎么找、电话，至少写一样"), 422)
    told = Pointer(area=desk.staff.area, checked_on=today_of(desk.now), **given.model_dump())
    await desk.write(_put, desk, told)
    return desk.go(_back(told), "存好了，核对日期是今天。")


def _put(session: Session, desk: Desk, told: Pointer) -> None:
    pointers.put(session, told, by=desk.staff.name, at=desk.now)


async def check(desk: Desk) -> web.StreamResponse:
    """Somebody looked today, and it still holds."""
    told = await _one(desk)
    await desk.write(_check, desk, told.number)
    return desk.go(_back(told), "记下了，今天核对过。")


def _check(session: Session, desk: Desk, number: int) -> None:
    today = today_of(desk.now)
    pointers.check(session, number, today, by=desk.staff.name, at=desk.now)


async def drop(desk: Desk) -> web.StreamResponse:
    """It is not shown any more."""
    told = await _one(desk)
    await desk.write(_drop, desk, told.number, False)
    return desk.go(_back(told), "不再显示了。", undo=f"/pointers/{told.number}/back")


async def restore(desk: Desk) -> web.StreamResponse:
    """It is shown again."""
    told = await _one(desk)
    await desk.write(_drop, desk, told.number, True)
    return desk.go(_back(told), "又显示了。")


def _drop(session: Session, desk: Desk, number: int, back: bool) -> None:
    pointers.drop(session, number, by=desk.staff.name, at=desk.now, back=back)


async def _one(desk: Desk) -> Pointer:
    _need_editor(desk)
    told = await desk.read(pointers.find, desk.number("number"))
    if told is None or not is_within(told.area, desk.staff.area):
        raise NotHere
    return told


def _need_editor(desk: Desk) -> None:
    if desk.post not in _EDITORS or not desk.staff.area:
        raise NotHere


def _back(told: Pointer) -> str:
    return "/pointers?of=partners" if told.kind in PARTNERS else "/pointers"


def _stale(session: Session, staff: Staff, now: datetime) -> int:
    today = today_of(now)
    return sum(one.is_stale(today) for one in _of(session, staff, tuple(PointerKind)))


WAITING = (Waiting("名录半年没核对了", "/pointers", Right.STATIONS, _stale),)
PAGES = (
    Page("GET", "/pointers", listed, Right.STATIONS),
    Page("POST", "/pointers", put, Right.STATIONS),
    Page("POST", "/pointers/{number}/check", check, Right.STATIONS),
    Page("POST", "/pointers/{number}/drop", drop, Right.STATIONS),
    Page("POST", "/pointers/{number}/back", restore, Right.STATIONS),
)
