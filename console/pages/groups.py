"""Contact groups: whose people are in them, who keeps them, what staff say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from handlers.places import country
from outreach.groups import placing
from outreach.groups.placing import By, GroupRefused, NoSuchGroup, Said
from records import group_register
from records.database import Session
from records.group_register import GroupState, Known
from records.groups import ROBOT, WECHAT, WECOM, GroupKind
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault
from registry.groups_kind import called

STATES = {
    GroupState.LIVE: ("能用", "good"),
    GroupState.WAITING: ("等安排", "warn"),
    GroupState.LEFT: ("不在群里了", "plain"),
    GroupState.DROPPED: ("说过不用了", "plain"),
}
CHANNELS = {
    WECHAT: "微信（人工转发）",
    WECOM: "企业微信",
    ROBOT: "企业微信群机器人",
    "telegram": "Telegram",
}
KINDS = tuple((kind.value, called(kind)) for kind in GroupKind)
_LACKS = {"area": "哪里的人", "kind": "类别", "steward": "群管"}
_TABS = {
    "": (GroupState.WAITING, GroupState.LIVE),
    "waiting": (GroupState.WAITING,),
    "all": tuple(GroupState),
}
_MOST = 50


class Told(Form):
    """What staff say of a group; what is empty stays as it is."""

    area: str = Field(default="", max_length=20)
    kind: GroupKind | None = None
    city: str = Field(default="", max_length=20)
    steward: str = Field(default="", max_length=40)
    size: int | None = Field(default=None, ge=0, le=100_000)


class New(Told):
    """The same of a group that nobody told us of."""

    name: str = Field(max_length=60)


@dataclass(frozen=True, slots=True)
class One:
    """A group, and whether it is theirs to place."""

    known: Known
    may_place: bool

    @property
    def lacks(self) -> str:
        """What is to be said before anybody may post there."""
        return "、".join(_LACKS[lack] for lack in self.known.lacks)


async def groups(desk: Desk) -> web.StreamResponse:
    """Those that somebody may see."""
    tab, after = desk.query.get("of", ""), desk.query.get("after", "0")
    if tab not in _TABS or not (after.isascii() and after.isdigit() and len(after) < 9):
        raise NotHere
    found = await desk.read(_listed, desk.means.vault, desk.staff, tab)
    start = int(after)
    shown = found[start : start + _MOST]
    named = await desk.named(*(one.town or one.area for one in shown))
    more = len(found) > start + _MOST
    return desk.render(
        "groups/list.html",
        rows=shown,
        tab=tab,
        named=named,
        states=STATES,
        channels=CHANNELS,
        called=called,
        older=f"/console/groups?of={tab}&after={start + _MOST}" if more else "",
        newer=f"/console/groups?of={tab}&after={max(start - _MOST, 0)}" if start else "",
        may_add=desk.may(Right.GROUPS),
    )


def _listed(session: Session, vault: Vault, staff: Staff, tab: str) -> list[Known]:
    by = placing.acting(session, staff.name)
    found = group_register.in_state(group_register.known(session, vault), *_TABS[tab])
    return [one for one in found if by.sees(one)]


async def group(desk: Desk) -> web.StreamResponse:
    """One group, and what may be said of it."""
    return await _shown(desk, None)


async def _shown(desk: Desk, f: Filled[Told] | None, status: int = 200) -> web.StreamResponse:
    one = await desk.read(_one, desk, str(desk.number("number")))
    named = await desk.named(one.known.area, one.known.town)
    return desk.render(
        "groups/one.html",
        status,
        one=one,
        group=one.known,
        named=named,
        f=f or blank(_typed(one.known, named)),
        kinds=KINDS,
        state=STATES[one.known.state],
        channels=CHANNELS,
        called=called,
        is_entered=one.known.channel in (WECHAT, ROBOT),
        is_dropped=one.known.state is GroupState.DROPPED,
    )


def _typed(one: Known, named: Callable[[str], str]) -> dict[str, str]:
    size = "" if one.size is None else str(one.size)
    kind = one.kind.value if one.kind else ""
    area = named(one.area) if one.area else ""
    return {"kind": kind, "city": one.city, "steward": one.steward, "size": size, "area": area}


def _one(session: Session, desk: Desk, named: str) -> One:
    by = placing.acting(session, desk.staff.name)
    try:
        known = placing.find(session, desk.means.vault, named, by)
    except NoSuchGroup as fault:
        raise NotHere from fault
    return One(known, not by.keeper and by.places(known))


async def tell(desk: Desk) -> web.StreamResponse:
    """Keep what staff say of a group."""
    number, f = str(desk.number("number")), filled(Told, desk.form)
    one = await desk.read(_one, desk, number)
    if f.value is None:
        return await _shown(desk, f, 422)
    named = await desk.named(one.known.area)
    code = _code(f.value.area)
    if f.value.area and not code and f.value.area != named(one.known.area):
        return await _shown(desk, wrong(f.typed, area="没有这个地方，请写县、市、区的名字"), 422)
    try:
        await desk.write(_tell, desk, number, f.value, code)
    except GroupRefused as refusal:
        return await _shown(desk, wrong(f.typed, kind=str(refusal)), 422)
    return desk.go(f"/groups/{number}", said="记下了。")


def _code(typed: str) -> str:
    found = country().resolve(typed) if typed else None
    return found.code if found else ""


def _tell(session: Session, desk: Desk, number: str, told: Told, code: str) -> None:
    by = placing.acting(session, desk.staff.name)
    one = placing.find(session, desk.means.vault, number, by)
    placing.say(session, desk.means.vault, one, _new(one, told, code), by, desk.now)


def _new(one: Known, told: Told, code: str) -> Said:
    """What is said anew: the same again is not said, for some of it no staff may say."""
    return Said(
        area=code if code != one.area else "",
        kind=told.kind if told.kind is not one.kind else None,
        city=told.city if told.city != one.city else "",
        steward=told.steward if told.steward != one.steward else "",
        size=told.size if told.size != one.size else None,
    )


async def rename(desk: Desk) -> web.StreamResponse:
    """An ordinary group is called otherwise."""
    name = " ".join(desk.form.get("name", "").split())

    def renamed(session: Session, one: Known, by: By, now: datetime) -> None:
        placing.rename(session, desk.means.vault, one, name, by, now)

    return await _done(desk, renamed, "改好了。")


async def drop(desk: Desk) -> web.StreamResponse:
    """It is none of ours."""

    def dropped(session: Session, one: Known, by: By, now: datetime) -> None:
        placing.drop(session, one, by, now, back=False)

    number = desk.number("number")
    return await _done(desk, dropped, "这个群不用了。", undo=f"/groups/{number}/back")


async def take_back(desk: Desk) -> web.StreamResponse:
    """It is ours again."""

    def taken_back(session: Session, one: Known, by: By, now: datetime) -> None:
        placing.drop(session, one, by, now, back=True)

    return await _done(desk, taken_back, "又用了。")


Done = Callable[[Session, Known, By, datetime], None]


async def _done(desk: Desk, does: Done, said: str, undo: str = "") -> web.StreamResponse:
    number = str(desk.number("number"))
    await desk.read(_one, desk, number)
    try:
        await desk.write(_do, desk, number, does)
    except GroupRefused as refusal:
        raise Refused(str(refusal)) from refusal
    return desk.go(f"/groups/{number}", said=said, undo=undo)


def _do(session: Session, desk: Desk, number: str, does: Done) -> None:
    by = placing.acting(session, desk.staff.name)
    does(session, placing.find(session, desk.means.vault, number, by), by, desk.now)


async def begin(desk: Desk) -> web.StreamResponse:
    """A group that nobody told us of."""
    return _begin(desk, blank())


def _begin(desk: Desk, f: Filled[New], status: int = 200) -> web.StreamResponse:
    return desk.render("groups/new.html", status, f=f, kinds=KINDS)


async def add(desk: Desk) -> web.StreamResponse:
    """Keep an ordinary WeChat group."""
    f = filled(New, desk.form)
    if f.value is None:
        return _begin(desk, f, 422)
    code = _code(f.value.area)
    if f.value.area and not code:
        return _begin(desk, wrong(f.typed, area="没有这个地方，请写县、市、区的名字"), 422)
    try:
        made = await desk.write(_add, desk, f.value, code)
    except GroupRefused as refusal:
        fault = str(refusal).partition("：guiyan")[0]
        return _begin(desk, wrong(f.typed, name=fault), 422)
    return desk.go(f"/groups/{made.id}", said="记下了。")


def _add(session: Session, desk: Desk, told: New, code: str) -> Known:
    by = placing.acting(session, desk.staff.name)
    area = code or ("" if by.town else by.area)
    said = Said(area, told.kind, told.city, told.steward, told.size)
    name = " ".join(told.name.split())
    return placing.add(session, desk.means.vault, name, said, by, desk.now)


PAGES = (
    Page("GET", "/groups", groups, Right.SEE_GROUPS, menu="groups"),
    Page("GET", "/groups/new", begin, Right.GROUPS),
    Page("POST", "/groups/new", add, Right.GROUPS),
    Page("GET", "/groups/{number}", group, Right.SEE_GROUPS),
    Page("POST", "/groups/{number}", tell, Right.GROUPS),
    Page("POST", "/groups/{number}/rename", rename, Right.GROUPS),
    Page("POST", "/groups/{number}/drop", drop, Right.GROUPS),
    Page("POST", "/groups/{number}/back", take_back, Right.GROUPS),
)
