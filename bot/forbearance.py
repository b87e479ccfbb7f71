"""Leaving an outside helper alone that fails or asks for it, and saying so now and then."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable

log = logging.getLogger("guiyan.helpers")

_FAILURES, _REST = 5, 30.0  # so many in a row, and it is left alone for so many seconds
_LONGEST_REST = 300.0
_REPORT_EACH = 60.0


class Forbearance:
    """Counts the failures of one helper; `complaint` begins the line in the log."""

    def __init__(self, complaint: str, clock: Callable[[], float]) -> None:
        self._complaint = complaint
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0
        self._reasons: Counter[str] = Counter()
        self._reported_at = float("-inf")

    def is_resting(self) -> bool:
        """Whether it is left alone just now."""
        return self._clock() < self._rests_until

    def rest(self, wished: str) -> None:
        """It asked for rest, for so many seconds (a `Retry-After`; "" where it did not say)."""
        seconds = min(float(wished), _LONGEST_REST) if wished.isdecimal() else _REST
        self._rests_until = self._clock() + seconds

    def worked(self) -> None:
        """It did what it was asked for."""
        self._failures = 0

    def failed(self, reason: str) -> None:
        """It did not; `reason` is for the log and holds nothing of what it was asked."""
        self._failures += 1
        if self._failures >= _FAILURES:
            self._failures = 0
            self._rests_until = max(self._rests_until, self._clock() + _REST)
        self._reasons[reason] += 1
        if self._clock() - self._reported_at >= _REPORT_EACH:
            told = ", ".join(f"{why} ({count})" for why, count in self._reasons.items())
            log.warning("%s: %s", self._complaint, told)
            self._reasons.clear()
            self._reported_at = self._clock()
