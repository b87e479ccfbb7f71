"""Question D18: may the story be told? Asked after success, taken back by one word."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach import alerts
from outreach.cases import publishing, recalling, success
from outreach.cases.publishing import Leave
from outreach.texts import say
from records import audit, cases, consents, privacy_wordings, reminders
from records.cases import CONSENT, NAMED, Case, Step, Tier
from records.consents import Said
from records.database import Session
from records.messages import Option
from records.reminders import Kind, Reminder
from records.vault import Vault

SYSTEM = "system"  # who asks where nobody of the staff did
_SILENT, _YEAR, _EACH_YEAR = timedelta(days=180), timedelta(days=365), 2  # domain P-26
_OPEN = timedelta(days=7)


def hindrance(session: Session, vault: Vault, case: Case, now: datetime) -> str:
    """Why somebody is not to be asked now, for staff to read; "" where nothing speaks against."""
    if case.tier is Tier.LEAD:
        return say("case.too_early")
    if doubt := success.doubt(session, vault, case.person_id, now):
        return doubt.value
    if is_answered(session, case.person_id):
        return say("case.agreed_already")
    if refused_lately(session, case.person_id, CONSENT, now):
        return say("case.refused")
    asked = [at for at in cases.stepped(session, case.person_id, Step.ASKED) if now - at < _YEAR]
    return say("case.asked_enough") if len(asked) >= _EACH_YEAR else ""


def is_answered(session: Session, person_id: str) -> bool:
    """Whether they agreed, in one way or the other."""
    return publishing.leave(session, person_id) in (Leave.NAMED, Leave.NAMELESS)


def refused_lately(session: Session, person_id: str, kind: str, now: datetime) -> bool:
    """Whether their last word on a consent was no, and half a year is not over (domain P-26)."""
    said = consents.in_force(session, [person_id]).get(person_id, ())
    return any(s.kind == kind and not s.given and now - s.at < _SILENT for s in said)


def ask(session: Session, vault: Vault, case: Case, *, by: str, now: datetime) -> None:
    """Ask by day, within the caps; `hindrance` has found nothing against it."""
    cases.note(session, vault, case, Step.ASKED, staff=by, at=now)
    number = case.number
    ways = (
        Option(say("case.may"), say("case.may_word", number=number)),
        Option(say("case.nameless"), say("case.nameless_word", number=number)),
        Option(say("case.may_not"), say("case.may_not_word", number=number)),
    )
    reminder = Reminder(
        key=f"case/{number}/ask",
        whom=reminders.to_person(case.person_id),
        kind=Kind.SURVEY,
        due=now,
        until=now + _OPEN,
        text=say("case.ask"),
        options=ways,
    )
    reminders.plan(session, vault, reminder, now)
    audit.write(session, "case.asked", at=now, actor=f"staff:{by}"[:60], subject=case.person_id)


def answered(
    session: Session, vault: Vault, person_id: str, said: Leave, *, channel: str, now: datetime
) -> None:
    """What somebody says to it holds at once, for every case of theirs; keepers are told."""
    is_told = said in (Leave.NAMED, Leave.NAMELESS)
    version = privacy_wordings.version_of(session, say("case.ask"), at=now)
    consents.note(
        session,
        person_id,
        (
            Said(CONSENT, is_told, now, version),
            Said(NAMED, said is Leave.NAMED, now, version),
        ),
        channel=channel,
    )
    audit.write(session, "case.answered", at=now, subject=person_id)
    for case in cases.of_people(session, vault, [person_id]):
        reminders.cancel(session, f"case/{case.number}/ask", now)
        cases.note(session, vault, case, Step.ANSWERED, staff="", at=now, why=said.value)
        _keep_to(session, vault, case, said, now)
    recalling.call_back(session, vault, now)


def ask_some(session: Session, vault: Vault, now: datetime) -> int:
    """Ask those in the library who have succeeded and were never asked; how many."""
    count = 0
    for case in cases.within(session, vault, ""):
        is_new = not cases.stepped(session, case.person_id, Step.ASKED)
        if is_new and not hindrance(session, vault, case, now):
            ask(session, vault, case, by=SYSTEM, now=now)
            count += 1
    return count


def _keep_to(session: Session, vault: Vault, case: Case, said: Leave, now: datetime) -> None:
    """A text that tells more than they want is not published; who wrote it is told."""
    found = publishing.given_away(session, vault, case) if said is not Leave.NO else ()
    if case.reviewed_by and found:
        cases.change(session, case.number, reviewed_by="")
        cases.note(session, vault, case, Step.HELD_BACK, staff="", at=now, why="、".join(found))
    for name in {case.written_by, *_askers(session, vault, case)} - {"", SYSTEM}:
        text = say("case.they_said", number=case.number, word=said.value)
        if found:
            text = say("case.they_said_but", number=case.number, word=said.value)
        key = f"case/{case.number}/said/{now:%y%m%d%H%M%S}/{vault.fingerprint(name)[:16]}"
        alerts.write_to(session, vault, name, text, key=key, now=now)


def _askers(session: Session, vault: Vault, case: Case) -> set[str]:
    steps = cases.history(session, vault, case.number)
    return {taken.staff for taken in steps if taken.step is Step.ASKED}
