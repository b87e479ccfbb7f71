"""One case to one partner, only by the person's own word (domain P-08): asked, answered, ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from outreach import alerts
from outreach.texts import say
from records import audit, people, privacy_wordings, reminders, scope, sharing, staff_accounts
from records.database import Session
from records.messages import Option
from records.people import Status
from records.reminders import Kind, Reminder
from records.sharing import ANSWERED_WITHIN, Sharing, SharingState, Wanted
from records.staff_accounts import Staff, StaffRole
from records.tickets import Author, add_line
from records.vault import Vault

TICKET = "ticket"
FIELDS = {  # what may be shared at all: nothing of money or property (domain P-28)
    "name": "称呼",
    "phone": "手机号",
    "home": "老家",
    "plan": "想干什么",
    "lacks": "缺什么",
    TICKET: "这件诉求",
}
ANSWERS = {
    "name": ("nickname",),
    "phone": ("phone",),
    "home": ("home_place", "home_village"),
    "plan": ("intent", "biz_kind", "biz_months", "biz_licence", "want_kind"),
    "lacks": ("lacks",),
}
PURPOSES = {"loan": "办贷款", "site": "进园区找场地", "trade": "对接销路", "skills": "教技术"}
DAYS = (30, 90, 180)
_SILENT, _YEAR, _EACH_YEAR = timedelta(days=180), timedelta(days=365), 2  # domain P-26
_UNASKABLE = "他还没有自己在聊天里登记过，没法问本人同不同意。先请他在手机上登记。"
_TAKEN_BACK = frozenset({SharingState.ASKED, SharingState.GIVEN})


class SharingRefused(Exception):
    """It cannot be asked like this; one sentence in Chinese for staff."""


def partners(session: Session, person_id: str) -> list[Staff]:
    """The partners that work where somebody is at home."""
    everybody = staff_accounts.everybody(session)
    theirs = (one for one in everybody if one.role is StaffRole.PARTNER)
    return [one for one in theirs if scope.may_see_person(session, one.area, person_id)]


def spoken(fields: Iterable[str]) -> str:
    """What is shared, in words."""
    return "、".join(FIELDS[name] for name in fields)


def words(wanted: Wanted) -> str:
    """The question, as the person reads it: what, to whom, what for, how long."""
    what, why = spoken(wanted.fields), PURPOSES[wanted.purpose]
    return say("share.ask", what=what, name=wanted.partner, why=why, days=wanted.days)


def propose(session: Session, vault: Vault, wanted: Wanted, *, by: str, now: datetime) -> int:
    """Ask the person, by day; the number of the question. SharingRefused where it may not be."""
    wanted = replace(wanted, fields=tuple(name for name in FIELDS if name in wanted.fields))
    profile = people.by_ids(session, vault, [wanted.person_id]).get(wanted.person_id)
    if profile is None or profile.status is not Status.CONFIRMED or not profile.account:
        raise SharingRefused(_UNASKABLE)
    if fault := _hindrance(session, wanted, now):
        raise SharingRefused(fault)
    text = words(wanted)
    version = privacy_wordings.version_of(session, text, at=now)
    number = sharing.ask(session, wanted, version=version, by=by, at=now)
    ways = (
        Option(say("share.yes"), say("share.yes_word", number=number)),
        Option(say("share.no"), say("share.no_word", number=number)),
    )
    whom = reminders.to_person(wanted.person_id)
    until = now + ANSWERED_WITHIN
    asked = Reminder(_ask_key(number), whom, Kind.SURVEY, now, until, text, ways)
    reminders.plan(session, vault, asked, now)
    _note(session, "share.asked", wanted.person_id, audit.actor_of(by), now)
    return number


def unheard(session: Session, found: Iterable[Sharing]) -> frozenset[int]:
    """Questions that have not reached them yet: nobody agrees to what they have not read."""
    asked = [one for one in found if one.state is SharingState.ASKED]
    heard = {
        one.number
        for one in asked
        if reminders.was_said(session, _ask_key(one.number), one.asked_at)
    }
    return frozenset(one.number for one in asked) - heard


def answered(
    session: Session, vault: Vault, one: Sharing, *, is_given: bool, channel: str, now: datetime
) -> bool:
    """Their own word; False where nothing is asked any more."""
    if not sharing.answer(session, one.number, is_given=is_given, channel=channel, at=now):
        return False
    reminders.cancel(session, _ask_key(one.number), now)
    _note(session, "share.answered", one.wanted.person_id, "person", now)
    text = say("share.given") if is_given else say("share.refused")
    _tell(session, vault, one, [one.asked_by], text, now)
    if is_given:
        _tell(session, vault, one, [one.wanted.partner], say("share.look"), now)
    return True


def taken_back(
    session: Session, vault: Vault, found: Sequence[Sharing], *, actor: str, now: datetime
) -> None:
    """From this moment on nothing of it is shown; who asked and who saw it are told."""
    ended = [one for one in found if one.state in _TAKEN_BACK]
    sharing.end(session, [one.number for one in ended], now)
    for one in ended:
        reminders.cancel(session, f"share/{one.number}", now)
        _note(session, "share.ended", one.wanted.person_id, actor, now)
        whom = [one.asked_by, one.wanted.partner]
        _tell(session, vault, one, whom, say("share.ended", number=one.number), now)


def replied(session: Session, vault: Vault, one: Sharing, text: str, now: datetime) -> None:
    """What the partner answers goes to the person by day, and to the request for staff."""
    key = f"share/{one.number}/answer/{now:%y%m%d%H%M%S}"
    whom, until = reminders.to_person(one.wanted.person_id), now + ANSWERED_WITHIN
    told = say("share.answer", name=one.wanted.partner, text=text)
    reminders.plan(session, vault, Reminder(key, whom, Kind.APPOINTMENT, now, until, told), now)
    if one.wanted.ticket:
        add_line(session, vault, one.wanted.ticket, author=Author.STAFF, text=told, at=now)
    _note(session, "share.replied", one.wanted.person_id, audit.actor_of(one.wanted.partner), now)
    _tell(session, vault, one, [one.asked_by], say("share.replied", number=one.number), now)


def _hindrance(session: Session, wanted: Wanted, now: datetime) -> str:
    if wanted.partner not in {one.name for one in partners(session, wanted.person_id)}:
        return "没有这个合作单位，或者它不负责这个地方。"
    past = [
        one
        for one in sharing.of_people(session, [wanted.person_id], now)
        if one.wanted.partner == wanted.partner
    ]
    if any(one.state is SharingState.ASKED for one in past):
        return "已经问过他了，等他回话（最多等七天）。"
    if any(one.state is SharingState.GIVEN for one in past):
        return "他已经同意过，还没到期。要改内容，先停止现在这次。"
    noes = [one.answered_at for one in past if one.state is SharingState.REFUSED]
    if any(at and now - at < _SILENT for at in noes):
        return "他说过不同意给这家看，180 天内不能再问。"
    lately = [one for one in past if now - one.asked_at < _YEAR]
    return "一年里已经问过他两次，不能再问。" if len(lately) >= _EACH_YEAR else ""


def _tell(
    session: Session, vault: Vault, one: Sharing, names: Iterable[str], text: str, now: datetime
) -> None:
    for name in names:
        key = f"share/{one.number}/{now:%y%m%d%H%M%S}/{vault.fingerprint(name)[:16]}"
        alerts.write_to(session, vault, name, text, key=key, now=now)


def _ask_key(number: int) -> str:
    return f"share/{number}/ask"


def _note(session: Session, act: str, person_id: str, actor: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=actor[:60], subject=person_id)
