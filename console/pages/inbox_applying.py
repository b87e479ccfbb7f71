"""Applications at the counter: taken in with their clock, papers that follow, the decision."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from console.pages.inbox_talk import look
from handlers.tickets import applying, loans
from handlers.tickets.applying import (
    AcceptApplication,
    Applicant,
    DecideApplication,
    NotePapers,
)
from handlers.tokens import receipt
from outreach import clocks
from outreach.calendars import CHINA
from outreach.reach import Lines
from records import applications, people, rights, tickets
from records.applications import WORKING_DAYS, Outcome
from records.conversations import Overtaken
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff
from records.tickets import Ticket, TicketState
from records.vault import Vault

_LONGEST_AGO = timedelta(days=92)
_PHONE_DIGITS = 11
_NOBODY = "用这个手机号登记的人，您这里一个也没有。请先登记，或写他的诉求编号。"


class _Accept(Form):
    who: str = Field(max_length=20)
    what: str = Field(max_length=200)
    handed_in: date | None = None
    papers: str = Field(default="", max_length=200)
    until: date | None = None


class _Decide(Form):
    outcome: Outcome
    why: str = Field(default="", max_length=200)
    lent: int | None = Field(default=None, ge=1, le=loans.MOST)  # yuan


class _NotOne(Exception):
    """The field «who» does not name one applicant; why."""


async def form(desk: Desk) -> web.StreamResponse:
    """The form, with the request that it comes from."""
    return _form(desk, blank({"who": desk.query.get("who", "")[:12]}))


def _form(desk: Desk, f: Filled[_Accept], status: int = 200) -> web.StreamResponse:
    today = desk.now.astimezone(CHINA).date()
    return desk.render("inbox/apply.html", status, f=f, today=today, days=WORKING_DAYS)


async def accept(desk: Desk) -> web.StreamResponse:
    """It was handed in: its clock runs from that day."""
    f = filled(_Accept, desk.form)
    if f.value is None:
        return _form(desk, f, 422)
    if faults := _faults(f.value, desk.now.astimezone(CHINA).date()):
        return _form(desk, wrong(f.typed, **faults), 422)
    try:
        number, said = await desk.write(
            _accept, desk.means.vault, desk.staff, f.value, desk.now, desk.means.lines
        )
    except _NotOne as fault:
        return _form(desk, wrong(f.typed, who=str(fault)), 422)
    desk.means.wake_sender()
    return desk.go(f"/inbox/{number}", said)


def _faults(asked: _Accept, today: date) -> dict[str, str]:
    handed_in, faults = asked.handed_in or today, {}
    if not today - _LONGEST_AGO <= handed_in <= today:
        faults["handed_in"] = "交材料的日子要在今天以前、三个月以内"
    if asked.papers and asked.until is None:
        faults["until"] = "缺材料的，要写最晚哪天补来"
    if asked.until is not None and not asked.papers:
        faults["papers"] = "写了补材料的日子，要写缺什么"
    if asked.until is not None and asked.until < handed_in:
        faults["until"] = "补材料的日子不能早于交材料的日子"
    return faults


def _accept(
    session: Session, vault: Vault, staff: Staff, asked: _Accept, now: datetime, lines: Lines
) -> tuple[str, str]:
    whose, request = _applicant(session, vault, staff, asked.who, now, lines)
    wish = AcceptApplication(
        receipt(secrets.token_hex(8), "application"),
        asked.what,
        whose,
        asked.handed_in or now.astimezone(CHINA).date(),
        staff.name,
        asked.papers,
        asked.until,
        request,
    )
    applying.accept(session, vault, wish, now)
    until = clocks.of(session.get_one(Ticket, wish.number)).promise
    untold = "" if whose.conversation else "他没有聊天账号，没法告诉他，请打电话。"
    return wish.number, f"受理了，{until}。{untold}"


def _applicant(
    session: Session, vault: Vault, staff: Staff, who: str, now: datetime, lines: Lines
) -> tuple[Applicant, str]:
    """By a phone number of somebody in reach, or by a request that one may read, and which."""
    if len(who) == _PHONE_DIGITS and who.isdigit():
        found = people.with_phone(session, vault, [who]).get(who, ())
        near = [one for one in found if rights.reaches(session, staff, one.id, now)]
        if len(near) != 1:
            raise _NotOne(
                f"用这个手机号登记的有{len(near)}个人，请写诉求编号" if near else _NOBODY
            )
        return Applicant(near[0].account, near[0].id, near[0].area), ""
    try:
        case = look(session, vault, staff, who.upper(), now, lines).case
    except NotHere as fault:
        raise _NotOne("没有这个编号的诉求。写 6 位编号，或登记时的手机号") from fault
    row = tickets.find(session, case.number)
    if row is None or case.is_gone:
        raise _NotOne("对方已经删掉了自己的信息，不能受理")
    request = "" if case.application else row.number
    return Applicant(row.conversation, row.person_id, row.area), request


async def papers(desk: Desk) -> web.StreamResponse:
    """What was to follow is there."""
    said = await _on_application(desk, _papers)
    return desk.go(f"/inbox/{desk.path('number')}", said)


async def decide(desk: Desk) -> web.StreamResponse:
    """Granted or refused; a refusal has a reason, which the applicant reads."""
    f = filled(_Decide, desk.form)
    if f.value is None:
        raise Refused("请选批了还是没批；放款金额写1到1亿的整数，单位是元，没有就空着。")
    if f.value.outcome is Outcome.REFUSED and not f.value.why:
        raise Refused("没批要写原因，对方会看到。请返回再填。")
    if f.value.outcome is Outcome.REFUSED and f.value.lent is not None:
        raise Refused("没批的不写放款金额。请返回改一下。")
    said = await _on_application(desk, _decide, f.value)
    return desk.go(f"/inbox/{desk.path('number')}", said)


async def _on_application(desk: Desk, does: object, *more: object) -> str:
    assert callable(does)
    number = desk.path("number")[:12].upper()
    try:
        said: str = await desk.write(
            does, desk.means.vault, desk.staff, number, desk.now, desk.means.lines, *more
        )
    except Overtaken as fault:
        raise Refused("没有办：同事刚刚已经写了结论。") from fault
    desk.means.wake_sender()
    return said


def _open_one(
    session: Session, vault: Vault, staff: Staff, number: str, now: datetime, lines: Lines
) -> Ticket:
    """The ticket of an application that is still to be decided and that one may read."""
    case = look(session, vault, staff, number, now, lines).case
    row = tickets.find(session, number)
    if row is None or number not in applications.found(session, vault, [number]):
        raise NotHere
    if case.state is TicketState.CLOSED or number not in applications.undecided(session, [number]):
        raise Overtaken
    return row


def _papers(
    session: Session, vault: Vault, staff: Staff, number: str, now: datetime, lines: Lines
) -> str:
    row = _open_one(session, vault, staff, number, now, lines)
    if not applications.found(session, vault, [number])[number].lacks_papers:
        raise Refused("这份申请没有在等材料。")
    applying.note_papers(session, vault, NotePapers(number, staff.name), now)
    return f"材料补齐了，{clocks.of(row).shown(now)}。"


def _decide(
    session: Session,
    vault: Vault,
    staff: Staff,
    number: str,
    now: datetime,
    lines: Lines,
    asked: _Decide,
) -> str:
    row = _open_one(session, vault, staff, number, now, lines)
    if asked.lent is not None and row.matter != loans.MONEY:
        raise Refused("这不是贷款的申请，不写放款金额。请返回改一下。")
    wish = DecideApplication(number, asked.outcome, staff.name, asked.why, asked.lent)
    applying.decide(session, vault, wish, now)
    return "结论记下了，会告诉对方。"


PAGES = (
    Page("GET", "/inbox-apply", form, Right.TICKETS),
    Page("POST", "/inbox-apply", accept, Right.TICKETS),
    Page("POST", "/inbox/{number}/papers", papers, Right.TICKETS),
    Page("POST", "/inbox/{number}/decide", decide, Right.TICKETS),
)
