"""Drops messages of half a year ago, theirs and ours, and posts to groups (domain P-16)."""

from __future__ import annotations

from datetime import datetime

from records import feeding, group_posts, inbound, ledger, outbox, privacy_retention, relays
from records.database import Session
from records.privacy_retention import Purpose

PURPOSE = "drops messages and posts that were answered, left, or waited in vain, after half a year"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many of ours, of theirs, and between helpers and people.

    The ledger of campaigns keeps how it ended.
    """
    feeding.give_up(session, outbox.kept_since(now), now)
    for campaign in feeding.unkept(session):
        ledger.keep_all_ends(session, campaign)
    counts = {
        "dropped": outbox.prune(session, now),
        "heard": inbound.prune(session, now),
        "relayed": relays.prune(session, now),
        "posts": group_posts.prune(session, now),
    }
    privacy_retention.note(session, Purpose.MESSAGES, sum(counts.values()), at=now)
    return counts
