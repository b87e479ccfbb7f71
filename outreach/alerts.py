"""Tells staff of new requests for a human, and passes on what people say to their helper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.calendars import after_quiet
from outreach.pushes import short
from outreach.texts import say
from records import outbox, staff_accounts, tickets
from records.database import Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.scope import may_see_ticket
from records.staff_accounts import Staff
from records.tickets import Author, Ticket, TicketKind
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
}


@dataclass(frozen=True, slots=True)
class Alert:
    """A request that staff is to learn of; `place` is its area in words.

    `left_at`: when whoever looked after it was taken off it, so that it is told of anew.
    """

    number: str
    kind: TicketKind
    area: str
    place: str
    is_urgent: bool
    left_at: datetime | None = None


def word_of(kind: TicketKind) -> str:
    """What a request is about, as staff reads it."""
    return say(_WORDS[kind])


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
    """Queue an alert to the staff of its area, and to the group of `robot`, if there is one.

    Nothing personal is in it: who reads the request leaves a trace.
    """
    due = now if alert.is_urgent else after_quiet(now)
    priority = _AT_ONCE if alert.is_urgent else _LATER
    text = _text(alert)
    options = (look_option(alert.number), *act_options(alert.number, is_taken=False))
    addresses = [_address(staff) for staff in _who_may_see(session, alert) if staff.accounts]
    cards = [
        _notice(vault, a, text, options, key=_key(alert, a), due=due, priority=priority)
        for a in addresses
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
    staff = _named(session, row.taken_by) if row is not None and row.taken_by else None
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
) -> None:
    """Tell one of the staff something by day, once for each key; nothing where no account is."""
    staff = _named(session, name)
    if staff is None or not staff.accounts:
        return
    address, due = _address(staff), after_quiet(now)
    card = _notice(vault, address, text, options, key=key, due=due, priority=_LATER)
    outbox.enqueue(session, [card])


def _text(alert: Alert) -> str:
    words = {"number": alert.number, "what": word_of(alert.kind)}
    place = alert.place or say("alert.nowhere")
    if alert.is_urgent:
        return say("alert.urgent", place=place, **words)
    if alert.left_at is not None:
        return say("alert.again", place=place, **words)
    return say("alert.new", place=place, **words)


def _who_may_see(session: Session, alert: Alert) -> Iterable[Staff]:
    row = tickets.find(session, alert.number)
    person = row.person_id if row else ""
    for staff in staff_accounts.everybody(session):
        if staff.role.sees_requests and may_see_ticket(session, staff.area, person, alert.area):
            yield staff


def _named(session: Session, name: str) -> Staff | None:
    found = (staff for staff in staff_accounts.everybody(session) if staff.name == name)
    return next(found, None)


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
) -> NewOutgoing:
    channel, chat = address.split(":", 1)
    return NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=short(key),
        payload=outbox.sealed_content(vault, text, options=options, kind="notice"),
        due=due,
        priority=priority.value,
    )


def _option(word: str, number: str) -> Option:
    return Option(word, f"{word} {number}")


def _key(alert: Alert, address: str) -> str:
    kind = "urgent" if alert.is_urgent else "new"
    left = f":{alert.left_at:%Y%m%d%H%M%S}" if alert.left_at is not None else ""
    return f"alert:{alert.number}:{kind}{left}:{address}"
