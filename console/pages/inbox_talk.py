"""One request: the talk while it goes on, whom it is about, and what staff do with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from aiohttp import web
from sqlalchemy import func, select

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled
from console.look import masked_phone
from console.page import Page
from handlers import desk as counter
from handlers.desk import Case
from handlers.reaching import channel_of
from handlers.staff_pages import progress_of, servicer_of
from handlers.texts import say
from handlers.tickets import joint, loans
from outreach import routing, ticket_lists
from outreach.alerts import word_of
from outreach.reach import Lines
from records import (
    audit,
    conversations,
    people,
    rights,
    staff_accounts,
    surveys,
    tickets,
)
from records.database import Session
from records.people import Profile
from records.rights import Right
from records.send_budgets import Reach
from records.staff_accounts import Staff
from records.ticket_steps import TicketStep
from records.tickets import Author, Level, Ticket, TicketLine, TicketState
from records.vault import Vault

AUTHORS = {Author.PERSON: "对方", Author.STAFF: "工作人员", Author.BOT: "小助手"}
STATES = {
    TicketState.OPEN: ("没人接", "warn"),
    TicketState.TAKEN: ("有人在办", "info"),
    TicketState.CLOSED: ("办完了", "good"),
}
REASONS = {
    "call_back": "给他回电话",
    "check": "核对是不是本人",
    "danger": "可能有危险，要马上联系",
}
_PHONE = re.compile(r"(?<!\d)[1１][ \-－]?[3-9３-９](?:[ \-－]?\d){9}(?!\d)")  # as people type it
_TICKETS = Ticket.__table__  # type: ignore[attr-defined]
_LINES, _STEPS = TicketLine.__table__, TicketStep.__table__  # type: ignore[attr-defined]
_STAYS_OPEN = timedelta(hours=1)  # a page that renews itself: then it is read anew
_REOPENED_WITHIN = timedelta(days=7)  # what was counted by then stays as it is
_PEOPLE_OF = 200  # colleagues that a request may be handed to


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as one of the staff sees it."""

    case: Case
    profile: Profile | None  # whom it is about, where they are in reach
    colleagues: tuple[str, ...]
    unreached: str  # why no answer arrives, or when; "" where it arrives at once
    was_asked: bool
    score: int | None


class _Reveal(Form):
    why: Literal["call_back", "check", "danger"]


def hidden(text: str) -> str:
    """What somebody wrote, phone numbers masked."""
    return _PHONE.sub(lambda found: masked_phone(found.group()), text)


def may_reopen(case: Case, now: datetime) -> bool:
    """Whether it was closed lately, and could be gone on with."""
    lately = case.closed_at is not None and now - case.closed_at < _REOPENED_WITHIN
    return lately and case.application is None and not case.is_gone


def mark(case: Case) -> str:
    """What of a request a form has seen, so that two of the staff do not do it twice."""
    return f"{case.state}/{case.taken_by}"


async def talk(desk: Desk) -> web.StreamResponse:
    """The request; that it was read is in the trail."""
    seen = await read_one(desk)
    is_open = bool(desk.request.headers.get("X-Fragment"))  # the page renews itself
    if not (is_open and await desk.read(_was_noted, seen.case.number, desk.actor, desk.now)):
        await desk.note("ticket.read", seen.case.number)
    return await page_of(desk, seen)


def _was_noted(session: Session, number: str, actor: str, now: datetime) -> bool:
    """Whether the trail has it that they opened it: a header alone says nothing."""
    wanted = audit.Wanted(number, actor[:60], "ticket.read", now - _STAYS_OPEN)
    return bool(audit.found(session, wanted, limit=1))


async def read_one(desk: Desk) -> Seen:
    number = desk.path("number")[:12].upper()
    return await desk.read(look, desk.means.vault, desk.staff, number, desk.now, desk.means.lines)


def look(
    session: Session, vault: Vault, staff: Staff, number: str, now: datetime, lines: Lines
) -> Seen:
    """A request that somebody may read; NotHere for all others."""
    case = counter.look_at(session, vault, number, now=now, lines=lines)
    if case is None or not counter.may_read(session, staff, case):
        raise NotHere
    is_near = bool(case.person_id) and rights.reaches(session, staff, case.person_id, now)
    found = people.by_ids(session, vault, [case.person_id]) if is_near else {}
    return Seen(
        case,
        found.get(case.person_id),
        _colleagues(session, staff, case),
        _unreached(session, case),
        surveys.was_asked(session, case.number),
        surveys.score_of(session, case.number),
    )


def _colleagues(session: Session, staff: Staff, case: Case) -> tuple[str, ...]:
    """Those who may read it too."""
    others = [one for one in staff_accounts.everybody(session) if one.name != staff.name]
    free = replace(case, taken_by="")
    names = (one.name for one in others if counter.may_read(session, one, free))
    return tuple(names)[:_PEOPLE_OF]


