"""The send limits of Telegram, as far as they are known, with penalties for who ignores them."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from tests.support.bot_api_checks import Refused


@dataclass(slots=True)
class Window:
    """At most `most` events in any `seconds`; too early a call prolongs the wait."""

    most: int
    seconds: float
    penalty: float = 0.0
    times: deque[float] = field(default_factory=deque)
    closed_until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed; 0 when it is now."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        if now < self.closed_until or len(self.times) >= self.most:
            free = self.times[0] + self.seconds if len(self.times) >= self.most else now
            self.closed_until = max(self.closed_until, free, now + self.penalty)
            return self.closed_until - now
        return 0.0


@dataclass(slots=True)
class SendLimits:
    """30 a second overall, short bursts of one a second in a chat, 20 a minute in a group."""

    overall: int = 30
    chat_burst: int = 3
    group_per_minute: int = 20
    penalty: float = 1.0
    _all: Window | None = None
    _chats: dict[int, Window] = field(default_factory=dict)

    def check(self, chat: int, now: float) -> None:
        """Count one message, or refuse it with 429."""
        if self._all is None:
            self._all = Window(self.overall, 1.0, self.penalty)
        windows = [self._all, self._window(chat)]
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            seconds = math.ceil(wait)
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for window in windows:
            window.times.append(now)

    def _window(self, chat: int) -> Window:
        if chat not in self._chats:
            group = Window(self.group_per_minute, 60.0, self.penalty)
            private = Window(self.chat_burst, float(self.chat_burst), self.penalty)
            self._chats[chat] = group if chat < 0 else private
        return self._chats[chat]
