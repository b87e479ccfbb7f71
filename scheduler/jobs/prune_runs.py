"""Drops what the scheduler itself keeps: old runs, said reminders, days that no cap counts."""

from __future__ import annotations

from datetime import datetime

from records import message_codes, privacy_retention, push_days, reminders, runs, wishes
from records.database import Session
from records.privacy_retention import Purpose

PURPOSE = "drops old runs of jobs, reminders of half a year ago, and what no cap counts any more"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many of each."""
    reminded = reminders.prune(session, now)
    privacy_retention.note(session, Purpose.REMINDERS, reminded, at=now)
    return {
        "runs": runs.prune(session, now),
        "reminders": reminded,
        "days": push_days.prune(session, now),
        "wishes": wishes.prune(session, now),
        "codes": message_codes.prune(session, now),
    }