def _unreached(session: Session, case: Case) -> str:
    if case.state is TicketState.CLOSED:
        return ""
    if case.is_gone:
        return "对方已经删掉了自己的全部信息，联系不上了。看完可以直接办结。"
    if case.servicer:
        return say("desk.elsewhere", name=servicer_of(case))
    match case.way.reach:
        case Reach.WHEN_THEY_WRITE:
            held = f"前面还有 {case.waiting} 条没送到，" if case.waiting else ""
            return f"眼下发不到对方手里：{held}写了会先存着，等对方下次说话就送。急的话请打电话。"
        case Reach.OTHER_CHANNEL:
            return f"对方在原来那边眼下收不到，写了会从{channel_of(case.way)}发给他。"
        case Reach.NOT_AT_ALL:
            return _why_never(session, case)
    return ""


def _why_never(session: Session, case: Case) -> str:
    row = tickets.find(session, case.number)
    account = row.conversation if row else ""
    if not account:
        return "这件事是在柜台登记的，对方没有聊天账号，请打电话或当面说。"
    talk = conversations.load(session, [account]).get(account)
    if talk is not None and talk.forget_at:
        return "对方要求删除信息，已经不再给他发消息。"
    return "对方在哪个账号上都收不到消息了（可能拉黑或注销了）。留了电话的，请打电话。"


async def page_of(
    desk: Desk,
    seen: Seen,
    f: Filled[Any] | None = None,
    status: int = 200,
    *,
    says: str = "",
    is_whole: bool = False,
) -> web.StreamResponse:
    case = seen.case
    named = await desk.named(case.area)
    shown: Callable[[str], str] = str if is_whole else hidden
    return desk.render(
        "inbox/talk.html",
        status,
        f=f or blank(),
        says=says,
        seen=seen,
        case=case,
        mark=mark(case),
        place=named(case.area) if case.area else "没说是哪里",
        what=word_of(case.kind),
        matter=routing.matter_of(case.matter),
        level=routing.spoken(case.level),
        state=STATES[case.state],
        is_mine=case.taken_by == desk.staff.name,
        is_reopenable=may_reopen(case, desk.now),
        taken_by="同事" if case.taken_by == "terminal" else case.taken_by,
        authors=AUTHORS,
        shown=shown,
        is_whole=is_whole,
        has_phone=has_phone(case),
        progress=[shown(line) for line in progress_of(case)],
        levels=[(one.value, routing.spoken(one)) for one in Level],
        matters=[(one.code, one.name) for one in routing.matters().values()],
        reasons=list(REASONS.items()),
        is_application=case.application is not None,
        is_undecided=case.application is not None and case.application.outcome is None,
        is_loan=case.matter == loans.MONEY,
        offices=joint.parts(case.steps),
        still_open="、".join(joint.left(case.steps)),
        has_dossier=seen.profile is not None and desk.may(Right.PEOPLE),
    )


def has_phone(case: Case) -> bool:
    """Whether a number is masked in what was said."""
    return any(_PHONE.search(text) for text in (case.subject, *(o.text for o in case.lines)))


async def reveal(desk: Desk) -> web.StreamResponse:
    """The talk once with whole phone numbers, after a reason."""
    desk.need(Right.REVEAL)
    seen = await read_one(desk)
    f = filled(_Reveal, desk.form)
    if f.value is None:
        raise Refused("请选一个看电话的原因。")
    await desk.write(_note_reveal, seen.case.number, f.value.why, desk.actor, desk.now)
    return await page_of(desk, seen, is_whole=True)


def _note_reveal(session: Session, number: str, why: str, actor: str, now: datetime) -> None:
    audit.write(session, "ticket.revealed", at=now, actor=actor, subject=number, reason=why)


def _version(session: Session, staff: Staff, key: str, _now: datetime) -> str:
    """Another one when something was said, or somebody did something."""
    mine = select(Ticket).where(_TICKETS.c.number == key, ticket_lists.readable(staff))
    row = session.execute(mine).scalar()
    if row is None:
        return ""
    said = select(func.count(), func.max(_LINES.c.id)).where(_LINES.c.ticket == row.number)
    steps = select(func.count()).where(_STEPS.c.ticket == row.number)
    lines, steps_ = session.execute(said).one(), session.execute(steps).scalar()
    return f"{row.state}{row.taken_by}{row.level}{row.matter}{row.is_live}{tuple(lines)}{steps_}"


PAGES = (
    Page("GET", "/inbox/{number}", talk, Right.TICKETS),
    Page("POST", "/inbox/{number}/reveal", reveal, Right.TICKETS),
)
TOPICS = {"ticket": _version}
