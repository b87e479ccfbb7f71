"""What staff do with one request: answer, take, put back, hand over, move, close, open again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, filled, wrong
from console.page import Page
from console.pages.inbox_talk import mark, may_reopen, page_of, read_one
from handlers import desk as counter
from handlers import desk_acts
from handlers.desk import Act, Case, Clerk, NoSuchTicket, Work
from handlers.desk_acts import Unreachable
from handlers.texts import say
from handlers.tickets import moving
from handlers.tickets.moving import MoveTicket
from outreach import routing
from records import applications, tickets
from records.conversations import Overtaken
from records.database import Session
from records.rights import Right
from records.send_budgets import Reach
from records.staff_accounts import Staff
from records.tickets import Level, TicketState
from records.vault import Vault


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


async def reply(desk: Desk) -> web.StreamResponse:
    """Write to the person; from then on the bot keeps silent."""
    seen = await read_one(desk)
    f = filled(_Reply, desk.form)
    if f.value is None:
        return await page_of(desk, seen, f, 422)
    if seen.case.servicer or (seen.unreached and seen.case.way.reach is Reach.NOT_AT_ALL):
        return await page_of(desk, seen, wrong(f.typed, text=f"没有发：{seen.unreached}"), 409)
    work = Work(Act.REPLY, _as_known(seen.case, f.value.seen), clerk(desk.staff), f.value.text)
    try:
        await desk.write(act, desk.means.vault, desk.staff, work, desk.now)
    except (Overtaken, NoSuchTicket, Unreachable):
        return await _not_sent(desk, f)
    desk.means.wake_sender()
    at = f"/inbox/{seen.case.number}"
    if seen.case.way.reach is Reach.WHEN_THEY_WRITE:
        return desk.go(at, "存下了，还没发到：等对方下次说话就送。")
    return desk.go(f"{at}#talk", "发给对方了。")


async def _not_sent(desk: Desk, f: Filled[_Reply]) -> web.StreamResponse:
    """A colleague was faster: what was typed stays, with what has changed."""
    seen = await read_one(desk)
    fault = f"没有发：{_what_changed(seen.case)}您写的还在，看清楚了可以再发。"
    typed = {**f.typed, "seen": mark(seen.case)}
    return await page_of(desk, seen, wrong(typed, text=fault), 409)


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
    return await _do(desk, Act.TAKE_OVER, "现在由您负责。", undo="put-back")


async def close(desk: Desk) -> web.StreamResponse:
    """It is done; the person is told where they can be."""
    return await _do(desk, Act.CLOSE, "办结了，小助手接着回答他。", undo="reopen")


async def put_back(desk: Desk) -> web.StreamResponse:
    """Taken by mistake: it waits for anybody again."""
    return await _change(desk, _put_back, "放回去了，谁都可以接。")


async def to_bot(desk: Desk) -> web.StreamResponse:
    """The bot answers the person while staff go on with the request."""
    return await _change(desk, _to_bot, "小助手接着回答他，这件事还在您手里。")


async def reopen(desk: Desk) -> web.StreamResponse:
    """Closed too early: whoever says so goes on with it, and the person is told."""
    return await _change(desk, _reopen, "重新打开了，由您接着办，也告诉了对方。")


async def _change(
    desk: Desk, does: Callable[[Session, Vault, Staff, Case, datetime], None], said: str
) -> web.StreamResponse:
    seen = await read_one(desk)
    try:
        await desk.write(does, desk.means.vault, desk.staff, seen.case, desk.now)
    except (Overtaken, NoSuchTicket):
        return await _overtaken(desk)
    desk.means.wake_sender()
    return desk.go(f"/inbox/{seen.case.number}", said)


def _put_back(session: Session, _vault: Vault, staff: Staff, case: Case, now: datetime) -> None:
    _need_own(staff, case)
    desk_acts.put_back(session, case, clerk=clerk(staff), now=now)


def _to_bot(session: Session, vault: Vault, staff: Staff, case: Case, now: datetime) -> None:
    _need_own(staff, case)
    if not case.is_live:
        raise Refused("现在就是小助手在回答他。")
    desk_acts.to_bot(session, vault, case, clerk=clerk(staff), now=now)


def _reopen(session: Session, vault: Vault, staff: Staff, case: Case, now: datetime) -> None:
    if not may_reopen(case, now):
        raise Refused("办结超过一周的、写了结论的申请、删掉了信息的，不能重新打开。请另登记一件。")
    desk_acts.reopen(session, vault, case, clerk=clerk(staff), now=now)


def _need_own(staff: Staff, case: Case) -> None:
    if case.state is not TicketState.TAKEN or case.taken_by != staff.name:
        raise Refused("这件事不在您手里了，请刷新看看现在谁在办。")


async def _do(desk: Desk, kind: Act, said: str, *, undo: str) -> web.StreamResponse:
    seen = await read_one(desk)
    f = filled(_Seen, desk.form)
    if f.value is None:
        raise Refused("页面放得太久了，请刷新以后再办。")
    work = Work(kind, _as_known(seen.case, f.value.seen), clerk(desk.staff))
    try:
        await desk.write(act, desk.means.vault, desk.staff, work, desk.now)
    except (Overtaken, NoSuchTicket):
        return await _overtaken(desk)
    desk.means.wake_sender()
    at = f"/inbox/{seen.case.number}"
    return desk.go(at, said, f"{at}/{undo}")


async def _overtaken(desk: Desk) -> web.StreamResponse:
    seen = await read_one(desk)
    return await page_of(desk, seen, status=409, says=f"没有办：{_what_changed(seen.case)}")


async def hand_over(desk: Desk) -> web.StreamResponse:
    """A colleague who may read it looks after it."""
    seen = await read_one(desk)
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
    seen = await read_one(desk)
    f = filled(_Move, desk.form)
    if f.value is None or f.value.matter not in routing.matters():
        raise Refused("请选要转到哪一级、哪个科目。")
    try:
        said = await desk.write(
            _move, desk.means.vault, seen.case.number, f.value, desk.staff, desk.now
        )
    except Overtaken:
        return await _overtaken(desk)
    except Refused as fault:
        return await page_of(desk, seen, status=409, says=f"没有转：{fault}")
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
        nobody = new is not wish.level
        asked = routing.spoken(wish.level)
        why = f"{asked}没有人接这件事" if nobody else "科目也没有变"
        raise Refused(f"它本来就在{where}，{why}。")
    moved = MoveTicket(row.number, wish.old, new, wish.matter, staff.name, wish.why)
    moving.move(session, vault, moved, now)
    absent = "" if new is wish.level else f"{routing.spoken(wish.level)}没有人在这儿值守，"
    return f"{absent}现在在{where}，科目是{routing.matter_of(wish.matter).name}。"


PAGES = (
    Page("POST", "/inbox/{number}/reply", reply, Right.TICKETS),
    Page("POST", "/inbox/{number}/take", take, Right.TICKETS),
    Page("POST", "/inbox/{number}/put-back", put_back, Right.TICKETS),
    Page("POST", "/inbox/{number}/to-bot", to_bot, Right.TICKETS),
    Page("POST", "/inbox/{number}/hand-over", hand_over, Right.TICKETS),
    Page("POST", "/inbox/{number}/close", close, Right.TICKETS),
    Page("POST", "/inbox/{number}/reopen", reopen, Right.TICKETS),
    Page("POST", "/inbox/{number}/move", move, Right.TICKETS),
)
