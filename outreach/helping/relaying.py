"""Passes words on between helpers and those whom they look after; both sides are kept (P2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from outreach import alerts, caps
from outreach.calendars import after_quiet, is_quiet
from outreach.reach import ALL, Lines, Way, ways
from outreach.texts import say
from records import account_links, audit, outbox, relays, stops
from records.assignments import Assigned, Help
from records.database import Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.people import Profile, Status
from records.relays import By, Leave, Line, Phone
from records.send_budgets import Reach
from records.stops import StopReason
from records.vault import Vault

_ONE_TALK = timedelta(days=2)  # in which they and the helper write to and fro
_ONE_MESSAGE = timedelta(minutes=10)  # in which a helper's words are parts of one message
_IN_TALK = timedelta(hours=2)  # since the helper wrote: they wait for the answer, also at night
NO_LEAVE = Leave()  # nothing was said yet
_NO_WAY = Way("", Reach.NOT_AT_ALL)


class Refusal(StrEnum):
    """Why a helper's words are not passed on."""

    NIGHT = "night"
    CAPPED = "capped"  # M-10: one more unasked would be too many, or not when they wish it
    STOPPED = "stopped"
    NEVER_HERE = "never_here"  # somebody else registered them: they have no chat with us
    UNREACHABLE = "unreachable"
    GONE = "gone"  # has died: nobody is written to


@dataclass(frozen=True, slots=True)
class Passage:
    """How words get from a helper to a person, and what the person allows this helper.

    `is_unasked`: they take the person's day. `free_at` is when more may be written, if not now.
    """

    way: Way = _NO_WAY
    leave: Leave = NO_LEAVE
    refusal: Refusal | None = None
    is_unasked: bool = False
    free_at: datetime | None = None


def passage(
    session: Session,
    vault: Vault,
    profile: Profile,
    helper: str,
    now: datetime,
    lines: Lines = ALL,
) -> Passage:
    """Whether and how a helper may write to somebody at this moment."""
    leave = relays.leaves(session, [profile.id]).get((profile.id, helper), Leave())
    if profile.status is Status.DECEASED:
        return Passage(leave=leave, refusal=Refusal.GONE)
    accounts = _accounts(session, profile)
    if not accounts:
        return Passage(leave=leave, refusal=Refusal.NEVER_HERE)
    way = ways(session, {profile.id: accounts}, lines, now, priority=Priority.REPLY)[profile.id]
    if leave.is_stopped or _said_stop(session, vault, profile, helper, accounts, now):
        return Passage(way, leave, Refusal.STOPPED)
    if is_quiet(now):
        return Passage(way, leave, Refusal.NIGHT)
    if way.reach is Reach.NOT_AT_ALL:
        return Passage(way, leave, Refusal.UNREACHABLE)
    if way.reach is Reach.WHEN_THEY_WRITE or _is_awaited(session, profile.id, helper, now):
        return Passage(way, leave)
    free_at = caps.free_at(session, way.account, "relay", now)
    if free_at > now:
        return Passage(way, leave, Refusal.CAPPED, free_at=free_at)
    return Passage(way, leave, is_unasked=True)


def pass_on(
    session: Session, vault: Vault, one: Assigned, text: str, through: Passage, now: datetime
) -> None:
    """A helper's words go to the person under the helper's name, at once.

    A mentor's first ones bring the question whether the mentor may see the number.
    """
    arrived = through.way.reach is not Reach.WHEN_THEY_WRITE
    line = Line(one.person_id, one.helper, one.help, By.HELPER, text, now, arrived)
    number = relays.write(session, vault, line)
    role = _role(one.help)
    said = say("relay.said", name=one.helper, role=role, text=text)
    messages = [_message(vault, through.way.account, said, number, now)]
    if through.leave.phone is Phone.UNASKED and one.help is Help.MENTOR:
        asked(session, one, now)
        messages.append(_question(vault, through.way.account, one.helper, number, now))
    outbox.enqueue(session, messages)
    if through.is_unasked:
        caps.take_day(session, through.way.account, f"relay/{number}", now)
    actor = f"staff:{one.helper}"[:60]
    audit.write(session, "relay.sent", at=now, actor=actor, subject=one.person_id)


def answer(
    session: Session, vault: Vault, one: Assigned, name: str, text: str, now: datetime
) -> None:
    """A person's words go to their helper, by day, or at once where the helper just wrote."""
    recent = relays.written_since(session, [one.person_id], now - _IN_TALK)
    line = Line(one.person_id, one.helper, one.help, By.PERSON, text, now)
    number = relays.write(session, vault, line)
    told = say("relay.answered", number=one.number, name=name, text=text)
    key = outbox.key_about(one.person_id, f"relay/{number}")
    is_awaited = (one.person_id, one.helper) in recent
    alerts.write_to(session, vault, one.helper, told, key=key, now=now, is_awaited=is_awaited)
    audit.write(session, "relay.answered", at=now, actor="person", subject=one.person_id)


