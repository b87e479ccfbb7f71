"""How long people waited: one entry for each message, by who wrote it and when."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Waits:
    """Of one channel. Times are `time.time()`, waits in seconds."""

    open: dict[str, float] = field(default_factory=dict)  # who waits, since when
    taken: list[tuple[float, float]] = field(default_factory=list)  # when said, how long
    said: int = 0

    def say(self, who: str) -> None:
        """Somebody has written; they write again when they were answered."""
        self.open[who] = time.time()
        self.said += 1

    def answered(self, who: str, at: float) -> None:
        """Something came for them; what came before they wrote is no answer."""
        said = self.open.get(who)
        if said is not None and at >= said:
            del self.open[who]
            self.taken.append((said, at - said))

    def longest_open(self) -> float:
        """Seconds that somebody has waited and waits still; 0 if nobody does."""
        return time.time() - min(self.open.values()) if self.open else 0.0


def minutes(waits: Mapping[str, Waits], began: float) -> list[list[float]]:
    """All waits by the minute in which the message was written."""
    found: list[list[float]] = []
    for one in waits.values():
        for said, wait in one.taken:
            minute = int((said - began) // 60)
            found += [[] for _ in range(minute + 1 - len(found))]
            found[minute].append(wait)
    return found
