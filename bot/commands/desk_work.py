"""`guiyan desk` beyond a talk: requests moved, applications taken in and decided, the figures."""

from __future__ import annotations

import argparse
import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.cli import BAD_USE, CommandError
from bot.commands import acting
from bot.wiring import App
from handlers import desk as counter
from handlers.desk import Case, NoSuchTicket
from handlers.tickets import applying, moving
from handlers.tickets.applying import (
    AcceptApplication,
    Applicant,
    DecideApplication,
    NotePapers,
)
from handlers.tickets.moving import MoveTicket
from handlers.tokens import receipt
from knowledge.areas import Gazetteer
from outreach import clocks, measures, routing
from outreach.calendars import CHINA
from outreach.measures import Share, Spans
from records import applications, people, tickets
from records.applications import Outcome
from records.database import Session
from records.rights import Right
from records.tickets import Level, Ticket, TicketState

_PHONE = 11


def move(session: Session, options: argparse.Namespace, app: App) -> list[str]:
    """A request to another level, about another subject, or both."""
    row = _open(session, options.number)
    matter = routing.matter_of(row.matter)
    if options.matter:
        called = routing.matter_called(options.matter)
        if called is None:
            names = "、".join(one.name for one in routing.matters().values())
            raise CommandError(f"没有“{options.matter}”这个科目，有这些：{names}。", BAD_USE)
        matter = called
    if not (options.to or options.matter):
        raise CommandError("要转到哪儿？写 --to village|town|county，或 --matter 科目。", BAD_USE)
    asked = Level(options.to) if options.to else matter.level
    new = moving.landings(session, row)[asked]
    wish = MoveTicket(row.number, Level(row.level), new, matter.code, options.staff, options.why)
    moving.move(session, app.vault, wish, app.now())
    absent = "" if new is asked else f"{routing.spoken(asked)}没有人在这儿值守，"
    return [f"{absent}{row.number} 现在在{routing.spoken(new)}，科目{matter.name}。"]


def accept(session: Session, options: argparse.Namespace, app: App) -> list[str]:
    """An application was handed in at the counter."""
    now = app.now()
    handed_in = _day(options.submitted) or now.astimezone(CHINA).date()
    until = _day(options.until)
    if handed_in > now.astimezone(CHINA).date():
        raise CommandError("交材料的日子不能在今天以后。", BAD_USE)
    if bool(options.missing) != bool(until):
        raise CommandError("缺材料要写 --missing 缺啥 --until 最晚哪天补，两个一起写。", BAD_USE)
    number = receipt(secrets.token_hex(8), "application")
    applicant = _applicant(session, options, app)
    wish = AcceptApplication(
        number, options.what, applicant, handed_in, options.staff, options.missing, until
    )
    applying.accept(session, app.vault, wish, now)
    until_told = clocks.of(session.get_one(Ticket, number)).promise
    untold = "" if applicant.conversation else "（他没有聊天账号，没法告诉他，请打电话）"
    return [f"受理了，编号 {number}，{until_told}。{untold}"]


def papers(session: Session, options: argparse.Namespace, app: App) -> list[str]:
    """What was to follow is there."""
    row = _application(session, options.number, app)
    applying.note_papers(session, app.vault, NotePapers(row.number, options.staff), app.now())
    return [f"{row.number} 的材料补齐了，{clocks.of(row).shown(app.now())}。"]


def decide(session: Session, options: argparse.Namespace, app: App) -> list[str]:
    """The office has decided on an application."""
    row = _application(session, options.number, app)
    outcome = Outcome(options.outcome)
    if outcome is Outcome.REFUSED and not options.why:
        raise CommandError("没批要写原因，对方会看到：--why 原因。", BAD_USE)
    wish = DecideApplication(row.number, outcome, options.staff, options.why)
    applying.decide(session, app.vault, wish, app.now())
    return [f"{row.number} 的结论记下了，已告诉对方。"]


def figures(
    session: Session, options: argparse.Namespace, app: App, places: Gazetteer
) -> list[str]:
    """How content people are, what they know, how long decisions and payments take."""
    area = places.resolve(options.area) if options.area else None
    if options.area and area is None:
        raise CommandError(f"没有“{options.area}”这个地方。", BAD_USE)
    code, year = area.code if area else "", options.year or app.now().astimezone(CHINA).year
    first, last = _new_year(year), _new_year(year + 1)
    found = applications.submitted_between(session, app.vault, first, last)
    return [
        _share("满意度（4分、5分）", measures.satisfaction(session, code, first, last)),
        _share("政策知晓率（两题都对）", measures.awareness(session, code, year)),
        _spans("审批用时", "个工作日", measures.decision_time(found, code, app.now())),
        _spans("到账用时", "天", measures.payment_time(found, code)),
    ]


def headline(case: Case, place: str, now: datetime, timezone: ZoneInfo) -> str:
    """One request in the list: flag, number, where it lies, its last day, what it is."""
    at = case.opened_at.astimezone(timezone)
    flag = "！" if case.is_flagged else "　"
    lies = f"{routing.spoken(case.level)}{routing.matter_of(case.matter).name}"
    until = "" if case.state is TicketState.CLOSED else f"  {case.clock.shown(now)}"
    line = f"{flag}{case.number}  {case.state:<6} {at:%m-%d %H:%M}{until}  {place}  {lies}"
    return f"{line}  {case.subject}"


def _share(name: str, share: Share) -> str:
    tally = share.tally
    told = "还没有" if share.percent is None else f"{share.percent}%"
    rate = "" if share.response_percent is None else f"（{share.response_percent}%）"
    return f"{name}：{told}，问了{tally.asked}人，答了{tally.answered}人{rate}"


def _spans(name: str, unit: str, spans: Spans) -> str:
    if spans.median is None:
        head = f"{name}：还没有"
    else:
        head = f"{name}：中位{spans.median:g}{unit}，最长{spans.longest}{unit}，{spans.count}件"
    late = f"，超期{spans.late}件" if spans.late else ""
    unknown = f"，{spans.unknown}件的放假安排还没公布，没算" if spans.unknown else ""
    return f"{head}；没完的{spans.open}件{late}{unknown}"


def _applicant(session: Session, options: argparse.Namespace, app: App) -> Applicant:
    """By a phone number of the register, or by a request of theirs."""
    who, now = options.who, app.now()
    if not (len(who) == _PHONE and who.isdigit()):
        acting.at_the_desk(session, app.vault, options.staff, who.upper(), now)
        case = counter.look_at(session, app.vault, who.upper(), now=now)
        row = tickets.find(session, who)
        if row is None or case is None or case.is_gone:
            raise NoSuchTicket(who)
        return Applicant(row.conversation, row.person_id, row.area)
    found = people.with_phone(session, app.vault, [who]).get(who, ())
    if len(found) != 1:
        what = "没有人" if not found else f"有{len(found)}个人"
        raise CommandError(f"用这个手机号登记的{what}。请写他的求助编号。")
    acting.of_person(session, options.staff, found[0].id, Right.TICKETS, now)
    return Applicant(found[0].account, found[0].id, found[0].area)


def _open(session: Session, number: str) -> Ticket:
    row = tickets.find(session, number)
    if row is None or not moving.is_open(row):
        raise NoSuchTicket(number)
    return row


def _application(session: Session, number: str, app: App) -> Ticket:
    row = _open(session, number)
    if row.number not in applications.found(session, app.vault, [row.number]):
        raise CommandError(f"{row.number} 不是申请。申请用 guiyan desk open 受理。")
    return row


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise CommandError(f"“{text}”不是日子，写成 2026-12-05 这样。", BAD_USE) from fault


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=CHINA)
