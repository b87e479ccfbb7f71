"""Ambassadors (domain S1-51): of typical cases only, asked in the talk, for a term, free to go."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach import alerts
from outreach.calendars import CHINA
from outreach.cases import publishing
from outreach.cases.asking import refused_lately
from outreach.reminders import months_after
from outreach.texts import say
from records import ambassadors, audit, consents, privacy_wordings, reminders
from records.ambassadors import CONSENT, Ambassador
from records.cases import Case
from records.consents import Said
from records.database import Session
from records.messages import Option
from records.reminders import Kind, Reminder
from records.vault import Vault

MONTHS = (3, 36)  # a term at least and at most
_OPEN = timedelta(days=7)


def hindrance(session: Session, vault: Vault, case: Case, now: datetime) -> str:
    """Why somebody is not to be asked now, for staff to read; "" where nothing speaks against."""
    if publishing.story(session, vault, case) is None:
        return say("case.not_told")
    if refused_lately(session, case.person_id, CONSENT, now):
        return say("case.refused")
    today = now.astimezone(CHINA).date()
    mine = ambassadors.of_people(session, [case.person_id])
    return say("case.serves") if any(one.serves(today) for one in mine) else ""


def ask(
    session: Session, vault: Vault, case: Case, *, months: int, by: str, now: datetime
) -> None:
    """Ask by day, within the caps; `hindrance` has found nothing against it."""
    ambassadors.ask(session, case.number, case.person_id, months=months, staff=by, at=now)
    ways = (
        Option(say("case.serve"), say("case.serve_word")),
        Option(say("case.serve_not"), say("case.serve_not_word")),
    )
    reminder = Reminder(
        key=f"case/{case.number}/serve",
        whom=reminders.to_person(case.person_id),
        kind=Kind.SURVEY,
        due=now,
        until=now + _OPEN,
        text=say("case.ask_serve", count=months),
        options=ways,
    )
    reminders.plan(session, vault, reminder, now)
    _audit(session, "ambassador.asked", case.person_id, f"staff:{by}", now)


def answered(
    session: Session, vault: Vault, person_id: str, *, says_yes: bool, channel: str, now: datetime
) -> None:
    """They agree, or do not, or do not want to be one any more; it holds at once."""
    mine = ambassadors.of_people(session, [person_id])
    words = say("case.ask_serve", count=mine[-1].months) if mine else ""
    version = privacy_wordings.version_of(session, words, at=now) if words else ""
    consents.note(session, person_id, (Said(CONSENT, says_yes, now, version),), channel=channel)
    for one in mine:
        reminders.cancel(session, f"case/{one.case}/serve", now)
        if says_yes and one.since is None:
            today = now.astimezone(CHINA).date()
            ambassadors.agree(session, one, today, months_after(today, one.months))
        _tell(session, vault, one, says_yes=says_yes, now=now)
    if not says_yes:
        ambassadors.end(session, person_id, now)
    _audit(session, "ambassador.answered", person_id, "person", now)


def dismiss(session: Session, case: Case, *, by: str, now: datetime) -> None:
    """The office ends it; the consent ends with it."""
    ambassadors.end(session, case.person_id, now)
    consents.end(session, case.person_id, at=now, kinds=(CONSENT,))
    _audit(session, "ambassador.ended", case.person_id, f"staff:{by}", now)


def serving(session: Session, case: Case, now: datetime) -> Ambassador | None:
    """The term that runs now and that they still agree to."""
    today = now.astimezone(CHINA).date()
    said = consents.in_force(session, [case.person_id]).get(case.person_id, ())
    if not any(each.kind == CONSENT and each.given for each in said):
        return None
    mine = ambassadors.of_people(session, [case.person_id])
    return next((one for one in mine if one.serves(today)), None)


def _tell(
    session: Session, vault: Vault, one: Ambassador, *, says_yes: bool, now: datetime
) -> None:
    word = say("case.word_yes") if says_yes else say("case.word_no")
    text = say("case.about_serving", number=one.case, word=word)
    key = f"case/{one.case}/serves/{one.id}/{now:%y%m%d%H%M%S}"
    alerts.write_to(session, vault, one.staff, text, key=key, now=now)


def _audit(session: Session, act: str, person_id: str, actor: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=actor[:60], subject=person_id)
