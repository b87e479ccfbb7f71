"""Requests about personal data as the office answers them: receipt, clock, decision, proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import desk_acts, forgetting, my_data, rooms
from handlers.desk import Act, Clerk, Work, look_at
from handlers.desk_acts import Unreachable
from handlers.dialogue import Office, Scene, State
from handlers.forms.form import REGISTRATION, Forms
from handlers.linked import Linking
from handlers.reaching import channel_of
from handlers.rooms import Heard
from handlers.tokens import receipt
from knowledge.answer import Answerer
from outreach import clocks
from outreach.clocks import Clock
from outreach.reach import ALL, Lines
from records import account_links, audit, people, privacy_requests, scope, tickets, unasked
from records.database import Session
from records.people import Person, Status
from records.privacy_requests import Outcome, Request, RequestKind
from records.send_budgets import Reach
from records.tickets import NewTicket, Ticket, TicketKind, TicketState
from records.vault import Vault
from registry import sweeping

PROMISED, HARD = 3, 15  # working days: our own promise, and the limit of law (domain P-15)
WAYS = {"chat": "聊天", "phone": "电话", "counter": "窗口", "paper": "来信"}
NAMES = {
    RequestKind.ACCESS: "查看、复制",
    RequestKind.CORRECTION: "更正",
    RequestKind.DELETION: "删除",
    RequestKind.COMPLAINT: "投诉",
    RequestKind.RELATIVE: "近亲属的请求",
}
OUTCOMES = {Outcome.DONE: "已办", Outcome.REFUSED: "不予办理"}


class RequestRefused(Exception):
    """It cannot be done to this request; one sentence in Chinese."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request that reached the office another way than the chat."""

    kind: RequestKind
    text: str
    way: str = "counter"
    person_id: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a decision: whether the person learns of it in the chat, and on which."""

    number: str
    channel: str = ""


def promised(ticket: Ticket) -> Clock:
    """Our own promise; never longer than three working days, whatever the ticket says."""
    started = ticket.starts_at or ticket.opened_at
    return clocks.clock(started, min(PROMISED, ticket.working_days))


def limit(ticket: Ticket) -> Clock:
    """The hard limit."""
    return clocks.clock(ticket.starts_at or ticket.opened_at, HARD)


def take_in(
    session: Session, vault: Vault, new: NewRequest, *, token: str, by: str, now: datetime
) -> str:
    """Enter a request; its receipt number, to be told to whoever brought it."""
    if not new.text.strip():
        raise RequestRefused("请写清楚来人要求什么。")
    number = receipt(token, "privacy")
    kind = TicketKind.COMPLAINT if new.kind is RequestKind.COMPLAINT else TicketKind.IDENTITY
    account = people.account_of(session, new.person_id) if new.person_id else ""
    spot = scope.spots(session, [new.person_id]).get(new.person_id)
    ticket = NewTicket(
        number=number,
        kind=kind,
        subject=new.text.strip(),
        area=spot.area if spot else new.area,
        person_id=new.person_id,
        working_days=PROMISED,
    )
    channel, _, chat = account.partition(":")
    tickets.raise_ticket(session, vault, ticket, channel=channel, chat=chat, at=now)
    privacy_requests.sort(session, vault, number, new.kind, way=new.way, by=by)
    _audit(session, "privacy.opened", number, by, now)
    return number


def sort(
    session: Session, vault: Vault, number: str, kind: RequestKind, *, by: str, now: datetime
) -> None:
    """Say what a request that came by chat is about."""
    found = _open(session, vault, number)
    privacy_requests.sort(session, vault, found.ticket.number, kind, way=found.way)
    _audit(session, "privacy.sorted", found.ticket.number, by, now)


def settle(
    session: Session,
    vault: Vault,
    number: str,
    outcome: Outcome,
    *,
    reason: str,
    clerk: Clerk,
    now: datetime,
    lines: Lines = ALL,
) -> Settled:
    """It is done, or refused with a reason; the person is told where they can be."""
    found = _open(session, vault, number)
    if outcome is Outcome.REFUSED and not reason.strip():
        raise RequestRefused("不予办理要写明理由，对方有权知道。")
    if found.kind is None:
        raise RequestRefused("先选这是哪一类请求，再办结。")
    if outcome is Outcome.DONE and _is_still_here(session, found):
        raise RequestRefused("他的信息还在：先点“删除他的全部信息”，删好了会自己办结。")
    number = found.ticket.number
    words = "您的请求已经办好。" if outcome is Outcome.DONE else "您的请求不能办理。"
    channel = _tell(
        session, vault, number, words + reason.strip(), clerk=clerk, now=now, lines=lines
    )
    tickets.close(session, number, at=now)
    _decided(session, vault, number, outcome, reason=reason, clerk=clerk, now=now)
    return Settled(number, channel)


def _is_still_here(session: Session, found: Request) -> bool:
    """Whether somebody who wants to be deleted is still registered."""
    is_deletion = found.kind is RequestKind.DELETION
    person = found.ticket.person_id
    return is_deletion and bool(person) and bool(people.told_at(session, [person]))


def erase(
    session: Session,
    vault: Vault,
    number: str,
    *,
    counted: tuple[str, ...],
    clerk: Clerk,
    now: datetime,
    lines: Lines = ALL,
) -> Settled:
    """Delete whom a request is about; the receipt is the proof that stays."""
    found = _open(session, vault, number)
    person_id, number = found.ticket.person_id, found.ticket.number
    if found.kind not in (RequestKind.DELETION, RequestKind.RELATIVE):
        raise RequestRefused("这不是删除请求，先把类别改成“删除”。")
    if not person_id or session.get(Person, person_id) is None:
        raise RequestRefused("这个请求还没有对上登记的人，先核对是谁。")
    told = f"您的个人信息已经删除，回执号{number}。"
    channel = _tell(session, vault, number, told, clerk=clerk, now=now, lines=lines)
    for account in _accounts(session, person_id):
        unasked.withdraw(session, vault, account, now)
    tickets.erase_of(session, vault, person_id=person_id, at=now)
    forgetting.erase(session, vault, person_id, here="", counted=counted, at=now)
    actor = audit.actor_of(clerk.account)
    audit.write(session, "person.erased", at=now, actor=actor, subject=person_id, receipt=number)
    _decided(session, vault, number, Outcome.DONE, reason="", clerk=clerk, now=now)
    return Settled(number, channel)


def name_person(
    session: Session, vault: Vault, number: str, person_id: str, *, by: str, now: datetime
) -> None:
    """Staff have checked who it is that asks."""
    found = _open(session, vault, number)
    if session.get(Person, person_id) is None:
        raise RequestRefused("没有这个人，可能刚刚删除了。")
    found.ticket.person_id = person_id
    session.flush()
    _audit(session, "privacy.proved", found.ticket.number, by, now)


def mark_died(session: Session, vault: Vault, number: str, *, clerk: Clerk, now: datetime) -> None:
    """A relative said so, and staff have seen the paper: all messages stop at once."""
    found = _open(session, vault, number)
    person_id = found.ticket.person_id
    if found.kind is not RequestKind.RELATIVE or not person_id:
        raise RequestRefused("只有近亲属的请求、并且对上了登记的人，才能标记已故。")
    row = session.get(Person, person_id)
    if row is not None and row.status != Status.DECEASED:
        sweeping.mark_died(session, vault, person_id, staff=clerk.account, at=now)


def copy_of(
    session: Session,
    vault: Vault,
    person_id: str,
    *,
    answerer: Answerer,
    office: Office,
    forms: Forms,
    by: str,
    now: datetime,
) -> str:
    """Everything held of a person, as they get it in the chat; the trail says who took it out."""
    profile = people.by_ids(session, vault, [person_id]).get(person_id)
    if profile is None:
        raise RequestRefused("没有这个人，可能刚刚删除了。")
    heard = Heard(
        session=session,
        vault=vault,
        account=profile.account,
        texts=["导出"],
        state=State(),
        now=now,
        staff=None,
        profiles=(profile,),
        area=profile.area,
        shown=(),
        lines=ALL,
    )
    links = tuple(account_links.of_people(session, [person_id]))
    scene = Scene(
        now=now,
        answerer=answerer,
        office=office,
        profiles=(profile,),
        forms=forms,
        linking=Linking(profile.account, links),
        **rooms.by_name(rooms.read(heard)),
    )
    _audit(session, "person.copied", person_id, by, now)
    return my_data.copy_text(profile, scene)


def counted_of(forms: Forms) -> tuple[str, ...]:
    """The answers that stay in totals after a deletion."""
    return forms[REGISTRATION].counted


def _tell(
    session: Session,
    vault: Vault,
    number: str,
    text: str,
    *,
    clerk: Clerk,
    now: datetime,
    lines: Lines,
) -> str:
    """The channel that the words go by; "" where nobody can be reached, so staff tell them."""
    case = look_at(session, vault, number, now=now, lines=lines)
    if case is None or case.way.reach is Reach.NOT_AT_ALL:
        return ""
    try:
        desk_acts.answer(session, vault, Work(Act.REPLY, case, clerk, text), now=now)
    except Unreachable:
        return ""
    return channel_of(case.way)


def _decided(
    session: Session,
    vault: Vault,
    number: str,
    outcome: Outcome,
    *,
    reason: str,
    clerk: Clerk,
    now: datetime,
) -> None:
    kept = reason.strip()
    who = clerk.account
    privacy_requests.decide(session, vault, number, outcome, reason=kept, by=who, at=now)
    act = "privacy.done" if outcome is Outcome.DONE else "privacy.refused"
    actor = audit.actor_of(clerk.account)
    audit.write(session, act, at=now, actor=actor, subject=number, receipt=number)


def _open(session: Session, vault: Vault, number: str) -> Request:
    found = privacy_requests.find(session, vault, number)
    if found is None:
        raise RequestRefused("没有这个回执号的请求。")
    if found.ticket.state == TicketState.CLOSED:
        raise RequestRefused("这个请求已经办结了。")
    return found


def _accounts(session: Session, person_id: str) -> Sequence[str]:
    home = people.account_of(session, person_id)
    links = (link.account for link in account_links.of_people(session, [person_id]))
    return [account for account in dict.fromkeys((home, *links)) if account]


def _audit(session: Session, act: str, subject: str, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=audit.actor_of(by), subject=subject)
