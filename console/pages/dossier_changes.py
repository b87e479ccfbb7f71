"""What is done from a person's file: a contact, who helps, tags, died or alive."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from aiohttp import web
from pydantic import Field
from sqlalchemy import select

from console.desk import Desk, NotHere, Refused
from console.dossier.words import KINDS, LIGHTS, STANDINGS
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from console.pages import dossier
from outreach import tagging
from outreach.courses.booking import today_of
from outreach.helping import assigning, calling
from outreach.tagging import TagRefused
from records import assignments, audit, helping, people, visits
from records.assignments import Assigned, Help
from records.database import Session
from records.people import Status
from records.rights import Right
from records.visits import Gift, Light, Standing, Told, Visit, VisitKind
from registry import identity, sweeping

_LONGEST_NOTE = 500
_VISITS = Visit.__table__  # type: ignore[attr-defined]
_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]
_LIVING = (Status.CONFIRMED, Status.PENDING)


class Contact(Form):
    """One contact in one form."""

    kind: VisitKind
    light: Light | None = None
    standing: Standing | None = None
    minutes: int = Field(default=0, ge=0, le=600)
    note: str = Field(default="", max_length=_LONGEST_NOTE)
    next_on: date | None = None


class Choice(Form):
    """Who is to help, in which way."""

    help: Literal["commissioner", "mentor"]
    helper: str = Field(max_length=40)


class Given(Form):
    """Who is to help no more, and whom they had before; "" for nobody."""

    help: Literal["commissioner", "mentor"]
    given: str = Field(max_length=40)
    had: str = Field(default="", max_length=40)


class Tag(Form):
    """One tag."""

    tag: str = Field(max_length=40)


async def visit_form(desk: Desk) -> web.StreamResponse:
    """The form of a contact."""
    person_id = await _living(desk)
    return _visit_page(desk, person_id, blank({}))


async def visit(desk: Desk) -> web.StreamResponse:
    """A contact is kept: what was due is done, the next is planned."""
    person_id = await _living(desk)
    f = filled(Contact, desk.form)
    gifts = [Gift(each) for each in desk.lists.get("gift", []) if each in set(Gift)]
    faults = _faults(f.value, desk) if f.value else {}
    if f.value is None or faults:
        return _visit_page(desk, person_id, wrong(f.typed, **faults) if faults else f, 422)
    done = await desk.write(_log, person_id, f.value, tuple(gifts), desk)
    said = f"记下了。{done.next_on.isoformat()} 再联系他。" if done.next_on else "记下了。"
    undo = f"/people/{person_id}/visits/{done.visit}/undo"
    return desk.go(f"/people/{person_id}", said, undo)


def _visit_page(desk: Desk, person_id: str, f: Filled[Any], status: int = 200) -> web.Response:
    return desk.render(
        "dossier/visit.html",
        status,
        f=f,
        person_id=person_id,
        kinds=[(kind.value, word) for kind, word in KINDS.items()],
        lights=[(light.value, word) for light, (word, _) in LIGHTS.items()],
        standings=[(one.value, word) for one, word in STANDINGS.items()],
        gifts=[gift.value for gift in Gift],
        chosen=desk.lists.get("gift", []),
    )


def _faults(told: Contact, desk: Desk) -> dict[str, str]:
    faults = {}
    if told.next_on is not None and told.next_on < today_of(desk.now):
        faults["next_on"] = "下次联系的日子已经过了"
    if identity.holds_secret(told.note):
        faults["note"] = "不要写身份证号、银行卡号"
    return faults


def _log(
    session: Session, person_id: str, told: Contact, gifts: tuple[Gift, ...], desk: Desk
) -> calling.Done:
    mine = assignments.of_people(session, [person_id]).get(person_id, ())
    own = next((one for one in mine if one.helper == desk.staff.name), None)
    by = own or Assigned(person_id, Help.COMMISSIONER, desk.staff.name, 0, desk.now)
    seen = Told(told.kind, told.light, told.standing, gifts, told.minutes, told.note)
    return calling.tell(session, desk.means.vault, by, seen, next_on=told.next_on, now=desk.now)


async def undo_visit(desk: Desk) -> web.StreamResponse:
    """A contact of one's own was told of by mistake."""
    person_id = await desk.person(desk.path("id"))
    if not await desk.write(_take_back, person_id, desk.number("number"), desk):
        raise NotHere
    return desk.go(f"/people/{person_id}", "撤回了这一条联系，原来要联系的又排上了。")


def _take_back(session: Session, person_id: str, number: int, desk: Desk) -> bool:
    mine = (_VISITS.c.id == number) & (_VISITS.c.person_id == person_id)
    own = select(_VISITS.c.id).where(mine, _VISITS.c.helper == desk.staff.name)
    if session.execute(own).first() is None:
        return False
    visits.take_back(session, number)
    audit.write(session, "visit.taken_back", at=desk.now, actor=desk.actor, subject=person_id)
    return True


async def give_helper(desk: Desk) -> web.StreamResponse:
    """A commissioner or a mentor from now on; both are told."""
    person_id = await _living(desk)
    f = filled(Choice, desk.form)
    if f.value is None:
        raise Refused("请选一位专员或导师。")
    help, helper = Help(f.value.help), f.value.helper
    had = await desk.write(_give, person_id, help, helper, desk)
    desk.means.wake_sender()
    undo = urlencode({"help": help.value, "given": helper, "had": had})
    said = f"配好了，{helper} 会收到通知。" + (f"原来是 {had}。" if had else "")
    return desk.go(f"/people/{person_id}", said, f"/people/{person_id}/helper/undo?{undo}")


