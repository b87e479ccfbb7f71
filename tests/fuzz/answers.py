"""Inputs straight to the answerer: a decision, words, no figure of its own, in bounded time."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from handlers.prompts import parts
from knowledge.answer import Answerer, Decision
from tests.fuzz.figures import foreign
from tests.fuzz.holdings import told_rightly, unmarked
from tests.fuzz.inputs import Input

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AREA_CODES = ("", "371703", "430321", "420500", "410900", "411500")
LONGEST, MOST_LINES = 90, 4  # domain rule 3.3-1
HANGS = 2.0  # seconds of this process's own time, after which an input is given up


@dataclass(frozen=True)
class Fault:
    """What went wrong with which input."""

    what: str
    said: str
    replied: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.said[:200]!r} -> {self.replied[:300]!r}"


class Hangs(Exception):
    """An input took so long that it holds up everybody."""


@contextmanager
def bounded(seconds: float = HANGS) -> Iterator[None]:
    """Give up what takes longer than this of our own time, also inside a pattern."""

    def give_up(*_: object) -> None:
        raise Hangs(f"more than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@dataclass
class Clock:
    """The slowest inputs, by this process's own time."""

    slowest: list[tuple[float, str]]

    def note(self, seconds: float, kind: str, text: str) -> None:
        self.slowest.append((seconds, f"{kind} ({len(text)} characters) {text[:40]!r}"))
        self.slowest = sorted(self.slowest, reverse=True)[:10]

    @property
    def most(self) -> float:
        return self.slowest[0][0] if self.slowest else 0.0


def answered(answerer: Answerer, given: Iterable[Input], clock: Clock) -> Iterator[Fault]:
    """The faults of the answers to these inputs."""
    for one in given:
        begun = time.process_time()
        try:
            with bounded():
                answer = answerer.answer(one.text, area=one.area, prev=one.prev, now=NOW)
        except Exception as error:  # the fuzzer reports every crash and goes on
            yield Fault(f"crash: {error!r}", one.text)
            continue
        clock.note(time.process_time() - begun, one.kind, one.text)
        if answer.decision not in Decision or not answer.text.strip():
            yield Fault("no words", one.text, answer.text)
        strange = foreign(answer.text, told_rightly(answerer.library, answer))
        if strange:
            yield Fault(f"figures of no entry named: {strange}", one.text, answer.text)
        theirs = unmarked(answerer.library, answer, one.area, one.text + "".join(one.prev))
        if theirs:
            yield Fault(
                f"unmarked figures of another area: {sorted(theirs)}", one.text, answer.text
            )
        yield from (Fault(what, one.text) for what in too_long(parts(answer.text)))


def too_long(messages: Sequence[str]) -> Iterator[str]:
    """Messages longer than one may be; Latin letters and figures are not counted."""
    for message in messages:
        chinese = sum("㐀" <= c <= "鿿" for c in message)
        if chinese > LONGEST or message.count("\n") >= MOST_LINES:
            yield f"too long: {message!r}"
