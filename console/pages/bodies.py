"""工作机构: leading groups, task forces and service groups: who is in them, what they take."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from outreach import routing
from records import bodies, staff_accounts
from records.bodies import Body, BodyKind
from records.database import Session
from records.rights import Right
from records.scope import is_within
from records.staff_accounts import Staff

KINDS = [(kind.value, kind.value) for kind in BodyKind]
TITLES = ("组长", "副组长", "办公室主任", "成员", "联络员")


class _Body(Form):
    kind: BodyKind
    name: str = Field(min_length=2, max_length=40)
    duty: str = Field(default="", max_length=200)


class _Seat(Form):
    staff: str = Field(min_length=1, max_length=40)
    title: str = Field(default="", max_length=20)


async def listed(desk: Desk) -> web.StreamResponse:
    """The bodies of my area with their members."""
    return await _listed(desk, blank())


async def _listed(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    found = await desk.read(_of, desk.staff)
    return desk.render(
        "bodies/list.html",
        status,
        f=f,
        empty=blank(),
        found=found,
        kinds=KINDS,
        titles=[(title, title) for title in TITLES],
        matters=[(one.code, one.name) for one in routing.matters().values()],
        called=lambda code: routing.matter_of(code).name,
        colleagues=[(name, name) for name in await desk.read(_colleagues, desk.staff)],
        named=await desk.named(*(one.area for one in found)),
        opened=desk.request.match_info.get("number", ""),
    )


def _of(session: Session, staff: Staff) -> list[Body]:
    return bodies.of_area(session, staff.area)


def _colleagues(session: Session, staff: Staff) -> list[str]:
    everybody = staff_accounts.everybody(session)
    return [one.name for one in everybody if is_within(one.area, staff.area)]


async def add(desk: Desk) -> web.StreamResponse:
    """A body of my area."""
    f = filled(_Body, desk.form)
    known = {one.code for one in routing.matters().values()}
    matters = tuple(one for one in desk.lists.get("matters", ()) if one in known)
    if f.value is None:
        return await _listed(desk, f, 422)
    told = Body(f.value.kind, f.value.name, desk.staff.area, f.value.duty, matters)
    await desk.write(_add, desk, told)
    return desk.go("/bodies", "建好了。下面可以加人。")


def _add(session: Session, desk: Desk, told: Body) -> None:
    bodies.add(session, told, by=desk.staff.name, at=desk.now)


async def seat(desk: Desk) -> web.StreamResponse:
    """Somebody is in it under a title; without a title they are not any more."""
    number = await _number(desk)
    f = filled(_Seat, desk.form)
    if f.value is None:
        return await _listed(desk, f, 422)
    if f.value.staff not in await desk.read(_colleagues, desk.staff):
        return await _listed(desk, wrong(f.typed, staff="请从列出的人里选"), 422)
    if f.value.title and f.value.title not in TITLES:
        return await _listed(desk, wrong(f.typed, title="请从列出的里面选一个"), 422)
    await desk.write(_seat, desk, number, f.value)
    return desk.go("/bodies", "记下了。")


def _seat(session: Session, desk: Desk, number: int, given: _Seat) -> None:
    bodies.seat(session, number, given.staff, given.title, by=desk.staff.name, at=desk.now)


async def drop(desk: Desk) -> web.StreamResponse:
    """It does not exist any more."""
    number = await _number(desk)
    await desk.write(_drop, desk, number)
    return desk.go("/bodies", "撤掉了。")


def _drop(session: Session, desk: Desk, number: int) -> None:
    bodies.drop(session, number, by=desk.staff.name, at=desk.now)


async def _number(desk: Desk) -> int:
    number = desk.number("number")
    if number not in {one.number for one in await desk.read(_of, desk.staff)}:
        raise NotHere
    return number


PAGES = (
    Page("GET", "/bodies", listed, Right.STAFF),
    Page("POST", "/bodies", add, Right.STAFF),
    Page("POST", "/bodies/{number}/seat", seat, Right.STAFF),
    Page("POST", "/bodies/{number}/drop", drop, Right.STAFF),
)
