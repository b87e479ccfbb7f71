"""Tells staff of new requests for a human, and passes on what people say to their helper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from outreach import clocks, routing
from outreach.calendars import after_quiet
from outreach.pushes import short
from outreach.season import is_surge
from outreach.texts import say
from records import bodies, outbox, rights, staff_accounts, tickets
from records.database import Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.rights import Post
from records.scope import is_within, may_see_ticket
from records.staff_accounts import Staff
from records.tickets import Author, Level, Ticket, TicketKind
from records.vault import Vault

ROBOT = "wecom_robot"
_APP = "wecom_app:"
_IN_TALK = timedelta(hours=2)  # since staff last wrote: they wait for the answer, also at night
_LATER, _AT_ONCE = Priority.NOTICE, Priority.REPLY  # what waits for the morning holds up nothing
_WORDS = {
    TicketKind.TALK: "request.talk",
    TicketKind.CALLBACK: "request.callback",
    TicketKind.COMPLAINT: "request.complaint",
    TicketKind.CLOSED_BUSINESS: "request.closed_business",
    TicketKind.SCAM: "request.scam",
    TicketKind.DANGER: "request.danger",
    TicketKind.IDENTITY: "request.identity",
    TicketKind.HOME: "request.home",
    TicketKind.APPLICATION: "request.application",
}


class Why(StrEnum):
    """Why staff is told of a request."""

    NEW = "new"
    AGAIN = "again"  # whoever looked after it was taken off it
    MOVED = "moved"  # by a colleague, from another level or subject
    NEAR = "near"  # its time is nearly up
    OVERDUE = "overdue"  # its time is up, those below have not done it
    UNPAID = "unpaid"  # an application was granted, and the money has not come


@dataclass(frozen=True, slots=True)
class Alert:
    """A request that staff is to learn of; `place` is its area in words.

    `at`: when what it is told anew for took place.
    """

    number: str
    kind: TicketKind
    area: str
    place: str
    is_urgent: bool
    why: Why = Why.NEW
    at: datetime | None = None


def word_of(kind: TicketKind) -> str:
    """What a request is about, as staff reads it."""
    return say(_WORDS[kind])


def about(kind: TicketKind, matter: str) -> str:
    """What a request is about with its subject, where that is known: 想找人说（子女入学）."""
    known = routing.matter_of(matter)
    is_known = known.code not in (routing.OTHER, routing.HOME)
    return f"{word_of(kind)}（{known.name}）" if is_known else word_of(kind)


def look_option(number: str) -> Option:
    """The button that shows a request."""
    return _option(say("alert.look"), number)


def act_options(number: str, *, is_taken: bool) -> tuple[Option, ...]:
    """The buttons of a request: the words that staff may as well write."""
    words = [say("alert.reply"), say("alert.close")]
    return tuple(
        _option(word, number) for word in (words if is_taken else [say("alert.take"), *words])
    )


def tell(session: Session, vault: Vault, alert: Alert, *, robot: str, now: datetime) -> None:
    """Queue an alert to who serves it, and to the group of `robot`, if there is one.

    Nothing personal is in it: who reads the request leaves a trace.
    """
    due = now if alert.is_urgent else after_quiet(now)
    priority = _AT_ONCE if alert.is_urgent else _LATER
    row = tickets.find(session, alert.number)
    text = _text(alert, row, now)
    options = (look_option(alert.number), *act_options(alert.number, is_taken=False))
    readers = _who_learn(session, alert, row, now)
    cards = [
        _notice(vault, a, text, options, key=_key(alert, a), due=due, priority=priority)
        for a in map(_address, readers)
    ]
    if not readers:
        told = f"{text}\n{say('alert.nobody', place=alert.place)}"
        cards += [
            _notice(vault, a, told, (), key=_key(alert, a), due=due, priority=priority)
            for a in map(_address, _above(session, alert.area))
        ]
    if robot:
        group = f"{ROBOT}:{robot}"
        hint = say("alert.in_group", number=alert.number)
        whole = f"{text}\n{hint}"
        key = _key(alert, group)
        cards.append(_notice(vault, group, whole, (), key=key, due=due, priority=priority))
    outbox.enqueue(session, cards)


def relay(
    session: Session, vault: Vault, number: str, text: str, *, key: str, now: datetime
) -> None:
    """Pass on what the person said to whoever looks after the request; once for each key."""
    row = tickets.find(session, number)
    staff = staff_accounts.active(session, row.taken_by) if row and row.taken_by else None
    if row is None or staff is None or not staff.accounts:
        return
    lead = say("alert.said", number=number)
    is_live = _is_live(session, row, now)
    address = _address(staff)
    card = _notice(
        vault,
        address,
        f"{lead}\n{text}",
        act_options(number, is_taken=True),
        key=outbox.key_about(number, f"{key}:{address}"),
        due=now if is_live else after_quiet(now),
        priority=_AT_ONCE if is_live else _LATER,
    )
    outbox.enqueue(session, [card])


def write_to(
    session: Session,
    vault: Vault,
    name: str,
    text: str,
    *,
    key: str,
    now: datetime,
    options: Sequence[Option] = (),
    is_awaited: bool = False,
    picture: str = "",
) -> None:
    """Tell one of the staff something by day, once for each key; nothing where no account is.

    `is_awaited`: they are in the talk and wait for it, also at night. `picture`: the id of one.
    """
    staff = staff_accounts.active(session, name)
    if staff is None or not staff.accounts:
        return
    due, priority = (now, _AT_ONCE) if is_awaited else (after_quiet(now), _LATER)
    extra = {"picture": picture} if picture else {}
    card = _notice(
        vault, _address(staff), text, options, key=key, due=due, priority=priority, extra=extra
    )
    outbox.enqueue(session, [card])


def _text(alert: Alert, row: Ticket | None, now: datetime) -> str:
    place = alert.place or say("alert.nowhere")
    what = about(alert.kind, row.matter if row else "")
    if alert.is_urgent:
        return say("alert.urgent", number=alert.number, what=what, place=place)
    until = clocks.of(row).shown(now) if row else say("alert.undated")
    words = {"number": alert.number, "what": what, "place": place, "until": until}
    match alert.why:
        case Why.AGAIN:
            return say("alert.again", **words)
        case Why.MOVED:
            return say("alert.moved", **words)
        case Why.NEAR:
            return say("alert.near", **words)
        case Why.OVERDUE:
            return say("alert.overdue", **words)
        case Why.UNPAID:
            return say("alert.unpaid", number=alert.number, what=what, place=place)
    return say("alert.new", **words)


def _who_learn(session: Session, alert: Alert, row: Ticket | None, now: datetime) -> list[Staff]:
    """Of danger all who may see it; else who has it, or who serves it, or whoever may see it.

    In the weeks of the festival those who stand in for them learn of it, too.
    """
    person = row.person_id if row else ""
    able = [
        staff
        for staff in staff_accounts.everybody(session)
        if staff.accounts and _may_see(session, staff, person, alert.area)
    ]
    if alert.is_urgent or row is None:
        return able
    holder = staff_accounts.active(session, row.taken_by) if row.taken_by else None
    if holder is not None and holder.accounts:
        return [holder]
    home, level = routing.home_of(session, row.person_id, row.area), Level(row.level)
    reached = [staff for staff in staff_accounts.everybody(session) if staff.accounts]
    serving = [staff for staff in reached if routing.serves(staff, level, home)]
    first = bodies.who_takes(session, row.area, row.matter)  # the groups of the papers (S2-11)
    serving = [staff for staff in serving if staff.name in first] or serving
    stand_in = [staff for staff in reached if routing.backs_up(staff, level, home)]
    return serving + (stand_in if is_surge(now) else []) if serving else able


def _above(session: Session, area: str) -> list[Staff]:
    """The city's staff: they read no requests, but can see to it that somebody does."""
    return [
        staff
        for staff in staff_accounts.everybody(session)
        if staff.accounts and rights.post_of(staff) is Post.CITY and is_within(area, staff.area)
    ]


