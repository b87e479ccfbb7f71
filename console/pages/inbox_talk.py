"""One request: the talk while it goes on, whom it is about, and what staff do with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from aiohttp import web
from pydantic import Field
from sqlalchemy import func, select

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.look import masked_phone
from console.page import Page
from handlers import desk as counter
from handlers import desk_acts
from handlers.desk import Act, Case, Clerk, NoSuchTicket, Work
from handlers.desk_acts import Unreachable
from handlers.reaching import channel_of
from handlers.staff_pages import progress_of, servicer_of
from handlers.texts import say
from handlers.tickets import moving
from handlers.tickets.moving import MoveTicket
from outreach import routing, ticket_lists
from outreach.alerts import word_of
from outreach.reach import Lines
from records import (
    applications,
    audit,
    conversations,
    people,
    rights,
    staff_accounts,
    surveys,
    tickets,
)
from records.conversations import Overtaken
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
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_TICKETS = Ticket.__table__  # type: ignore[attr-defined]
_LINES, _STEPS = TicketLine.__table__, TicketStep.__table__  # type: ignore[attr-defined]
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


class _Reply(Form):
    text: str = Field(max_length=2000)
    seen: str


class _Seen(Form):
    seen: str = ""


class _Move(Form):
    level: Level
    matter: str
    old: Level
    why: str = Field(default="", max_length=200)


class _HandOver(Form):
    to: str
    seen: str


class _Reveal(Form):
    why: Literal["call_back", "check", "danger"]


def hidden(text: str) -> str:
    """What somebody wrote, phone numbers masked."""
    return _PHONE.sub(lambda found: masked_phone(found.group()), text)


def mark(case: Case) -> str:
    """What of a request a form has seen, so that two of the staff do not do it twice."""
    return f"{case.state}/{case.taken_by}"


async def talk(desk: Desk) -> web.StreamResponse:
    """The request; that it was read is in the trail."""
    seen = await _seen(desk)
    if not desk.request.headers.get("X-Fragment"):
        await desk.note("ticket.read", seen.case.number)
    return await _page(desk, seen)


async def _seen(desk: Desk) -> Seen:
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


async def _page(
    desk: Desk,
    seen: Seen,
    f: Filled[_Reply] | None = None,
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
        has_dossier=seen.profile is not None and desk.may(Right.PEOPLE),
    )


def has_phone(case: Case) -> bool:
    """Whether a number is masked in what was said."""
    return any(_PHONE.search(text) for text in (case.subject, *(o.text for o in case.lines)))


async def reply(desk: Desk) -> web.StreamResponse:
    """Write to the person; from then on the bot keeps silent."""
    seen = await _seen(desk)
    f = filled(_Reply, desk.form)
    if f.value is None:
        return await _page(desk, seen, f, 422)
    if seen.case.servicer or (seen.unreached and seen.case.way.reach is Reach.NOT_AT_ALL):
        return await _page(desk, seen, wrong(f.typed, text=f"没有发：{seen.unreached}"), 409)
    work = Work(Act.REPLY, _as_known(seen.case, f.value.seen), clerk(desk.staff), f.value.text)
    try:
        await desk.write(act, desk.means.vault, desk.staff, work, desk.now)
    except (Overtaken, NoSuchTicket, Unreachable):
        return await _not_sent(desk, f)
    desk.means.wake_sender()
    is_late = seen.case.way.reach is Reach.WHEN_THEY_WRITE
    said = "存下了，还没发到：等对方下次说话就送。" if is_late else "发给对方了。"
    return desk.go(f"/inbox/{seen.case.number}", said)


async def _not_sent(desk: Desk, f: Filled[_Reply]) -> web.StreamResponse:
    """A colleague was faster: what was typed stays, with what has changed."""
    seen = await _seen(desk)
    fault = f"没有发：{_what_changed(seen.case)}您写的还在，看清楚了可以再发。"
    typed = {**f.typed, "seen": mark(seen.case)}
    return await _page(desk, seen, wrong(typed, text=fault), 409)


def _what_changed(case: Case) -> str:
    if case.state is TicketState.CLOSED:
        return "这件事刚刚已经办结。"
    if case.taken_by:
        return f"{case.taken_by}刚刚接了这件事。"
    return "这件事刚刚有变动。"


def _as_known(case: Case, seen: str) -> Case:
    """The request as the form has seen it; Refused where that is no state."""
    state, _, taken_by = seen.partition("/")
    if state not in set(TicketState):
        raise Refused("页面放得太久了，请刷新以后再办。")
    return replace(case, state=TicketState(state), taken_by=taken_by)


def clerk(staff: Staff) -> Clerk:
    """As the person reads who helps them, the same as from a chat."""
    return Clerk(staff.name, say("desk.signed", name=staff.name))


def act(session: Session, vault: Vault, staff: Staff, work: Work, now: datetime) -> None:
    """Do it, if they still may."""
    if not counter.may_read(session, staff, work.seen):
        raise NotHere
    if work.act is Act.CLOSE and applications.undecided(session, [work.seen.number]):
        raise Refused("这是申请，要先写结论（批了还是没批）。")
    desk_acts.do(session, vault, work, now=now)


async def take(desk: Desk) -> web.StreamResponse:
    """Look after it, also in a colleague's place."""
    return await _do(desk, Act.TAKE_OVER, "现在由您负责。")


