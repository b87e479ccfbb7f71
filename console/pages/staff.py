"""People who work here: roles and areas, accounts and links, and who goes on for whom."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import web
from pydantic import Field
from sqlalchemy import func, select

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Door, Page
from console.pages.account import POSTS
from handlers import staffing
from handlers.staffing import Doing
from records import (
    assignments,
    audit,
    console_access,
    rights,
    scope,
    staff_accounts,
)
from records.console_access import ConsoleSession
from records.database import Session
from records.rights import Right
from records.staff_accounts import NAME_LENGTH, Staff, StaffRefusal, StaffRole
from records.tickets import Ticket, TicketState
from records.vault import Vault
from registry import naming, villages
from registry.naming import NoSuchPlace

ROLES = {
    StaffRole.STAFF: "工作人员（县级或乡镇服务站）",
    StaffRole.COMMISSIONER: "服务专员",
    StaffRole.CADRE: "村组干部",
    StaffRole.MENTOR: "导师",
    StaffRole.STEWARD: "群管",
    StaffRole.HEAD: "站长",
    StaffRole.INSPECTOR: "督查",
    StaffRole.PUBLICITY: "宣传",
    StaffRole.PARTNER: "合作单位（银行、协会、园区）",
    StaffRole.OPERATOR: "系统运维",
}
_HELP = frozenset({StaffRole.COMMISSIONER, StaffRole.MENTOR})
_EVERYWHERE = "全部"
_STALE = "没有办成：这个人已经停用，或者刚被别人改过。请刷新页面再看看。"
_MOST = 100
_TICKETS = Ticket.__table__  # type: ignore[attr-defined]


class _New(Form):
    name: str = Field(min_length=1, max_length=NAME_LENGTH)
    role: StaffRole
    place: str = Field(min_length=1, max_length=40)


class _Change(Form):
    role: StaffRole
    place: str = Field(min_length=1, max_length=40)
    seen: str = ""  # what was shown, so that a colleague's change is not overwritten


@dataclass(frozen=True, slots=True)
class One:
    """Somebody, with what they look after."""

    staff: Staff
    dossiers: int = 0
    requests: int = 0
    sessions: tuple[ConsoleSession, ...] = ()
    others: tuple[str, ...] = ()  # who may take their dossiers

    @property
    def state(self) -> str:
        return f"{self.staff.role.value} {self.staff.area}"

    @property
    def path(self) -> str:
        return path_of(self.staff.name)

    @property
    def has_dossiers(self) -> bool:
        return self.staff.role in _HELP


def path_of(name: str) -> str:
    """Where somebody's page is, below /console."""
    return f"/staff/{quote(name, safe='')}"


async def everybody(desk: Desk) -> web.StreamResponse:
    """Those whom I am in charge of, by name."""
    is_gone, after = desk.query.get("state") == "gone", desk.query.get("after", "")
    found = await desk.read(_listed, desk.staff, is_gone, after)
    shown, rest = found[:_MOST], found[_MOST:]
    older = f"/console/staff?after={quote(shown[-1].name)}" if rest else ""
    return desk.render(
        "staff/list.html",
        people=[One(one) for one in shown],
        older=older + ("&state=gone" if older and is_gone else ""),
        named=await desk.named(*(one.area for one in shown)),
        post_of=lambda one: POSTS[rights.post_of(one)],
        tabs=[
            ("/staff", "在岗的", None),
            ("/staff?state=gone", "停用的", None),
            ("/staff-roster", "谁管什么", None),
            ("/bodies", "工作机构", None),
        ],
        here="/staff?state=gone" if is_gone else "/staff",
    )


def _listed(session: Session, staff: Staff, is_gone: bool, after: str) -> list[Staff]:
    known = staff_accounts.everybody(session, with_disabled=True)
    return [
        one
        for one in known
        if one.name > after and (one.until is not None) is is_gone and leads(session, staff, one)
    ][: _MOST + 1]


def leads(session: Session, staff: Staff, other: Staff) -> bool:
    """Whether somebody is in charge of another: of who works within their area."""
    return _is_below(session, staff, other.area)


def _is_below(session: Session, staff: Staff, area: str) -> bool:
    if not staff.area:
        return True
    around = villages.county_of(session, area) if scope.is_local(area) else area
    return bool(around) and scope.is_within(around, staff.area)


async def new(desk: Desk) -> web.StreamResponse:
    """Somebody joins."""
    return _new(desk, blank())


def _new(desk: Desk, f: Filled[Any], status: int = 200) -> web.Response:
    return desk.render("staff/new.html", status, f=f, roles=_roles(desk), everywhere=_EVERYWHERE)


