"""乡贤: leaders who keep in touch are reminded, who may stand in the address book is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from outreach.calendars import CHINA
from outreach.reminders import months_after
from outreach.texts import say
from records import audit, reminders, staff_accounts, standings
from records.consents import DIRECTORY
from records.database import Session
from records.messages import Option
from records.people import Profile
from records.reminders import Kind, Reminder
from records.vault import Vault

SILENCE = 3  # months after which the leader is reminded
REST = timedelta(days=180)  # before somebody who said no, or nothing, is asked again
_SAID_FOR, _ASKED_FOR = timedelta(days=30), timedelta(days=14)
_NINE = time(9, 0)
_ASKED = "sage.asked"


def keep(session: Session, vault: Vault, person_id: str, now: datetime) -> None:
    """The leader of this person is reminded three months after they were last in touch.

    The words name nobody, so that nothing is left of somebody who is erased.
    """
    sage = standings.sage(session, person_id)
    names = {one.name for one in staff_accounts.everybody(session) if one.until is None}
    reminders.cancel(session, key(person_id), now)
    if sage is None or sage.owner not in names:
        return
    last = (sage.contacted_at or now).astimezone(CHINA).date()
    due = datetime.combine(months_after(last, SILENCE), _NINE, CHINA)
    whom, text = reminders.to_staff(sage.owner), say("sage.paired")
    due_then = Reminder(key(person_id), whom, Kind.CALL_BACK, due, due + _SAID_FOR, text)
    reminders.plan(session, vault, due_then, now)


def key(person_id: str) -> str:
    """Under which the reminder of a pair is known."""
    return f"sage/{person_id}"


def may_be_asked(session: Session, sages: Sequence[Profile], now: datetime) -> list[str]:
    """Those who may be asked now whether they want to stand in the book (domain P-26)."""
    lately = {row.subject for row in audit.with_acts(session, [_ASKED]) if now - row.at < REST}
    return [
        person.id
        for person in sages
        if person.id not in lately
        and not any(said.kind == DIRECTORY and now - said.at < REST for said in person.said)
    ]


def ask(session: Session, vault: Vault, ids: Sequence[str], *, by: str, now: datetime) -> None:
    """Ask these whether they want to stand in the book."""
    ways = (
        Option(say("sage.with_phone"), say("sage.with_phone_word")),
        Option(say("sage.name_only"), say("sage.name_only_word")),
        Option(say("sage.no"), say("sage.no_word")),
    )
    for person in ids:
        whom = reminders.to_person(person)
        name = f"directory/{person}/{now:%y%m%d}"
        question = Reminder(name, whom, Kind.SURVEY, now, now + _ASKED_FOR, say("sage.book"), ways)
        reminders.plan(session, vault, question, now)
    audit.write_all(session, _ASKED, ids, at=now, actor=f"staff:{by}"[:60])