def _give(session: Session, person_id: str, help: Help, helper: str, desk: Desk) -> str:
    """Give them this helper; whom they had before, "" for nobody."""
    person = helping.by_id(session, [person_id])[person_id]
    known = assignments.of_people(session, [person_id]).get(person_id, ())
    able = [staff.name for staff, _ in assigning.with_room(session, person.spot, help)]
    if helper not in able:
        raise Refused("这位已经没有空位，或者不负责这个地方，请另选一位。")
    vault, actor = desk.means.vault, desk.actor
    assigning.give(session, vault, person, helper, help, actor=actor, now=desk.now)
    return assigning.spoken(known, help)


async def take_helper_back(desk: Desk) -> web.StreamResponse:
    """Whoever was given by mistake: whom they had before looks after them again."""
    person_id = await _living(desk)
    f = filled(Given, dict(desk.query))
    if f.value is None:
        raise NotHere
    await desk.write(_give_back, person_id, f.value, desk)
    desk.means.wake_sender()
    said = f"还是 {f.value.had} 跟着他。" if f.value.had else "撤回了，现在没有人跟着他。"
    return desk.go(f"/people/{person_id}", said)


def _give_back(session: Session, person_id: str, given: Given, desk: Desk) -> None:
    help = Help(given.help)
    known = assignments.of_people(session, [person_id]).get(person_id, ())
    if assigning.spoken(known, help) != given.given:
        raise Refused("撤不回来：后来又换过人了，请看看现在是谁。")
    if given.had:
        _give(session, person_id, help, given.had, desk)
    else:
        assigning.take_back(session, desk.means.vault, known, help, desk.actor, desk.now)


async def tag(desk: Desk) -> web.StreamResponse:
    """A tag is put on them."""
    person_id = await desk.person(desk.path("id"))
    f = filled(Tag, desk.form)
    try:
        word = tagging.checked(f.value.tag if f.value else "")
    except TagRefused as refusal:
        return await dossier.page(desk, person_id, f=wrong(f.typed, tag=str(refusal)), status=422)
    await desk.write(_put, person_id, word, desk)
    return desk.go(f"/people/{person_id}", f"加了标签“{word}”。")


def _put(session: Session, person_id: str, word: str, desk: Desk) -> None:
    tagging.put(session, [person_id], word, by=desk.staff.name, now=desk.now)


async def untag(desk: Desk) -> web.StreamResponse:
    """A tag is taken away."""
    person_id = await desk.person(desk.path("id"))
    word = desk.form.get("tag", "")[:40]
    had = await desk.write(_take, person_id, word, desk)
    return desk.go(
        f"/people/{person_id}", f"去掉了标签“{word}”。" if had else "这个标签已经没有了。"
    )


def _take(session: Session, person_id: str, word: str, desk: Desk) -> int:
    return tagging.take(session, [person_id], word, by=desk.staff.name, now=desk.now)


async def deceased(desk: Desk) -> web.StreamResponse:
    """Somebody has died: nothing is sent any more (domain P-25)."""
    person_id = await _living(desk)
    await desk.write(_died, person_id, desk)
    path = f"/people/{person_id}"
    return desk.go(path, "标为已故，不再给他发任何消息。", f"{path}/alive")


def _died(session: Session, person_id: str, desk: Desk) -> None:
    sweeping.mark_died(session, desk.means.vault, person_id, staff=desk.staff.name, at=desk.now)


async def alive(desk: Desk) -> web.StreamResponse:
    """It was a mistake."""
    person_id = await desk.person(desk.path("id"))
    await desk.write(_lives, person_id, desk)
    return desk.go(f"/people/{person_id}", "取消了已故。停掉的消息和联系要重新安排。")


def _lives(session: Session, person_id: str, desk: Desk) -> None:
    if _status(session, person_id) is not Status.DECEASED:
        raise Refused("他现在不是已故，刷新页面看看。")
    people.mark_alive(session, person_id, at=desk.now)
    audit.write(session, "person.alive", at=desk.now, actor=desk.actor, subject=person_id)


async def _living(desk: Desk) -> str:
    """Somebody in reach with whom something may be done."""
    person_id = await desk.person(desk.path("id"))
    if await desk.read(_status, person_id) not in _LIVING:
        raise Refused("这个人已经退出登记或者已故，不能再改。")
    return person_id


def _status(session: Session, person_id: str) -> Status:
    query = select(_PEOPLE.c.status).where(_PEOPLE.c.id == person_id)
    return Status(session.execute(query).scalar_one())


PAGES = (
    Page("GET", "/people/{id}/visit", visit_form, Right.ENTER),
    Page("POST", "/people/{id}/visit", visit, Right.ENTER),
    Page("POST", "/people/{id}/visits/{number}/undo", undo_visit, Right.ENTER),
    Page("POST", "/people/{id}/helper", give_helper, Right.ASSIGN),
    Page("POST", "/people/{id}/helper/undo", take_helper_back, Right.ASSIGN),
    Page("POST", "/people/{id}/tag", tag, Right.ENTER),
    Page("POST", "/people/{id}/untag", untag, Right.ENTER),
    Page("POST", "/people/{id}/deceased", deceased, Right.ENTER),
    Page("POST", "/people/{id}/alive", alive, Right.ENTER),
)