def _roles(desk: Desk) -> list[tuple[str, str]]:
    """Who may be made what: those who see to the machine are named by who looks after all."""
    return [
        (role.value, label)
        for role, label in ROLES.items()
        if role is not StaffRole.OPERATOR or not desk.staff.area
    ]


async def join(desk: Desk) -> web.StreamResponse:
    """The name, the role and the area that were given."""
    f = filled(_New, desk.form)
    if f.value is None:
        return _new(desk, f, 422)
    name, fault = f.value.name, ""
    area = await _area(desk, f.value.place)
    if area is None:
        return _new(desk, wrong(f.typed, place=_no_place(desk)), 422)
    if not name.isprintable() or "/" in name:
        return _new(desk, wrong(f.typed, name="姓名里不要有斜线和换行"), 422)
    _check_role(desk, f.value.role)
    try:
        await desk.write(_join, desk, name, f.value.role, area)
    except StaffRefusal:
        fault = "这个名字已经有人用了。是另一个人的话，请在名字后面加上单位。"
    if fault:
        return _new(desk, wrong(f.typed, name=fault), 422)
    return desk.go(path_of(name), f"{name} 加进来了。把登录链接给他，或者让他绑定聊天账号。")


def _join(session: Session, desk: Desk, name: str, role: StaffRole, area: str) -> None:
    try:
        known = staff_accounts.named(session, name)
    except StaffRefusal:
        known = None
    if known is not None and not leads(session, desk.staff, known):
        raise StaffRefusal(f"{name} works elsewhere")
    staff_accounts.add(session, name, role=role, area=area, at=desk.now, actor=desk.actor)


def _check_role(desk: Desk, role: StaffRole) -> None:
    if role.value not in {value for value, _ in _roles(desk)}:
        raise NotHere


async def _area(desk: Desk, place: str) -> str | None:
    """The code of what was named; None where there is none such below mine."""
    gazetteer = await desk.gazetteer()
    return await desk.read(_code, desk.staff, place, gazetteer)


def _code(session: Session, staff: Staff, place: str, gazetteer: Any) -> str | None:
    if place == _EVERYWHERE:
        return "" if not staff.area else None
    try:
        code = naming.code_of(place, gazetteer, villages.known(session))
    except NoSuchPlace:
        return None
    return code if _is_below(session, staff, code) else None


def _no_place(desk: Desk) -> str:
    return "没有这个地方，或者有好几处同名；镇和村请连县名一起写全" + (
        "，要在您负责的范围里" if desk.staff.area else ""
    )


async def one(desk: Desk) -> web.StreamResponse:
    """Somebody: what they are, what they look after, how they come in."""
    return await _one(desk, await _found(desk), blank())


async def _found(desk: Desk) -> One:
    found = await desk.read(_of, desk.staff, desk.path("name"))
    if found is None:
        raise NotHere
    return found


def _of(session: Session, staff: Staff, name: str) -> One | None:
    try:
        found = staff_accounts.named(session, name)
    except StaffRefusal:
        return None
    if not leads(session, staff, found):
        return None
    everybody_ = staff_accounts.everybody(session)
    others = [o.name for o in everybody_ if o.role is found.role and leads(session, staff, o)]
    return One(
        found,
        len(assignments.of_helper(session, name)),
        _requests(session, name),
        tuple(console_access.sessions_of(session, name)),
        tuple(other for other in others if other != name),
    )


def _requests(session: Session, name: str) -> int:
    theirs = (_TICKETS.c.taken_by == name, _TICKETS.c.state == TicketState.TAKEN.value)
    return int(session.execute(select(func.count()).where(*theirs)).scalar_one())


async def _one(
    desk: Desk, found: One, f: Filled[Any], status: int = 200, *, link: str = "", code: str = ""
) -> web.Response:
    area = found.staff.area
    return desk.render(
        "staff/one.html",
        status,
        one=found,
        f=f,
        post=POSTS[rights.post_of(found.staff)],
        area=(await desk.named(area))(area) if area else _EVERYWHERE,
        roles=_roles(desk),
        others=[(name, name) for name in found.others],
        is_me=found.staff.name == desk.staff.name,
        link=link,
        code=code,
    )


async def change(desk: Desk) -> web.StreamResponse:
    """Another role or area."""
    found, f = await _active(desk), filled(_Change, desk.form)
    if f.value is None:
        return await _one(desk, found, f, 422)
    _check_role(desk, f.value.role)
    area = await _area(desk, f.value.place)
    if area is None:
        return await _one(desk, found, wrong(f.typed, place=_no_place(desk)), 422)
    if f.value.seen != found.state:
        raise Refused(_STALE)
    name, role = found.staff.name, f.value.role
    left = await desk.write(staffing.change, desk.means.vault, name, role, area, _doing(desk))
    return desk.go(found.path, f"改好了。{_told(left)}")


