"""The time of the stand-in: the machine's, or the test's own, and further ahead when told so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR


def _wall() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Seconds since 1970. `moment` is the same as a datetime, to be given to our own side."""

    def __init__(self, source: Callable[[], datetime] = _wall) -> None:
        self._source = source
        self._ahead = timedelta()

    def moment(self) -> datetime:
        return self._source() + self._ahead

    def now(self) -> float:
        return self.moment().timestamp()

    def day(self) -> datetime:
        """The moment on a calendar in China, which is what the quotas go by."""
        return self.moment().astimezone(CHINA)

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)
