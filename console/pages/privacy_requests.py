"""Requests about personal data: entered, sorted, proved, decided, with a receipt."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.look import masked_name, masked_phone
from console.page import Door, Page
from console.pages.privacy import TABS, download
from handlers import privacy_desk
from handlers.desk import Clerk
from handlers.dialogue import Office
from handlers.forms.form import shipped_forms
from handlers.privacy_desk import NewRequest, RequestRefused, Settled
from records import people, privacy_requests, rights, scope
from records.database import Session
from records.people import Profile
from records.privacy_requests import Outcome, Request, RequestKind
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

_MOST = 50
KINDS = [(kind.value, name) for kind, name in privacy_desk.NAMES.items()]
_WAYS = [(way, name) for way, name in privacy_desk.WAYS.items() if way != "chat"]


class _New(Form):
    kind: RequestKind
    way: Literal["phone", "counter", "paper"]
    text: Annotated[str, Field(max_length=500)]
    phone: str = ""


class _Word(Form):
    outcome: Outcome
    reason: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request with whom it is about, where they are in reach."""

    request: Request
    subject: str
    profile: Profile | None


async def listed(desk: Desk) -> web.StreamResponse:
    """What waits, or what is decided."""
    is_closed = desk.query.get("tab") == "closed"
    return await _list(desk, blank(), is_closed=is_closed)


async def _list(
    desk: Desk, f: Filled[_New], status: int = 200, *, is_closed: bool = False
) -> web.StreamResponse:
    found = await desk.read(_found, desk.means.vault, desk.staff, is_closed)
    return desk.render(
        "privacy/requests.html",
        status,
        tabs=TABS,
        f=f,
        found=found,
        is_closed=is_closed,
        kinds=KINDS,
        ways=_WAYS,
        acts=privacy_desk,
    )


def _found(session: Session, vault: Vault, staff: Staff, is_closed: bool) -> list[Request]:
    read = privacy_requests.latest if is_closed else privacy_requests.waiting
    return read(session, vault, staff.area, _MOST)


async def enter(desk: Desk) -> web.StreamResponse:
    """A request that came by phone, at the counter or on paper."""
    f = filled(_New, desk.form)
    if f.value is None:
        return await _list(desk, f, 422)
    person = ""
    if f.value.phone:
        found = await desk.read(_with_phone, desk.means.vault, desk.staff, f.value.phone, desk.now)
        if len(found) != 1:
            return await _list(desk, wrong(f.typed, phone=_nobody(len(found))), 422)
        person = found[0]
    told = f.value
    new = NewRequest(told.kind, told.text, told.way, person, desk.staff.area)
    number = await desk.write(_take_in, desk.means.vault, new, desk.staff.name, desk.now)
    return desk.go(f"/privacy/requests/{number}", f"回执号 {number}，请告诉来人。")


def _take_in(session: Session, vault: Vault, new: NewRequest, by: str, now: datetime) -> str:
    token = secrets.token_hex(16)
    return privacy_desk.take_in(session, vault, new, token=token, by=by, now=now)


async def one(desk: Desk) -> web.StreamResponse:
    """One request."""
    return await _one(desk, blank())