def _may_see(session: Session, staff: Staff, person_id: str, area: str) -> bool:
    reads = staff.role.sees_requests and staff.sees_requests
    return reads and may_see_ticket(session, staff.area, person_id, area)


def _address(staff: Staff) -> str:
    """Where they are written to: in the app, if they are bound there."""
    return next((a for a in staff.accounts if a.startswith(_APP)), staff.accounts[0])


def _is_live(session: Session, row: Ticket, now: datetime) -> bool:
    wrote = tickets.last_said(session, row.number, Author.STAFF)
    return row.is_flagged or (wrote is not None and now - wrote < _IN_TALK)


def _notice(
    vault: Vault,
    address: str,
    text: str,
    options: Sequence[Option],
    *,
    key: str,
    due: datetime,
    priority: Priority,
    extra: dict[str, str] | None = None,
) -> NewOutgoing:
    channel, chat = address.split(":", 1)
    return NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=short(key),
        payload=outbox.sealed_content(vault, text, options=options, kind="notice", extra=extra),
        due=due,
        priority=priority.value,
    )


def _option(word: str, number: str) -> Option:
    return Option(word, f"{word} {number}")


def _key(alert: Alert, address: str) -> str:
    kind = "urgent" if alert.is_urgent else alert.why.value
    at = f":{alert.at:%Y%m%d%H%M%S}" if alert.at is not None else ""
    return f"alert:{alert.number}:{kind}{at}:{address}"
