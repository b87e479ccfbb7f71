"""Reads a talk written as text and plays it over a real store.

> text          the person writes; `>> label` taps an option, `> (voice)` sends something else
< reply [a | b] what we say, lines joined by ` / `; all replies of the turn, in order
~ 5 hours       time passes
^ course 电商直播入门 430381 2026-12-11 1    an office brings something (support/happenings)
* demo          the demonstration projects and places are loaded; `* real` as a department's
@ 77            another account goes on from here
& 小刘 371703    this account speaks for one of the staff; `& 小刘 - mentor` with another role
= hukou is rural · effect SaveProfile · profiles 1 · ticket open · nothing stored
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from records.messages import InboundKind
from records.staff_accounts import StaffRole
from tests.handlers.support.walk import Store, Walk, shown
from tests.support.happenings import happen

_KIND = re.compile(r"\((voice|picture|other|start|contact)\)\s*(.*)")
_NUMBER = re.compile(r"(?:编号|回执)[2-9A-Y]{6}")


@dataclass(frozen=True)
class Line:
    """One line of a transcript, with where it stands."""

    number: int
    sign: str
    text: str


def play(path: Path) -> list[str]:
    """Play a transcript; what went differently, line by line."""
    stage = Stage(is_group=path.parent.name == "groups")
    return [fault for line in lines(path) for fault in stage.play(line)] + stage.left()


def lines(path: Path) -> Iterator[Line]:
    """The lines that mean something."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        sign, _, text = line.partition(" ")
        if line and sign != "#":
            yield Line(number, sign, text.strip())


class Stage:
    """The accounts of a transcript and what they have yet to be told."""

    def __init__(self, *, is_group: bool) -> None:
        self._store = Store()
        self._is_group = is_group
        self._walks: dict[str, Walk] = {}
        self._waiting: list[str] = []
        self._now = self._walk("42")

    def play(self, line: Line) -> list[str]:
        """What differs at this line."""
        if line.sign == "<":
            return self._told(line)
        if line.sign == "=":
            return [f"{line.number}: {fact}" for fact in self._facts(line.text)]
        faults = self.left()
        self._do(line)
        return faults

    def left(self) -> list[str]:
        """Replies that the transcript does not know of."""
        rest, self._waiting = self._waiting, []
        return [f"not in the transcript: {reply}" for reply in rest]

    def _walk(self, chat: str) -> Walk:
        made = Walk(store=self._store, chat=chat, is_group=self._is_group)
        return self._walks.setdefault(chat, made)

    def _do(self, line: Line) -> None:
        if line.sign == "~":
            amount, unit = line.text.split()
            self._now.wait(**{unit: float(amount)})
        elif line.sign == "^":
            vault, now = self._store.vault, self._now.now
            self._store.run(lambda s: happen(s, vault, line.text, now))
        elif line.sign == "&":
            name, area, role, *_ = [*line.text.split(), "", ""]
            self._now.serve(name, area.strip("-"), StaffRole(role or StaffRole.STAFF))
        elif line.sign == "*":
            self._now.stock(is_real=line.text == "real")
        elif line.sign == "@":
            time = self._now.now
            self._now = self._walk(line.text)
            self._now.now = max(time, self._now.now)
        else:
            self._speak(line)
            self._waiting = [plain(shown(reply)) for reply in self._now.last.replies]

    def _speak(self, line: Line) -> None:
        found = _KIND.fullmatch(line.text)
        if line.sign == ">>":
            self._now.tap(line.text)
        elif found:
            self._now.say(found.group(2), InboundKind(found.group(1)))
        else:
            self._now.say(line.text)

    def _told(self, line: Line) -> list[str]:
        told = self._waiting.pop(0) if self._waiting else "(nothing)"
        is_same = told == line.text
        return [] if is_same else [f"{line.number}: expected {line.text}\n   but told {told}"]

    def _facts(self, text: str) -> Iterator[str]:
        for fact in text.split(" · "):
            if not self._holds(fact.split()):
                yield f"does not hold: {fact}"

    def _holds(self, fact: list[str]) -> bool:
        profiles = self._now.profiles()
        if fact[0] == "effect":
            return fact[1] in [type(effect).__name__ for effect in self._now.last.effects]
        if fact[0] == "profiles":
            return len(profiles) == int(fact[1])
        if fact[0] == "ticket":
            return bool(self._now.ticket()) == (fact[1] == "open")
        if fact[0] == "nothing":
            return not profiles and not self._now.last.effects
        held = profiles[-1].answers.get(fact[0])
        return (",".join(held) if isinstance(held, list) else str(held)) == fact[2]


def plain(text: str) -> str:
    """A reply on one line, its random numbers the same every time."""
    return _NUMBER.sub(lambda found: f"{found.group()[:2]}G7K2M4", text).replace("\n", " / ")