async def close(desk: Desk) -> web.StreamResponse:
    """It is done; the person is told where they can be."""
    return await _do(desk, Act.CLOSE, "办结了，小助手接着回答他。")


async def _do(desk: Desk, kind: Act, said: str) -> web.StreamResponse:
    seen = await _seen(desk)
    f = filled(_Seen, desk.form)
    if f.value is None:
        raise Refused("页面放得太久了，请刷新以后再办。")
    work = Work(kind, _as_known(seen.case, f.value.seen), clerk(desk.staff))
    try:
        await desk.write(act, desk.means.vault, desk.staff, work, desk.now)
    except (Overtaken, NoSuchTicket):
        return await _overtaken(desk)
    desk.means.wake_sender()
    return desk.go(f"/inbox/{seen.case.number}", said)


async def _overtaken(desk: Desk) -> web.StreamResponse:
    seen = await _seen(desk)
    return await _page(desk, seen, status=409, says=f"没有办：{_what_changed(seen.case)}")


async def hand_over(desk: Desk) -> web.StreamResponse:
    """A colleague who may read it looks after it."""
    seen = await _seen(desk)
    f = filled(_HandOver, desk.form)
    if f.value is None or f.value.to not in seen.colleagues:
        raise Refused("请从列出的同事里选一位。")
    known = _as_known(seen.case, f.value.seen)
    try:
        await desk.write(_hand_over, desk.staff, known, f.value.to, desk.now)
    except (Overtaken, NoSuchTicket):
        return await _overtaken(desk)
    return desk.go(f"/inbox/{known.number}", f"交给{f.value.to}了，在他的“等我办”里。")


def _hand_over(session: Session, staff: Staff, seen: Case, to: str, now: datetime) -> None:
    desk_acts.hand_over(session, seen, to, clerk=clerk(staff), now=now)


async def move(desk: Desk) -> web.StreamResponse:
    """To another level, about another matter."""
    seen = await _seen(desk)
    f = filled(_Move, desk.form)
    if f.value is None or f.value.matter not in routing.matters():
        raise Refused("请选要转到哪一级、哪个科目。")
    try:
        said = await desk.write(
            _move, desk.means.vault, seen.case.number, f.value, desk.staff, desk.now
        )
    except Overtaken:
        return await _overtaken(desk)
    desk.means.wake_sender()
    still = await desk.read(_may_still_read, desk.means.vault, desk.staff, seen.case, desk.now)
    return desk.go(f"/inbox/{seen.case.number}" if still else "/inbox", said)


def _may_still_read(
    session: Session, vault: Vault, staff: Staff, case: Case, now: datetime
) -> bool:
    found = counter.look_at(session, vault, case.number, now=now)
    return found is not None and counter.may_read(session, staff, found)


def _move(
    session: Session, vault: Vault, number: str, wish: _Move, staff: Staff, now: datetime
) -> str:
    row = tickets.find(session, number)
    if row is None or not moving.is_open(row):
        raise Overtaken
    new = moving.landings(session, row)[wish.level]
    where = routing.spoken(new)
    if new is wish.old and wish.matter == row.matter:
        raise Refused(f"它本来就在{where}，科目也没有变。")
    moved = MoveTicket(row.number, wish.old, new, wish.matter, staff.name, wish.why)
    moving.move(session, vault, moved, now)
    absent = "" if new is wish.level else f"{routing.spoken(wish.level)}没有人在这儿值守，"
    return f"{absent}现在在{where}，科目是{routing.matter_of(wish.matter).name}。"


async def reveal(desk: Desk) -> web.StreamResponse:
    """The talk once with whole phone numbers, after a reason."""
    desk.need(Right.REVEAL)
    seen = await _seen(desk)
    f = filled(_Reveal, desk.form)
    if f.value is None:
        raise Refused("请选一个看电话的原因。")
    await desk.write(_note_reveal, seen.case.number, f.value.why, desk.actor, desk.now)
    return await _page(desk, seen, is_whole=True)


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
    Page("POST", "/inbox/{number}/reply", reply, Right.TICKETS),
    Page("POST", "/inbox/{number}/take", take, Right.TICKETS),
    Page("POST", "/inbox/{number}/hand-over", hand_over, Right.TICKETS),
    Page("POST", "/inbox/{number}/close", close, Right.TICKETS),
    Page("POST", "/inbox/{number}/move", move, Right.TICKETS),
    Page("POST", "/inbox/{number}/reveal", reveal, Right.TICKETS),
)
TOPICS = {"ticket": _version}