def allow_phone(
    session: Session, vault: Vault, one: Assigned, is_shown: bool, now: datetime
) -> None:
    """Whether a helper may see the person's number, from now on; a yes is told to the helper."""
    phone = Phone.YES if is_shown else Phone.NO
    relays.allow(
        session, one.person_id, one.helper, replace(_leave(session, one), phone=phone), now
    )
    act = "phone.shown" if is_shown else "phone.hidden"
    audit.write(session, act, at=now, actor="person", subject=one.person_id)
    if is_shown:
        key = f"relay/phone/{one.person_id}/{now:%Y%m%d%H%M%S}"
        told = say("relay.phone_shown", number=one.number)
        alerts.write_to(session, vault, one.helper, told, key=key, now=now)


def asked(session: Session, one: Assigned, now: datetime) -> None:
    """They were asked about their number: once is enough."""
    leave = _leave(session, one)
    if leave.phone is Phone.UNASKED:
        asked_now = replace(leave, phone=Phone.ASKED)
        relays.allow(session, one.person_id, one.helper, asked_now, now)


def stop(session: Session, one: Assigned, is_stopped: bool, now: datetime) -> None:
    """Whether a helper may write to the person through us, from now on."""
    leave = replace(_leave(session, one), is_stopped=is_stopped)
    relays.allow(session, one.person_id, one.helper, leave, now)
    act = "relay.stopped" if is_stopped else "relay.allowed"
    audit.write(session, act, at=now, actor="person", subject=one.person_id)


def shows_phone(one: Assigned, leave: Leave) -> bool:
    """Whether a helper sees the number: the commissioner, a mentor once both agreed (1.7)."""
    return one.help is Help.COMMISSIONER or leave.phone is Phone.YES


def _leave(session: Session, one: Assigned) -> Leave:
    found = relays.leaves(session, [one.person_id])
    return found.get((one.person_id, one.helper), Leave())


def _is_awaited(session: Session, person_id: str, helper: str, now: datetime) -> bool:
    """Whether a helper's words answer the person's, or go on with what was said just now."""
    if (person_id, helper) in relays.written_since(session, [person_id], now - _ONE_MESSAGE):
        return True
    heard = relays.last_heard(session, person_id, helper)
    if heard is None:
        return False
    is_answered = (person_id, helper) in relays.written_since(session, [person_id], heard)
    return now - heard < _ONE_TALK or not is_answered


def _accounts(session: Session, profile: Profile) -> list[str]:
    """Where they write from, the one that they registered on first."""
    if not profile.account:
        return []
    return [profile.account, *account_links.accounts_of(session, profile.id)]


def _said_stop(
    session: Session,
    vault: Vault,
    profile: Profile,
    helper: str,
    accounts: list[str],
    now: datetime,
) -> bool:
    """Whether they want nothing unasked; who wrote to the helper since wants an answer.

    Whose business failed is sent no offers, but not left alone (J12).
    """
    phone = [vault.fingerprint(profile.phone)] if profile.phone else []
    said = stops.since(session, [*accounts, *phone], now, but=StopReason.CLOSED)
    if said is None:
        return False
    heard = relays.last_heard(session, profile.id, helper)
    return heard is None or heard <= said


def _message(vault: Vault, account: str, text: str, number: int, now: datetime) -> NewOutgoing:
    channel, chat = account.split(":", 1)
    return NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=f"relay/{number}",
        payload=outbox.sealed_content(vault, text, kind="staff"),
        due=now,
        priority=Priority.REPLY.value,
    )


def _question(vault: Vault, account: str, helper: str, number: int, now: datetime) -> NewOutgoing:
    channel, chat = account.split(":", 1)
    ways_on = (
        Option(f"1 {say('relay.may_see')}", say("relay.show_word", name=helper)),
        Option(f"2 {say('relay.only_here')}", say("relay.hide_word", name=helper)),
    )
    text = say("relay.ask_phone", name=helper)
    return NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=f"relay/{number}/phone",
        payload=outbox.sealed_content(vault, text, options=ways_on, kind="notice"),
        due=after_quiet(now),
        priority=Priority.NOTICE.value,
    )


def _role(help: Help) -> str:
    return say("relay.mentor") if help is Help.MENTOR else say("relay.commissioner")
