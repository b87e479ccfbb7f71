"""One case to one partner: staff ask, the person answers in chat, the partner sees just that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.dossier import reading
from console.forms import Filled, Form, blank, filled, wrong
from console.look import masked_name
from console.page import Page, Waiting
from console.pages.inbox_talk import AUTHORS, hidden
from handlers import by_staff
from handlers.forms import course
from outreach import sharing as word
from outreach.sharing import DAYS, FIELDS, PURPOSES, TICKET, SharingRefused
from records import audit, people, privacy_wordings, scope, sharing, tickets
from records.database import Session
from records.rights import Right
from records.sharing import Sharing, SharingState, Wanted
from records.staff_accounts import Staff
from records.tickets import Line, TicketState
from records.vault import Vault

STATES = {
    SharingState.ASKED: ("等他回话", "info"),
    SharingState.GIVEN: ("能看", "good"),
    SharingState.REFUSED: ("他不同意", "plain"),
    SharingState.SILENT: ("他没回", "plain"),
    SharingState.OVER: ("停了", "plain"),
}
_LONGEST = 60  # of an answer, so that it is one short message


class _Proposal(Form):
    partner: str = Field(max_length=40)
    purpose: Literal["loan", "site", "trade", "skills"]
    days: Annotated[int, Field(ge=min(DAYS), le=max(DAYS))]
    ticket: str = Field(default="", max_length=12)


class _Answer(Form):
    text: str = Field(max_length=_LONGEST)


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked of one person, with the words, and what may be asked."""

    name: str
    found: tuple[Sharing, ...]
    words: dict[str, str]
    partners: tuple[str, ...]
    requests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a partner sees: just what was agreed to."""

    one: Sharing
    name: str
    answers: tuple[tuple[str, str], ...]
    subject: str
    lines: tuple[Line, ...]


async def asking(desk: Desk) -> web.StreamResponse:
    """The form, and what was asked before."""
    return await _asking(desk, blank({"ticket": desk.query.get("ticket", "")[:12]}))


async def _asking(desk: Desk, f: Filled[Any], status: int = 200) -> web.Response:
    person = await desk.person(desk.path("id"))
    found = await desk.read(_asked, desk.means.vault, desk.staff, person, desk.now)
    await desk.note("person.seen", person)
    return desk.render(
        "sharing/asking.html",
        status,
        f=f,
        found=found,
        person=person,
        states=STATES,
        partners=[(name, name) for name in found.partners],
        requests=[(number, number) for number in found.requests],
        fields=list(FIELDS.items()),
        chosen=desk.lists.get("field", []),
        purposes=list(PURPOSES.items()),
        purpose_of=PURPOSES,
        spoken=word.spoken,
        days=[(str(days), f"{days} 天") for days in DAYS],
    )


def _asked(session: Session, vault: Vault, staff: Staff, person: str, now: datetime) -> Asking:
    profile = people.by_ids(session, vault, [person])[person]
    found = tuple(sharing.of_people(session, [person], now))
    kept = privacy_wordings.of(session, {one.version for one in found})
    mine = tickets.own(session, [], [person])
    seen = scope.of_tickets(session, staff.area, [(one.person_id, one.area) for one in mine])
    near = [one for one, is_near in zip(mine, seen, strict=True) if is_near]
    return Asking(
        masked_name(profile.nickname) or "没留称呼",
        found,
        {version: one.words for version, one in kept.items()},
        tuple(one.name for one in word.partners(session, person)),
        tuple(one.number for one in near if one.state != TicketState.CLOSED),
    )


async def ask(desk: Desk) -> web.StreamResponse:
    """The person is asked."""
    person = await desk.person(desk.path("id"))
    f = filled(_Proposal, desk.form)
    if f.value is None:
        return await _asking(desk, f, 422)
    told, fields = f.value, tuple(name for name in FIELDS if name in desk.lists.get("field", []))
    known = await desk.read(_asked, desk.means.vault, desk.staff, person, desk.now)
    if not fields:
        return await _asking(desk, wrong(f.typed, field="请至少勾一样"), 422)
    if TICKET in fields and told.ticket not in known.requests:
        return await _asking(desk, wrong(f.typed, ticket="勾了“这件诉求”，请选是哪一件"), 422)
    ticket = told.ticket if TICKET in fields else ""
    wanted = Wanted(person, told.partner, fields, told.purpose, told.days, ticket)
    try:
        await desk.write(_propose, desk, wanted)
    except SharingRefused as refusal:
        return await _asking(desk, wrong(f.typed, partner=str(refusal)), 422)
    return desk.go(f"/people/{person}/sharing", "会在白天问他本人。他同意以前，谁也看不到。")


def _propose(session: Session, desk: Desk, wanted: Wanted) -> int:
    return word.propose(session, desk.means.vault, wanted, by=desk.staff.name, now=desk.now)


async def end(desk: Desk) -> web.StreamResponse:
    """They said at the counter or by phone that it is to stop, or it is not needed any more."""
    person = await desk.person(desk.path("id"))
    number = desk.number("number")
    if not await desk.write(_end, desk, person, number):
        raise Refused("这一次已经停了，刷新页面看看。")
    return desk.go(f"/people/{person}/sharing", "停了，对方马上看不到。")


def _end(session: Session, desk: Desk, person: str, number: int) -> bool:
    one = sharing.find(session, number, desk.now)
    if one is None or one.wanted.person_id != person:
        raise NotHere
    if one.state not in (SharingState.ASKED, SharingState.GIVEN):
        return False
    word.taken_back(session, desk.means.vault, [one], actor=desk.actor, now=desk.now)
    return True


async def shared(desk: Desk) -> web.StreamResponse:
    """What people let this partner see at this moment."""
    found = await desk.read(sharing.of_partner, desk.staff.name, desk.now)
    return desk.render("sharing/shared.html", found=found, spoken=word.spoken, purpose_of=PURPOSES)


async def one(desk: Desk) -> web.StreamResponse:
    """One of them; that it was read is in the trail."""
    return await _one(desk, blank())


async def _one(desk: Desk, f: Filled[Any], status: int = 200) -> web.Response:
    shown = await _shown(desk)
    await desk.note("share.read", shown.one.wanted.person_id)
    return desk.render(
        "sharing/one.html",
        status,
        f=f,
        shown=shown,
        one=shown.one,
        purpose_of=PURPOSES,
        authors=AUTHORS,
        most=_LONGEST,
    )


async def _shown(desk: Desk) -> Shown:
    number = desk.number("number")
    found = await desk.read(_look, desk.means.vault, desk.staff, number, desk.now)
    if found is None:
        await desk.note("share.denied", f"share:{number}")
        raise NotHere
    return found


def _look(
    session: Session, vault: Vault, staff: Staff, number: int, now: datetime
) -> Shown | None:
    """Only while the person's own word holds; None for everything else."""
    one = sharing.find(session, number, now)
    if one is None or one.wanted.partner != staff.name or one.state is not SharingState.GIVEN:
        return None
    wanted = one.wanted
    answers = people.by_ids(session, vault, [wanted.person_id])[wanted.person_id].answers
    name = _answers(answers, "name") if "name" in wanted.fields else []
    told = [pair for field in wanted.fields for pair in _answers(answers, field)]
    row = tickets.find(session, wanted.ticket) if wanted.ticket else None
    is_theirs = row is not None and row.person_id == wanted.person_id
    return Shown(
        one,
        name[0][1] if name else "",
        tuple(told),
        hidden(str(vault.open(row.subject))) if row is not None and is_theirs else "",
        tuple(_lines(session, vault, wanted.ticket)) if is_theirs else (),
    )


