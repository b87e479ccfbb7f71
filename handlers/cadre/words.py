"""What a cadre writes beside lines of people: a line mended, the ground, what is still to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry import lines
from registry.line_words import folded

_MEND = re.compile(r"\s*(?:改)?第?\s*(\d{1,3})\s*[行条]\s*[:：,，]?\s*(.+)", re.DOTALL)
_DROP = re.compile(r"\s*(?:删掉?|不要)\s*第?\s*(\d{1,3})\s*[行条]了?\s*")
_LEFT = re.compile(r"\s*(?:没存的|没存|要改的|待改)\s*(\d{1,2})?\s*")
_GROUND = re.compile(r"\s*(?:登记)?(?:依据|文号|文件号)\s*[:：]?\s*(.*)", re.DOTALL)
_SIGNED = re.compile(r"\s*(?:ground:1|1|都?签了?字了?|本人都?签了字|都签了)\s*")
_BY_DOCUMENT = re.compile(r"\s*(?:ground:2|2|按文件(?:登记)?)\s*")
_DOCUMENT = re.compile(r".*\d.*")


@dataclass(frozen=True, slots=True)
class Many:
    """Lines of people."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A line that is said again by its number."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A line that is not wanted any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Left:
    """What waits to be mended."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground is asked for, or told: all have signed, or a document."""

    document: str = ""
    is_signed: bool = False
    is_answer: bool = False  # a number, which only answers our question


Wish = Many | Mend | Drop | Left | Ground


def wish_of(text: str) -> Wish | None:
    """What a message of a cadre asks for or tells; None where it is none of theirs."""
    said = folded(text).strip().strip("。.!")
    if _SIGNED.fullmatch(said):
        return Ground(is_signed=True, is_answer=said in ("1", "ground:1"))
    if _BY_DOCUMENT.fullmatch(said):
        return Ground(is_answer=said in ("2", "ground:2"))
    if found := _LEFT.fullmatch(said):
        return Left(int(found[1] or 1))
    if found := _DROP.fullmatch(said):
        return Drop(int(found[1]))
    if found := _GROUND.fullmatch(text.strip()):
        return _ground(found[1].strip())
    is_one = "\n" not in text.strip()
    if is_one and (found := _MEND.fullmatch(text.strip())):
        return Mend(int(found[1]), found[2])
    return Many() if lines.looks_so(text) else None


def _ground(said: str) -> Ground | None:
    if _SIGNED.fullmatch(said):
        return Ground(is_signed=True)
    is_document = not said or bool(_DOCUMENT.fullmatch(said)) or "号" in said
    return Ground(document=said) if is_document else None
