"""Drops where to find spoken messages that nobody heard within three days (data minimisation)."""

from __future__ import annotations

from datetime import datetime

from records import inbound
from records.database import Session

PURPOSE = "drops the addresses of spoken messages that could not be heard within three days"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many."""
    return {"dropped": inbound.forget_files(session, now)}