def _answers(answers: Any, field: str) -> Sequence[tuple[str, str]]:
    form = by_staff.form()
    live = course.live(form, answers)
    asked = [form.question(name) for name in word.ANSWERS.get(field, ())]
    told = [(one.label, reading.shown(one, live)) for one in asked if one is not None]
    return [(label, value) for label, value in told if value]


def _lines(session: Session, vault: Vault, number: str) -> list[Line]:
    return [
        Line(one.author, hidden(one.text), one.at)
        for one in tickets.lines_of(session, vault, number)
    ]


async def reply(desk: Desk) -> web.StreamResponse:
    """The partner's answer, to the person and to staff."""
    shown = await _shown(desk)
    f = filled(_Answer, desk.form)
    if f.value is None:
        return await _one(desk, f, 422)
    await desk.write(_reply, desk, shown.one, f.value.text)
    desk.means.wake_sender()
    said = "会在白天发给他，工作人员也看得到。"
    return desk.go(f"/shared/{shown.one.number}", said)


def _reply(session: Session, desk: Desk, one: Sharing, text: str) -> None:
    word.replied(session, desk.means.vault, one, text, desk.now)


def _new(session: Session, staff: Staff, now: datetime) -> int:
    """What they have not looked at yet."""
    found = sharing.of_partner(session, staff.name, now)
    return sum(not _was_read(session, staff, one) for one in found)


def _was_read(session: Session, staff: Staff, one: Sharing) -> bool:
    rows = audit.of(session, one.wanted.person_id)
    is_since = one.answered_at or one.asked_at
    actor = audit.actor_of(staff.name)
    return any(r.act == "share.read" and r.actor == actor and r.at >= is_since for r in rows)


WAITING = (Waiting("给我看的，还没看过", "/shared", Right.SHARED, _new),)
PAGES = (
    Page("GET", "/shared", shared, Right.SHARED, menu="shared"),
    Page("GET", "/shared/{number}", one, Right.SHARED),
    Page("POST", "/shared/{number}/reply", reply, Right.SHARED),
    Page("GET", "/people/{id}/sharing", asking, Right.SHARE),
    Page("POST", "/people/{id}/sharing", ask, Right.SHARE),
    Page("POST", "/people/{id}/sharing/{number}/end", end, Right.SHARE),
)