async def _one(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    seen = await _seen(desk)
    number = seen.request.ticket.number
    await desk.note("ticket.read", number)
    named = await desk.named(seen.request.ticket.area)
    profile = seen.profile
    return desk.render(
        "privacy/request.html",
        status,
        f=f,
        seen=seen,
        number=number,
        named=named,
        kinds=KINDS,
        acts=privacy_desk,
        name=masked_name(profile.nickname) if profile else "",
        phone=masked_phone(profile.phone) if profile else "",
        is_closed=seen.request.ticket.closed_at is not None,
        ways=privacy_desk.WAYS,
    )


async def sort(desk: Desk) -> web.StreamResponse:
    """Say what it is about."""
    number = (await _seen(desk)).request.ticket.number
    try:
        kind = RequestKind(desk.form.get("kind", ""))
    except ValueError as fault:
        raise Refused("请从列出的里面选一类。") from fault
    await _do(desk, _sort, number, kind)
    return desk.go(f"/privacy/requests/{number}", f"改成“{privacy_desk.NAMES[kind]}”了。")


async def prove(desk: Desk) -> web.StreamResponse:
    """Staff have checked who it is."""
    number = (await _seen(desk)).request.ticket.number
    phone = desk.form.get("phone", "").strip()
    found = await desk.read(_with_phone, desk.means.vault, desk.staff, phone, desk.now)
    if len(found) != 1:
        return await _one(desk, wrong(desk.form, phone=_nobody(len(found))), 422)
    await _do(desk, _prove, number, found[0])
    return desk.go(f"/privacy/requests/{number}", "对上了，往下可以办了。")


async def settle(desk: Desk) -> web.StreamResponse:
    """Done, or refused with a reason."""
    number = (await _seen(desk)).request.ticket.number
    f = filled(_Word, desk.form)
    if f.value is None:
        return await _one(desk, f, 422)
    if f.value.outcome is Outcome.REFUSED and not f.value.reason:
        return await _one(desk, wrong(f.typed, reason="不予办理要写明理由，对方会看到"), 422)
    told: Settled = await _do(desk, _settle, number, f.value)
    return _told(desk, told, "办结了")


async def erase(desk: Desk) -> web.StreamResponse:
    """Delete whom it is about."""
    number = (await _seen(desk)).request.ticket.number
    told: Settled = await _do(desk, _erase, number)
    return _told(desk, told, "删除了")


async def died(desk: Desk) -> web.StreamResponse:
    """They have died."""
    number = (await _seen(desk)).request.ticket.number
    await _do(desk, _died, number)
    return desk.go(f"/privacy/requests/{number}", "标记了，从现在起什么都不再发给他。")


async def copy(desk: Desk) -> web.StreamResponse:
    """Everything held of them, to hand over."""
    seen = await _seen(desk)
    if seen.profile is None:
        raise Refused("还没有对上登记的人，先核对是谁。")
    answerer = await desk.means.answerer()
    office = Office(desk.means.office, desk.means.office_phone)

    def copied(session: Session, person: str) -> str:
        return privacy_desk.copy_of(
            session,
            desk.means.vault,
            person,
            answerer=answerer,
            office=office,
            forms=shipped_forms(),
            by=desk.staff.name,
            now=desk.now,
        )

    text = await desk.write(copied, seen.profile.id)
    name = f"个人信息副本-{seen.request.ticket.number}.txt"
    return download(text.encode(), name, "text/plain; charset=utf-8")


async def _seen(desk: Desk) -> Seen:
    seen = await desk.read(_look, desk.means.vault, desk.staff, desk.path("number")[:12], desk.now)
    if seen is None:
        raise NotHere
    return seen


def _look(session: Session, vault: Vault, staff: Staff, number: str, now: datetime) -> Seen | None:
    found = privacy_requests.find(session, vault, number)
    if found is None:
        return None
    ticket = found.ticket
    if not scope.may_see_ticket(session, staff.area, ticket.person_id, ticket.area):
        return None
    profile = None
    if ticket.person_id and rights.reaches(session, staff, ticket.person_id, now):
        profile = people.by_ids(session, vault, [ticket.person_id]).get(ticket.person_id)
    return Seen(found, str(vault.open(ticket.subject)), profile)


def _with_phone(
    session: Session, vault: Vault, staff: Staff, phone: str, now: datetime
) -> list[str]:
    """Those in reach who are registered with this number."""
    found = people.with_phone(session, vault, [phone]).get(phone, ()) if phone else ()
    return [one.id for one in found if rights.reaches(session, staff, one.id, now)]


def _nobody(count: int) -> str:
    return (
        "这个号码有几个人在用，请到人员里核对" if count else "您负责的范围里没有人用这个号码登记"
    )


async def _do(desk: Desk, work: object, *args: object) -> Settled:
    """One act of the office; its refusal is a sentence."""
    try:
        told: Settled = await desk.write(work, desk, *args)  # type: ignore[arg-type]
    except RequestRefused as refusal:
        raise Refused(str(refusal)) from refusal
    desk.means.wake_sender()
    return told


def _sort(session: Session, desk: Desk, number: str, kind: RequestKind) -> None:
    by, now = desk.staff.name, desk.now
    privacy_desk.sort(session, desk.means.vault, number, kind, by=by, now=now)


def _prove(session: Session, desk: Desk, number: str, person: str) -> None:
    by, now = desk.staff.name, desk.now
    privacy_desk.name_person(session, desk.means.vault, number, person, by=by, now=now)


def _settle(session: Session, desk: Desk, number: str, word: _Word) -> Settled:
    return privacy_desk.settle(
        session,
        desk.means.vault,
        number,
        word.outcome,
        reason=word.reason,
        clerk=_clerk(desk),
        now=desk.now,
        lines=desk.means.lines,
    )


def _erase(session: Session, desk: Desk, number: str) -> Settled:
    return privacy_desk.erase(
        session,
        desk.means.vault,
        number,
        counted=privacy_desk.counted_of(shipped_forms()),
        clerk=_clerk(desk),
        now=desk.now,
        lines=desk.means.lines,
    )


def _died(session: Session, desk: Desk, number: str) -> None:
    clerk, now = _clerk(desk), desk.now
    privacy_desk.mark_died(session, desk.means.vault, number, clerk=clerk, now=now)


def _clerk(desk: Desk) -> Clerk:
    return Clerk(desk.staff.name, desk.staff.name)


def _told(desk: Desk, told: Settled, what: str) -> web.Response:
    how = f"对方会在{told.channel}里看到" if told.channel else "联系不上对方，请您自己告诉他"
    said = f"{what}，{how}。回执号 {told.number}。"
    return desk.go(f"/privacy/requests/{told.number}", said)


PAGES = (
    Page("GET", "/privacy/requests", listed, Right.PRIVACY),
    Page("POST", "/privacy/requests", enter, Right.PRIVACY),
    Page("GET", "/privacy/requests/{number}", one, Right.PRIVACY),
    Page("POST", "/privacy/requests/{number}/sort", sort, Right.PRIVACY),
    Page("POST", "/privacy/requests/{number}/prove", prove, Right.PRIVACY),
    Page("POST", "/privacy/requests/{number}/settle", settle, Right.PRIVACY),
    Page("POST", "/privacy/requests/{number}/erase", erase, Right.PRIVACY),
    Page("POST", "/privacy/requests/{number}/died", died, Right.PRIVACY),
    Page("POST", "/privacy/requests/{number}/copy", copy, Right.PRIVACY, Door.FRESH),
)
