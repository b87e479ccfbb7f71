"""What goes wrong on purpose: for the next call of a path, or now and then by a seeded die."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from random import Random

ANY = "*"


class Kind(Enum):
    """What a call meets instead of an answer; AFTER means that it had its effect."""

    CODE = "code"
    TIME_OUT = "time-out"
    TIME_OUT_AFTER = "time-out after"
    CLOSED = "closed"
    CLOSED_AFTER = "closed after"
    HTML = "html"
    BAD_GATEWAY = "502"
    BAD_GATEWAY_AFTER = "502 after"

    @property
    def has_effect(self) -> bool:
        return self.value.endswith("after")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong; `code` is the errcode of a CODE."""

    kind: Kind
    code: int = 0


TIME_OUT = Fault(Kind.TIME_OUT)
TIME_OUT_AFTER = Fault(Kind.TIME_OUT_AFTER)
CLOSED = Fault(Kind.CLOSED)
CLOSED_AFTER = Fault(Kind.CLOSED_AFTER)
HTML = Fault(Kind.HTML)
BAD_GATEWAY = Fault(Kind.BAD_GATEWAY)
BAD_GATEWAY_AFTER = Fault(Kind.BAD_GATEWAY_AFTER)


def code(number: int) -> Fault:
    """The call is refused with this errcode and has no effect."""
    return Fault(Kind.CODE, number)


class Faults:
    """Which calls go wrong. A path is written as in `kf/send_msg`; "*" is every path."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._next: dict[str, list[Fault | None]] = {}
        self._often: list[tuple[str, Fault, float]] = []
        self.hang = 60.0  # real seconds that a time-out keeps the connection
        self.happened: list[tuple[str, Fault]] = []

    def next(self, path: str, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """The next call goes wrong, or several, or after some good ones."""
        self._next.setdefault(path, []).extend([*[None] * after, *[fault] * times])

    def often(self, path: str, fault: Fault, rate: float) -> None:
        """Each call goes wrong with this probability."""
        self._often.append((path, fault, rate))

    def clear(self) -> None:
        self._next.clear()
        self._often.clear()

    def of(self, path: str) -> Fault | None:
        """What this call meets."""
        fault = next((found for found in self._found(path) if found), None)
        if fault:
            self.happened.append((path, fault))
        return fault

    def _found(self, path: str) -> Iterator[Fault | None]:
        for name in (path, ANY):
            if self._next.get(name):
                yield self._next[name].pop(0)
        for name, fault, rate in self._often:
            if name in (path, ANY) and self._rng.random() < rate:
                yield fault
