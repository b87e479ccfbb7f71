"""Makes partitions of messages ahead of their rows, and drops those that are over and empty."""

from __future__ import annotations

from datetime import datetime

from records import partitions
from records.database import Session

PURPOSE = "makes partitions of messages ahead, and drops the empty ones (PostgreSQL, if parted)"


def run(session: Session, _now: datetime) -> dict[str, int]:
    """How many were made, and dropped."""
    return partitions.renew(session)
