"""The weeks around the Spring Festival, when all are at home and ask at once (domain S0-02)."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.calendars import CHINA, FESTIVALS

_BEFORE = timedelta(days=11)  # 腊月二十, where that month has thirty days
_AFTER = timedelta(days=14)  # 正月十五


def is_surge(now: datetime) -> bool:
    """Whether it is between 腊月二十 and 正月十五."""
    today = now.astimezone(CHINA).date()
    return any(first - _BEFORE <= today <= first + _AFTER for first in FESTIVALS)
