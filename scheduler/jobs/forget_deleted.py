"""Removes the last traces of a conversation whose person asked to be deleted (domain P-14)."""

from __future__ import annotations

from datetime import datetime

from records import (
    conversations,
    inbound,
    outbox,
    privacy_retention,
    push_days,
    questions,
    reminders,
    send_budgets,
    told,
    wishes,
)
from records.database import Session
from records.privacy_retention import Purpose

PURPOSE = "wipes the messages of people who were deleted, once their receipt has arrived"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Forget every conversation whose time has come; how many."""
    found = conversations.to_forget(session, now)
    leaving = outbox.leaving(session, found)  # the receipt, whose row would stay behind
    keys = [key for key in found if key not in leaving]
    for key in keys:
        inbound.erase(session, key)
        outbox.erase(session, key)
        questions.forget_asker(session, key)
        told.erase(session, key)
        conversations.forget(session, key)
        send_budgets.erase(session, key)
        reminders.erase(session, reminders.to_account(key))
        push_days.erase(session, key)
        wishes.erase(session, key)
    privacy_retention.note(session, Purpose.DELETED, len(keys), at=now)
    return {"forgotten": len(keys)}
