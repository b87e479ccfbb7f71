"""Answers corrected by a form, with the checks of the talk; a correction can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from console.desk import Desk, NotHere, Refused
from console.dossier import reading
from console.forms import Filled, blank, wrong
from console.page import Page
from handlers import by_staff
from handlers.by_staff import Hand, Unreadable
from handlers.forms.course import WORDS
from handlers.forms.form import LISTED, Kind, Question
from knowledge.areas import Gazetteer
from records import people
from records.database import Session
from records.people import Profile, Status
from records.prints import NICKNAME, PHONE
from records.rights import Right

_HIDDEN = frozenset({NICKNAME, PHONE})  # masked: left empty, they stay as they are


async def form(desk: Desk) -> web.StreamResponse:
    """What is held, to be changed."""
    profile = await _profile(desk)
    await desk.note("dossier.read", profile.id)
    return _page(desk, profile, blank({}))


async def correct(desk: Desk) -> web.StreamResponse:
    """Store what differs."""
    profile = await _profile(desk)
    gazetteer = await desk.gazetteer()
    try:
        number = await desk.write(_correct, profile.id, gazetteer, desk)
    except Unreadable as fault:
        return _page(desk, profile, wrong(dict(desk.form), **fault.faults), 422)
    path = f"/people/{profile.id}"
    if not number:
        return desk.go(path, "没有改动。")
    return desk.go(path, "改好了，原来的内容还留着。", f"{path}/corrections/{number}/undo")


async def undo(desk: Desk) -> web.StreamResponse:
    """The values before a correction hold again."""
    profile = await _profile(desk)
    if not await desk.write(_undo, profile.id, desk.number("number"), desk):
        raise Refused("这次修改以后又改过，不能直接撤回，请在“改资料”里改。")
    return desk.go(f"/people/{profile.id}", "撤回了，恢复成原来的内容。")


def _correct(session: Session, person_id: str, gazetteer: Gazetteer, desk: Desk) -> int:
    """Against what is held at this moment, not what the page has shown."""
    vault = desk.means.vault
    profile = people.by_ids(session, vault, [person_id])[person_id]
    typed = {
        name: values
        for name, values in _typed(desk).items()
        if not (name in _HIDDEN and not "".join(values).strip())
        and values != _as_typed(by_staff.form().question(name), profile.answers)
    }
    given = by_staff.read(typed, gazetteer, profile.answers)
    for name in desk.lists.get("drop", []):
        if name in _HIDDEN:
            given[name] = None
    return by_staff.correct(session, profile, given, _hand(desk))


def _undo(session: Session, person_id: str, number: int, desk: Desk) -> bool:
    profile = people.by_ids(session, desk.means.vault, [person_id])[person_id]
    return by_staff.undo(session, profile, number, _hand(desk))


def _hand(desk: Desk) -> Hand:
    return Hand(desk.means.vault, desk.staff.name, desk.now)


def _typed(desk: Desk) -> dict[str, list[str]]:
    """The fields that this reader was shown; a list without a tick is an empty one."""
    sent = set(desk.lists.get("asked", []))
    return {
        question.id: desk.lists.get(question.id, [])
        for question in _questions(desk)
        if question.id in sent
    }


def _questions(desk: Desk) -> list[Question]:
    return [one for one in by_staff.questions() if reading.may_read(one, desk.post)]


def _as_typed(question: Question | None, answers: Mapping[str, Any]) -> list[str]:
    """What a field shows of an answer."""
    value = answers.get(question.id) if question else None
    if question is None or value is None:
        return [] if question and question.kind is Kind.CHOICES else [""]
    if isinstance(value, list):
        return [str(each) for each in value]
    if question.kind in (Kind.PLACE, Kind.MONTHS):
        return [reading.shown(question, answers)]
    return [str(value)]


def _page(desk: Desk, profile: Profile, f: Filled[Any], status: int = 200) -> web.Response:
    asked = _questions(desk)
    now = {one.id: _as_typed(one, profile.answers) for one in asked}
    if f.faults is not None:
        now |= {one.id: desk.lists.get(one.id, []) for one in asked}
    return desk.render(
        "dossier/correct.html",
        status,
        f=f,
        person_id=profile.id,
        questions=asked,
        now=now,
        words={one.id: str(profile.answers.get(one.id + WORDS) or "") for one in asked},
        listed=LISTED,
        many=Kind.CHOICES,
        hidden=_HIDDEN,
        held={name: bool(profile.answers.get(name)) for name in _HIDDEN},
    )


async def _profile(desk: Desk) -> Profile:
    person_id = await desk.person(desk.path("id"))
    found = await desk.read(people.by_ids, desk.means.vault, [person_id])
    if person_id not in found:
        raise NotHere
    if found[person_id].status not in (Status.CONFIRMED, Status.PENDING):
        raise Refused("这个人已经退出登记或者已故，不能再改。")
    return found[person_id]


PAGES = (
    Page("GET", "/people/{id}/correct", form, Right.ENTER),
    Page("POST", "/people/{id}/correct", correct, Right.ENTER),
    Page("POST", "/people/{id}/corrections/{number}/undo", undo, Right.ENTER),
)
