"""Windows that count calls, and the platform's own frequency limits."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from tests.support.wecom.clock import HOUR, MINUTE
from tests.support.wecom.wire import Refused


@dataclass(slots=True)
class Window:
    """At most `most` events in any `seconds`."""

    most: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def is_full(self, now: float) -> bool:
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return len(self.times) >= self.most

    def take(self, now: float) -> bool:
        """Count one, if there is room."""
        if self.is_full(now):
            return False
        self.times.append(now)
        return True


def take_all(windows: list[Window], now: float) -> bool:
    """Count one in each, if there is room in all."""
    if any(window.is_full(now) for window in windows):
        return False
    for window in windows:
        window.times.append(now)
    return True


@dataclass(slots=True)
class CallLimits:
    """What one corp may call, each API by itself; all may be changed at any time."""

    per_minute: int = 10_000
    per_hour: int = 150_000
    at_once: int = 0  # calls of one API at the same time, else 45033; 0 is as many as you like
    own: dict[str, tuple[int, float]] = field(default_factory=dict)  # path → most, seconds
    free: frozenset[str] = frozenset({"message/send"})  # counted otherwise
    _windows: dict[str, list[Window]] = field(default_factory=dict)
    _running: dict[str, int] = field(default_factory=dict)

    def enter(self, path: str, now: float) -> None:
        """Count one call, or refuse it; each that was not refused must `leave`."""
        running = self._running.get(path, 0)
        if self.at_once and running >= self.at_once:
            raise Refused(45033, "api concurrent out of limit")
        if path not in self.free and not take_all(self._of(path), now):
            raise Refused(45009, "api freq out of limit")
        self._running[path] = running + 1

    def leave(self, path: str) -> None:
        self._running[path] -= 1

    def _of(self, path: str) -> list[Window]:
        if path not in self._windows:
            own = [Window(*self.own[path])] if path in self.own else []
            base = [Window(self.per_minute, MINUTE), Window(self.per_hour, HOUR)]
            self._windows[path] = own or base
        return self._windows[path]
