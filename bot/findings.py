"""What `guiyan doctor` found: each thing well, to be known, or wrong with its mend."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Grade(Enum):
    """How it stands; the word begins the line."""

    WELL = "ok"
    NOTE = "note"  # nothing to mend, or nothing that could be tried
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, and in words what is to be known of it."""

    name: str
    words: str = ""
    grade: Grade = Grade.WELL

    def __str__(self) -> str:
        return f"{self.grade.value:<6}{self.name}" + (f": {self.words}" if self.words else "")


def finding(name: str, fault: str) -> Finding:
    """A fault, or well where there are no words for one."""
    return Finding(name, fault, Grade.FAULT if fault else Grade.WELL)


def note(name: str, words: str) -> Finding:
    """Something to know."""
    return Finding(name, words, Grade.NOTE)
