"""Drops what the scheduler itself keeps: old runs, said reminders, days that no cap counts."""

from __future__ import annotations

from datetime import datetime

from records import message_codes, push_days, reminders, runs, wishes
from records.database import Session

PURPOSE = "drops old runs of jobs, reminders of half a year ago, and what no cap counts any more"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many of each."""
    return {
        "runs": runs.prune(session, now),
        "reminders": reminders.prune(session, now),
        "days": push_days.prune(session, now),
        "wishes": wishes.prune(session, now),
        "codes": message_codes.prune(session, now),
    }
