"""Somebody at the counter: first what is kept and why, and their yes; only then the questions."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any, Literal

from aiohttp import web
from pydantic import Field

from console.desk import Desk, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from handlers import by_staff, consent
from handlers.by_staff import Hand, Unreadable
from handlers.dialogue import Office
from handlers.forms.form import LISTED, Kind
from knowledge.areas import Gazetteer
from outreach.helping import assigning
from records import grounds, helping, rights, scope
from records.assignments import Help
from records.database import Session
from records.people import Profile
from records.rights import Right
from records.vault import VaultError
from registry import villages

_HOLDS = timedelta(hours=1)  # a yes that was heard, until the form is sent
_HIDDEN: frozenset[str] = frozenset()
_ID = 10  # bytes


class Ground(Form):
    """On what ground somebody is entered."""

    ground: Literal["agreed", "document"]
    document: str = Field(default="", max_length=grounds.LONGEST)
    is_adult: Literal["yes"]


class _Twice(Exception):
    """Somebody of this phone or name is there already: surely, or perhaps."""

    def __init__(self, known: list[Profile], *, is_sure: bool) -> None:
        super().__init__()
        self.known, self.is_sure = known, is_sure


async def begin(desk: Desk) -> web.StreamResponse:
    """The notice, to be read out, and the question of consent."""
    return _notice(desk, blank({}))


async def agreed(desk: Desk) -> web.StreamResponse:
    """They said yes, or a document makes it a duty: the questions."""
    f = filled(Ground, desk.form)
    if f.value is None:
        return _notice(desk, f, 422)
    if f.value.ground == "document" and not f.value.document:
        return _notice(desk, wrong(f.typed, document="请写文件名称和文号"), 422)
    document = f.value.document if f.value.ground == "document" else ""
    mark = _sealed(desk, document)
    return _form(desk, blank({}), mark, home=await desk.read(_home, await desk.gazetteer(), desk))


def _home(session: Session, gazetteer: Gazetteer, desk: Desk) -> dict[str, list[str]]:
    """Most are at home where who enters them works."""
    code = desk.staff.area
    county = villages.county_of(session, code)
    area = gazetteer.area(county) if scope.is_county(county) else None
    if area is None:
        return {}
    place = villages.of_ids(session, [code]).spoken(code) if scope.is_local(code) else ""
    return {"home_place": [area.name], "home_village": [place]}


async def save(desk: Desk) -> web.StreamResponse:
    """Store them; whoever is there already is shown instead."""
    mark = desk.form.get("agreed", "")
    document = _opened(desk, mark)
    gazetteer = await desk.gazetteer()
    try:
        person_id = await desk.write(_save, desk, gazetteer, document)
    except Unreadable as fault:
        return _form(desk, wrong(dict(desk.form), **fault.faults), mark, status=422)
    except _Twice as twice:
        return await _twice(desk, twice, mark)
    desk.means.wake_sender()
    return desk.go(f"/people/{person_id}", "登记好了。")


def _save(session: Session, desk: Desk, gazetteer: Gazetteer, document: str) -> str:
    typed = {one.id: desk.lists.get(one.id, []) for one in by_staff.questions()}
    given = by_staff.read(typed, gazetteer, {})
    if faults := by_staff.lacking(given):
        raise Unreadable(faults)
    if not given.get("nickname"):
        raise Unreadable({"nickname": "请填写称呼"})
    same, alike = by_staff.doubles(session, desk.means.vault, given)
    if same or (alike and desk.form.get("is_other") != "yes"):
        raise _Twice(same or alike, is_sure=bool(same))
    person_id = secrets.token_hex(_ID)
    hand = Hand(desk.means.vault, desk.staff.name, desk.now)
    by_staff.enter(session, person_id, given, hand, basis=document)
    _check_home(session, desk, person_id)
    return person_id


def _check_home(session: Session, desk: Desk, person_id: str) -> None:
    """Nobody is entered whom who enters could not read of; a commissioner's are their own."""
    spot = scope.spots(session, [person_id])[person_id]
    helpers = assigning.names(assigning.with_room(session, spot, Help.COMMISSIONER))
    if spot.area and desk.staff.name in helpers:
        person = helping.by_id(session, [person_id])[person_id]
        vault, name = desk.means.vault, desk.staff.name
        help, actor = Help.COMMISSIONER, desk.actor
        assigning.give(session, vault, person, name, help, actor=actor, now=desk.now)
    if not rights.reaches(session, desk.staff, person_id, desk.now):
        where = "home_village" if scope.is_local(desk.staff.area) else "home_place"
        raise Unreadable({where: "老家不在您负责的地方，或者没写清镇和村"})


async def _twice(desk: Desk, twice: _Twice, mark: str) -> web.Response:
    """Those who are there already, as far as this reader may know them."""
    near = [
        one for one in twice.known if await desk.read(rights.reaches, desk.staff, one.id, desk.now)
    ]
    if near:
        await desk.note("person.seen", near[0].id)
    fault = "这个人已经登记过了" if twice.is_sure else "手机号或者姓名和村跟别人一样"
    f = wrong(dict(desk.form), phone=fault)
    return _form(desk, f, mark, near=near, may_be_other=not twice.is_sure, status=422)


def _notice(desk: Desk, f: Filled[Any], status: int = 200) -> web.Response:
    office = Office(desk.means.office, desk.means.office_phone)
    return desk.render("people/notice.html", status, f=f, notice=consent.notice(office))


def _form(
    desk: Desk,
    f: Filled[Any],
    mark: str,
    *,
    home: dict[str, list[str]] | None = None,
    near: list[Profile] | None = None,
    may_be_other: bool = False,
    status: int = 200,
) -> web.Response:
    asked = by_staff.questions()
    return desk.render(
        "people/new.html",
        status,
        f=f,
        mark=mark,
        questions=asked,
        now={one.id: (home or {}).get(one.id) or desk.lists.get(one.id, []) for one in asked},
        words=dict.fromkeys((one.id for one in asked), ""),
        listed=LISTED,
        many=Kind.CHOICES,
        hidden=_HIDDEN,
        held={},
        near=near or [],
        may_be_other=may_be_other,
    )


def _sealed(desk: Desk, document: str) -> str:
    told = {"by": desk.staff.name, "at": desk.now.isoformat(), "document": document}
    return base64.urlsafe_b64encode(desk.means.vault.seal(told)).decode()


def _opened(desk: Desk, mark: str) -> str:
    """The document of a yes that was heard within the hour; Refused where there was none."""
    try:
        told = desk.means.vault.open(base64.urlsafe_b64decode(mark.encode()))
        heard = datetime.fromisoformat(told["at"])
    except (VaultError, ValueError, IndexError, TypeError, KeyError) as fault:
        raise Refused("请先念告知的话，问他同不同意。") from fault
    if told["by"] != desk.staff.name or desk.now - heard > _HOLDS:
        raise Refused("同意是一个多小时前问的，请再问一次他同不同意。")
    return str(told["document"])


PAGES = (
    Page("GET", "/people-new", begin, Right.ENTER),
    Page("POST", "/people-new", agreed, Right.ENTER),
    Page("POST", "/people-new/save", save, Right.ENTER),
)