async def disable(desk: Desk) -> web.StreamResponse:
    """They work here no more."""
    found = await _active(desk)
    left = await desk.write(_disable, desk.means.vault, found.staff.name, _doing(desk))
    return desk.go(found.path, f"{found.staff.name} 停用了，马上就进不来。{_told(left)}")


def _disable(session: Session, vault: Vault, name: str, doing: Doing) -> staffing.Left:
    try:
        return staffing.disable(session, vault, name, doing)
    except StaffRefusal as fault:
        raise Refused(_STALE) from fault


async def hand_over(desk: Desk) -> web.StreamResponse:
    """All dossiers of somebody go to others."""
    found, to = await _found(desk), desk.form.get("to", "")
    if to and to not in found.others:
        raise NotHere
    name = found.staff.name
    over = await desk.write(staffing.hand_over, desk.means.vault, name, _doing(desk), to)
    return desk.go(found.path, _told(staffing.Left(over)) or "没有要交接的档案。")


async def link(desk: Desk) -> web.StreamResponse:
    """An address that signs in once; shown once."""
    found, code = await _active(desk), secrets.token_urlsafe(18)
    print_ = console_access.link_print(desk.means.vault, code)
    await desk.write(_offer_link, print_, found.staff.name, desk)
    url = desk.means.public_url or f"{desk.request.scheme}://{desk.request.host}"
    return await _one(desk, found, blank(), link=f"{url}/console/enter?code={code}")


def _offer_link(session: Session, print_: str, name: str, desk: Desk) -> None:
    console_access.offer_link(session, print_, name, at=desk.now, actor=desk.actor)


async def bind(desk: Desk) -> web.StreamResponse:
    """A code that binds the chat account it is sent from; shown once."""
    found, code = await _active(desk), staffing.new_code()
    await desk.write(_offer_code, desk, found.staff.name, code)
    return await _one(desk, found, blank(), code=code)


def _offer_code(session: Session, desk: Desk, name: str, code: str) -> None:
    vault = desk.means.vault
    staff_accounts.offer(session, vault, name, code, at=desk.now, actor=desk.actor)


async def sign_out(desk: Desk) -> web.StreamResponse:
    """Wherever they are signed in, they are not any more."""
    found = await _active(desk)
    await desk.write(_sign_out, desk, found.staff.name)
    return desk.go(found.path, "退出了。")


def _sign_out(session: Session, desk: Desk, name: str) -> None:
    console_access.end_all(session, name)
    audit.write(session, "console.signed_out", at=desk.now, actor=desk.actor, subject=name)


async def _active(desk: Desk) -> One:
    """Somebody else who works here: nobody changes what they are themselves."""
    found = await _found(desk)
    if found.staff.until is not None:
        raise Refused(_STALE)
    if found.staff.name == desk.staff.name:
        raise Refused("自己的身份和权限要由另一位同事来改。")
    return found


def _doing(desk: Desk) -> Doing:
    return Doing(desk.actor[:60], desk.now, desk.means.robot)


def _told(left: staffing.Left) -> str:
    """What went to others, in words."""
    parts = [f"{name} 接了 {count} 份档案" for name, count in sorted(left.over.taken.items())]
    parts += [f"{left.over.left} 份档案还没有人接"] if left.over.left else []
    parts += [f"{len(left.tickets)} 件诉求退给同事"] if left.tickets else []
    return "，".join(parts) + "。" if parts else ""


PAGES = (
    Page("GET", "/staff", everybody, Right.STAFF, menu="staff"),
    Page("GET", "/staff-new", new, Right.STAFF),
    Page("POST", "/staff-new", join, Right.STAFF, Door.FRESH),
    Page("GET", "/staff/{name}", one, Right.STAFF),
    Page("POST", "/staff/{name}", change, Right.STAFF, Door.FRESH),
    Page("POST", "/staff/{name}/disable", disable, Right.STAFF, Door.FRESH),
    Page("POST", "/staff/{name}/hand-over", hand_over, Right.STAFF, Door.FRESH),
    Page("POST", "/staff/{name}/link", link, Right.STAFF, Door.FRESH),
    Page("POST", "/staff/{name}/bind", bind, Right.STAFF, Door.FRESH),
    Page("POST", "/staff/{name}/sign-out", sign_out, Right.STAFF, Door.FRESH),
)
