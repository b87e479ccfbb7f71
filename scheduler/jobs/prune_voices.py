"""Drops what staff and people sent as files, after three days (data minimisation).

Of voices that nobody heard, and of pictures outside of a post, only the address was kept. A
picture that some group still waits for stays until it has it.
"""

from __future__ import annotations

from datetime import datetime

from records import group_posts, inbound, pictures, privacy_retention
from records.database import Session
from records.privacy_retention import Purpose

PURPOSE = "drops addresses of voices not heard, and pictures no post needs, after three days"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many."""
    counts = {
        "dropped": inbound.forget_files(session, now),
        "pictures": pictures.prune(session, group_posts.needed_pictures(session), now),
    }
    privacy_retention.note(session, Purpose.FILES, sum(counts.values()), at=now)
    return counts
