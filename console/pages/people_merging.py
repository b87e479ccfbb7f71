"""Two records of one person become one: what differs is shown, and a human says what holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import or_, select

from console.desk import Desk, NotHere, Refused
from console.dossier import reading
from console.look import masked_name, masked_phone
from console.page import Page
from handlers import by_staff
from handlers.by_staff import Hand
from handlers.forms import course
from records import audit, people, rights
from records.database import Session
from records.people import Profile, Status
from records.prints import NICKNAME, PHONE
from records.rights import Right

_MOST = 10
_LIVING = (Status.CONFIRMED, Status.PENDING)
_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two records differ, as each has it."""

    name: str
    label: str
    kept: str
    gone: str


async def choose(desk: Desk) -> web.StreamResponse:
    """Who may be the same, or the two beside each other."""
    kept = await _one(desk, desk.path("id"))
    other = desk.query.get("with", "").strip()[:24]
    if not other:
        found = await desk.read(_alike, desk, kept)
        await _note(desk, [kept.id, *(one.id for one in found)])
        return desk.render("dossier/alike.html", one=kept, found=found)
    gone = await _one(desk, other)
    if gone.id == kept.id:
        raise NotHere
    await _note(desk, [kept.id, gone.id])
    seen = await desk.read(_seen, kept.id, gone.id)
    differences = [d for d in _differences(kept, gone) if d.kept and d.gone]
    added = [d for d in _differences(kept, gone) if d.gone and not d.kept]
    return desk.render(
        "dossier/merge.html",
        one=kept,
        other=gone,
        differences=differences,
        added=added,
        seen=seen,
    )


async def merge(desk: Desk) -> web.StreamResponse:
    """They are one from now on; what was shown must still hold."""
    kept = await _one(desk, desk.path("id"))
    gone = await _one(desk, desk.form.get("with", "")[:24])
    taken = [d.name for d in _differences(kept, gone) if desk.form.get(d.name) == "gone"]
    if gone.id == kept.id:
        raise NotHere
    if not await desk.write(_merge, desk, kept.id, gone.id, taken):
        raise Refused("这两份登记刚才有改动，请重新看一遍再合并。")
    return desk.go(f"/people/{kept.id}", "合并成一份了。")


def _merge(session: Session, desk: Desk, kept: str, gone: str, taken: list[str]) -> bool:
    if _seen(session, kept, gone) != desk.form.get("seen"):
        return False
    known = people.by_ids(session, desk.means.vault, [kept, gone])
    hand = Hand(desk.means.vault, desk.staff.name, desk.now)
    by_staff.merge(session, known[kept], known[gone], taken, hand)
    return True


def _seen(session: Session, kept: str, gone: str) -> str:
    """What both were when they were looked at."""
    told = people.told_at(session, [kept, gone])
    return "/".join(told[one].isoformat() for one in (kept, gone) if one in told)


def _alike(session: Session, desk: Desk, kept: Profile) -> list[Profile]:
    """Others in reach with the phone, or the name in the village."""
    mine = select(_PEOPLE.c.phone_print, _PEOPLE.c.home_print).where(_PEOPLE.c.id == kept.id)
    phone, home = session.execute(mine).one()
    named = (("phone_print", phone), ("home_print", home))
    alike = [_PEOPLE.c[name] == key for name, key in named if key]
    if not alike:
        return []
    living = _PEOPLE.c.status.in_([status.value for status in _LIVING])
    query = select(_PEOPLE.c.id).where(
        or_(*alike), living, _PEOPLE.c.id != kept.id, rights.reach(session, desk.staff, desk.now)
    )
    ids = list(session.execute(query.order_by(_PEOPLE.c.id).limit(_MOST)).scalars())
    return list(people.by_ids(session, desk.means.vault, ids).values())


def _differences(kept: Profile, gone: Profile) -> list[Difference]:
    form = by_staff.form()
    mine, theirs = (course.live(form, one.answers) for one in (kept, gone))
    found = []
    for question in by_staff.questions():
        pair = reading.shown(question, mine), reading.shown(question, theirs)
        if pair[0] != pair[1]:
            found.append(Difference(question.id, question.label, *map(_masked(question.id), pair)))
    return found


def _masked(name: str) -> Callable[[str], str]:
    return {PHONE: masked_phone, NICKNAME: masked_name}.get(name, str)


async def _one(desk: Desk, person_id: str) -> Profile:
    desk.need(Right.ENTER)
    await desk.person(person_id)
    found = await desk.read(people.by_ids, desk.means.vault, [person_id])
    if person_id not in found:
        raise NotHere
    if found[person_id].status not in _LIVING:
        raise Refused("这个人已经退出登记或者已故，不能合并。")
    return found[person_id]


async def _note(desk: Desk, ids: list[str]) -> None:
    await desk.write(_noted, ids, desk)


def _noted(session: Session, ids: list[str], desk: Desk) -> None:
    audit.write_all(session, "person.seen", ids, at=desk.now, actor=desk.actor[:60])


PAGES = (
    Page("GET", "/people/{id}/merge", choose, Right.ENTITIES),
    Page("POST", "/people/{id}/merge", merge, Right.ENTITIES),
)
