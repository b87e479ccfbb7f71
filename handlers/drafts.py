"""What was kept for a while and whose time is over: answers of a check, unfinished forms."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import frames
from handlers.dialogue import State
from handlers.frames import DRAFT_LIFE
from handlers.self_check import recall
from handlers.texts import say
from outreach.calendars import after_quiet, spoken
from records import conversations, reminders
from records.conversations import LeftAlone
from records.database import Session
from records.messages import Option
from records.reminders import Kind, Reminder
from records.vault import Vault

_TOGETHER = 200  # conversations in one transaction, so that nobody's turn waits for all of them
_PAUSE = timedelta(days=1)  # of who left a form, before they are reminded
_FRESH = timedelta(days=3)  # how long that reminder is worth sending
_WARNING = timedelta(days=3)  # before the form is dropped


def sweep(session: Session, vault: Vault, now: datetime) -> dict[str, int]:
    """Drop what is overdue: a check's answers alone, a form with the state that holds it."""
    counts = {"dropped": 0, "checks": 0}
    spoken = conversations.with_expired_drafts(session, now, _TOGETHER)
    for key, held in conversations.hold(session, list(spoken)).items():
        state = State.from_dict(vault.open(held.state))
        ends = spoken[key] + DRAFT_LIFE if frames.has_form(state) else None
        if recall.is_kept(state) and (ends is None or ends > now):
            sealed = vault.seal(recall.dropped(state).as_dict())
            conversations.relieve(session, held, sealed, draft_until=ends)
            counts["checks"] += 1
        else:
            conversations.forget(session, key)
            counts["dropped"] += 1
    return counts


def remind(session: Session, vault: Vault, now: datetime) -> dict[str, int]:
    """Plan the two reminders of a form that was left: after a day, and before it is dropped."""
    planned = 0
    for row in conversations.left_alone(session, now - _PAUSE - _FRESH, now - _PAUSE):
        if not frames.has_form(State.from_dict(vault.open(row.state))):
            continue
        key = f"form/{vault.fingerprint(row.key)[:40]}"
        for found in _reminders(row, key):
            if found.until > now and not reminders.was_said(session, found.key, now - DRAFT_LIFE):
                reminders.plan(session, vault, found, now)
                planned += 1
    return {"planned": planned}


def cancel_finished(session: Session, vault: Vault, now: datetime) -> int:
    """Nobody is reminded of a form that is finished or gone; how many reminders that were."""
    due = reminders.due_of_kind(session, Kind.FORM, now)
    keys = [reminders.account_of(whom) for whom in due]
    talks = conversations.load(session, keys)
    open_ones = {
        key
        for key, talk in talks.items()
        if frames.has_form(State.from_dict(vault.open(talk.state)))
    }
    gone = [reminders.to_account(key) for key in keys if key not in open_ones]
    return sum(reminders.cancel_for(session, whom, now, kind=Kind.FORM) for whom in gone)


def _reminders(row: LeftAlone, key: str) -> tuple[Reminder, Reminder]:
    whom, ends = reminders.to_account(row.key), row.updated_at + DRAFT_LIFE
    resume = Option(say("form_left.resume"), say("form_left.resume"))
    first, last = row.updated_at + _PAUSE, after_quiet(ends - _WARNING)
    texts = say("form_left.text"), say("form_left.ends", day=spoken(ends))
    return (
        Reminder(f"{key}/first", whom, Kind.FORM, first, first + _FRESH, texts[0], (resume,)),
        Reminder(f"{key}/last", whom, Kind.FORM, last, ends, texts[1], (resume,)),
    )
