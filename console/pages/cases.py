"""Typical cases: leads, texts reviewed by a second, leave of the person, taken back at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from aiohttp import web
from pydantic import Field
from sqlalchemy import select

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.look import masked_name
from console.page import Page
from handlers.cases.seen import Sheet, sheet
from outreach.cases import asking, cards, moving, publishing, quota, success
from outreach.cases.moving import CaseRefused
from outreach.cases.publishing import Leave, Story
from outreach.cases.quota import Count
from outreach.courses.booking import today_of
from records import audit, cases, consents, people, rights
from records.cases import Case, CaseRow, NewCase, Step, Text, Tier
from records.database import Session
from records.people import Person, Status
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

T = TypeVar("T")
STEPS = {
    Step.MOVED: "换档",
    Step.PROPOSED: "报典型",
    Step.WRITTEN: "写文字",
    Step.REVIEWED: "审过文字",
    Step.HELD_BACK: "撤下文字",
    Step.ASKED: "问本人",
    Step.ANSWERED: "本人答复",
    Step.NOMINATED: "报表彰",
}
_DECIDED = frozenset({"agree", "review"})
_MOST = 50
_CASES, _PEOPLE = CaseRow.__table__, Person.__table__  # type: ignore[attr-defined]


class _Words(Form):
    title: Annotated[str, Field(max_length=30)]
    story: Annotated[str, Field(max_length=800)]


class _Lead(Form):
    phone: Annotated[str, Field(max_length=20)]
    title: Annotated[str, Field(max_length=30)] = ""
    year: Annotated[int, Field(ge=1980, le=2100)] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list."""

    case: Case
    leave: Leave


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, with what the county owes."""

    rows: tuple[Row, ...]
    count: Count | None
    next: int


async def listed(desk: Desk) -> web.StreamResponse:
    """The cases of people in reach, the newest first."""
    return await _list(desk, blank())


async def _list(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    before = _number(desk.query.get("before", ""))
    found = await desk.read(_listed, desk.means.vault, desk.staff, before, desk.now)
    named = await desk.named(*(row.case.area for row in found.rows))
    return desk.render(
        "cases/list.html",
        status,
        f=f,
        found=found,
        named=named,
        older=f"/console/cases?before={found.next}" if found.next else "",
    )


def _listed(
    session: Session, vault: Vault, staff: Staff, before: int | None, now: datetime
) -> Listed:
    query = (
        select(_CASES.c.id)
        .join(Person, _PEOPLE.c.id == _CASES.c.person_id)
        .where(rights.reach(session, staff, now))
        .order_by(_CASES.c.id.desc())
        .limit(_MOST)
    )
    if before is not None:
        query = query.where(_CASES.c.id < before)
    numbers = list(session.execute(query).scalars())
    found = [case for n in numbers if (case := cases.find(session, vault, n)) is not None]
    said = consents.in_force(session, [case.person_id for case in found])
    rows = tuple(Row(case, publishing.leave_of(said.get(case.person_id, ()))) for case in found)
    owed = quota.is_county(staff.area)
    year = today_of(now).year
    count = quota.of_year(session, [staff.area], year)[0] if owed else None
    return Listed(rows, count, numbers[-1] if len(numbers) == _MOST else 0)


async def add(desk: Desk) -> web.StreamResponse:
    """A lead, by the phone that somebody is registered with."""
    f = filled(_Lead, desk.form)
    if f.value is None:
        return await _list(desk, f, 422)
    told = f.value
    found = await desk.read(_with_phone, desk.means.vault, desk.staff, told.phone, desk.now)
    if len(found) != 1:
        fault = "这个号码有几个人在用" if found else "您负责的范围里没有人用这个号码登记"
        return await _list(desk, wrong(f.typed, phone=fault), 422)
    try:
        number = await desk.write(_add, desk, found[0], told)
    except CaseRefused:
        return await _list(desk, wrong(f.typed, phone="他已经在案例库里了"), 422)
    return desk.go(f"/cases/{number}", "记成线索了。")


def _with_phone(
    session: Session, vault: Vault, staff: Staff, phone: str, now: datetime
) -> list[str]:
    found = people.with_phone(session, vault, [phone]).get(phone, ())
    known = [one.id for one in found if one.status is Status.CONFIRMED]
    return [one for one in known if rights.reaches(session, staff, one, now)]


def _add(session: Session, desk: Desk, person: str, told: _Lead) -> int:
    vault = desk.means.vault
    if cases.of_people(session, vault, [person]):
        raise CaseRefused(person)
    profile = people.by_ids(session, vault, [person])[person]
    trade = success.trades(session, [person]).get(person, "")
    new = NewCase(person, profile.area, trade, told.year, told.title)
    return moving.add(session, vault, new, by=desk.staff.name, now=desk.now)


async def one(desk: Desk) -> web.StreamResponse:
    """One case."""
    return await _one(desk, blank())


async def _one(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    seen = await _seen(desk)
    case, by = seen.case, desk.staff.name
    await desk.note("case.read", case.person_id)
    named = await desk.named(case.area)
    return desk.render(
        "cases/case.html",
        status,
        f=f,
        seen=seen,
        case=case,
        name=masked_name(seen.name),
        named=named,
        steps=STEPS,
        tiers=[tier for tier in Tier if moving.bar_to_move(case, tier) is None],
        bar_to_agree=moving.bar_to_agree(case, by),
        bar_to_review=moving.bar_to_review(case, by),
    )


async def _seen(desk: Desk) -> Sheet:
    seen = await desk.read(_look, desk.means.vault, desk.staff, desk.number("number"), desk.now)
    if seen is None:
        raise NotHere
    return seen


def _look(
    session: Session, vault: Vault, staff: Staff, number: int, now: datetime
) -> Sheet | None:
    case = cases.find(session, vault, number)
    if case is None or not rights.reaches(session, staff, case.person_id, now):
        return None
    return sheet(session, vault, case, now)


async def move(desk: Desk) -> web.StreamResponse:
    """To another tier."""
    number = (await _seen(desk)).case.number
    try:
        tier = Tier(desk.form.get("tier", ""))
    except ValueError as fault:
        raise Refused("请选一档。") from fault
    why = desk.form.get("why", "").strip()[:200]
    await _do(desk, _move, number, tier, why)
    is_typical = tier is Tier.TYPICAL
    said = "报上去了，等另一位同事同意。" if is_typical else f"到“{tier.value}”了。"
    return desk.go(f"/cases/{number}", said)


async def write(desk: Desk) -> web.StreamResponse:
    """Another text, to be reviewed by somebody else."""
    number = (await _seen(desk)).case.number
    f = filled(_Words, desk.form)
    if f.value is None:
        return await _one(desk, f, 422)
    await _do(desk, _write, number, f.value)
    return desk.go(f"/cases/{number}", "写好了，要另一位同事审过才能用。")


async def step(desk: Desk) -> web.StreamResponse:
    """Agreed, reviewed, asked, held back, taken back, put forward."""
    seen, what = await _seen(desk), desk.path("step")
    if what not in _STEPS:
        raise NotHere
    if what in _DECIDED and not await desk.read(
        moving.may_decide, desk.staff, seen.case.person_id
    ):
        raise Refused("这一步要由镇里或县里的同事来做。")
    work, said = _STEPS[what]
    await _do(desk, work, seen.case, desk.form.get("why", "").strip()[:200])
    return desk.go(f"/cases/{seen.case.number}", said)


async def stories(desk: Desk) -> web.StreamResponse:
    """Cases that may be told now: what publicity works with."""
    found: list[Story] = await desk.read(_stories, desk.means.vault, desk.staff)
    named = await desk.named(*(story.case.area for story in found))
    return desk.render("cases/stories.html", found=found, named=named)


def _stories(session: Session, vault: Vault, staff: Staff) -> list[Story]:
    return publishing.within(session, vault, staff.area)


async def card(desk: Desk) -> web.StreamResponse:
    """The text for groups; who took it is told when it must come back."""
    number = desk.number("number")
    text = await desk.write(_card, desk, number)
    if not text:
        raise NotHere
    return desk.render("cases/card.html", text=text, number=number)


def _card(session: Session, desk: Desk, number: int) -> str:
    near = publishing.within(session, desk.means.vault, desk.staff.area)
    story = next((one for one in near if one.case.number == number), None)
    if story is None:
        return ""
    cards.take(session, story, keeper=desk.staff.name, now=desk.now)
    return cards.for_groups(story, "")


async def _do(desk: Desk, work: Callable[..., T], *args: object) -> T:
    try:
        return await desk.write(work, desk, *args)
    except CaseRefused as refusal:
        raise Refused(f"这一步现在不能做：{_why(refusal)}") from refusal


def _why(refusal: CaseRefused) -> str:
    told = str(refusal).partition(": ")[2]
    return told.replace("the text gives away", "文字里露了").strip() or "这个案例已经变了"


def _move(session: Session, desk: Desk, number: int, tier: Tier, why: str) -> None:
    vault, by, now = desk.means.vault, desk.staff.name, desk.now
    moving.move(session, vault, number, tier, why=why, by=by, now=now)


def _write(session: Session, desk: Desk, number: int, told: _Words) -> None:
    text = Text(told.title, told.story)
    known = cases.find(session, desk.means.vault, number)
    if known is not None:
        text = Text(told.title, told.story, known.text.figures)
    vault, by, now = desk.means.vault, desk.staff.name, desk.now
    moving.write(session, vault, number, text, by=by, now=now)


def _agree(session: Session, desk: Desk, case: Case, _why: str) -> None:
    moving.agree(session, desk.means.vault, case.number, by=desk.staff.name, now=desk.now)


def _review(session: Session, desk: Desk, case: Case, _why: str) -> None:
    moving.review(session, desk.means.vault, case.number, by=desk.staff.name, now=desk.now)


def _hold(session: Session, desk: Desk, case: Case, why: str) -> None:
    vault, by, now = desk.means.vault, desk.staff.name, desk.now
    moving.hold_back(session, vault, case.number, why=why or "工作人员撤下", by=by, now=now)


def _nominate(session: Session, desk: Desk, case: Case, why: str) -> None:
    vault, by, now = desk.means.vault, desk.staff.name, desk.now
    moving.nominate(session, vault, case.number, why=why, by=by, now=now)


def _ask(session: Session, desk: Desk, case: Case, _why: str) -> None:
    vault, now = desk.means.vault, desk.now
    if hindrance := asking.hindrance(session, vault, case, now):
        raise CaseRefused(f"case {case.number}: {hindrance}")
    asking.ask(session, vault, case, by=desk.staff.name, now=now)


def _take_back(session: Session, desk: Desk, case: Case, _why: str) -> None:
    """They said at the counter or by phone that they do not want it told any more."""
    vault, now, person = desk.means.vault, desk.now, case.person_id
    asking.answered(session, vault, person, Leave.NO, channel="counter", now=now)
    actor = audit.actor_of(desk.staff.name)
    audit.write(session, "case.taken_back", at=now, actor=actor, subject=person)


_STEPS: dict[str, tuple[Callable[[Session, Desk, Case, str], None], str]] = {
    "agree": (_agree, "同意了，是典型了。"),
    "review": (_review, "审过了。"),
    "hold": (_hold, "撤下了，拿着卡片的同事会收到通知。"),
    "nominate": (_nominate, "报表彰了。"),
    "ask": (_ask, "会在白天问他愿不愿意讲。"),
    "take-back": (_take_back, "记下了：本人不让讲了。文字立即停用，拿着卡片的同事会收到通知。"),
}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


PAGES = (
    Page("GET", "/cases", listed, Right.CASES, menu="cases"),
    Page("POST", "/cases", add, Right.CASES),
    Page("GET", "/stories", stories, Right.PUBLISH, menu="stories"),
    Page("POST", "/stories/{number}/card", card, Right.PUBLISH),
    Page("GET", "/cases/{number}", one, Right.CASES),
    Page("POST", "/cases/{number}/move", move, Right.CASES),
    Page("POST", "/cases/{number}/write", write, Right.CASES),
    Page("POST", "/cases/{number}/step/{step}", step, Right.CASES),
)
