"""What a cadre reads of the lines: what became of them, what is to be mended and how."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.texts import say
from registry.differences import said
from registry.line_words import SHEET
from registry.lists import Outcome
from registry.pasting import Paste, Tried

PAGE = 8  # lines to mend in one message


def summary(paste: Paste) -> str:
    """How many lines came, and what became of each of them."""
    told = [say("cadre.came", count=len(paste.tried)), *_counts(paste)]
    text = f"{told[0]}{'，'.join(told[1:])}。"
    first = _as_read(paste)
    return f"{text}\n{first}" if first else text


def faults(tried: Sequence[Tried], page: int, *, is_list: bool = False) -> str:
    """A page of the lines that wait, each with the reason and how it would be right."""
    shown = tried[(page - 1) * PAGE :][:PAGE]
    lines = [_fault(one, is_list=is_list) for one in shown]
    left = len(tried) - (page - 1) * PAGE - len(shown)
    if left > 0:
        lines.append(say("cadre.more", count=left, page=page + 1))
    if shown and not shown[0].read.is_barred:
        lines.append(say("cadre.how_to_mend", number=shown[0].read.number))
    return "\n".join(lines)


def remarks(paste: Paste) -> list[str]:
    """What is to be said of lines that were taken."""
    told = _twice(paste)
    for one in paste.tried:
        words = (*(one.stored.remarks if one.stored else ()), *one.read.remarks)
        if one.stored and words:
            told.append(say("cadre.remark", number=one.read.number, words="；".join(words)))
    return told[:PAGE]


def _twice(paste: Paste) -> list[str]:
    """The lines about somebody of whom a line above was already."""
    first: dict[str, int] = {}
    told = []
    for one in paste.tried:
        if one.stored is None or not one.stored.subject:
            continue
        above = first.setdefault(one.stored.subject, one.read.number)
        if above != one.read.number:
            told.append(say("cadre.twice", number=one.read.number, above=above))
    return told


def _which(paste: Paste, outcome: Outcome) -> str:
    """The lines of an outcome that nobody has to do anything about."""
    numbers = [str(t.read.number) for t in paste.tried if t.stored and t.stored.outcome is outcome]
    is_worth = 0 < len(numbers) < len(paste.tried) and len(numbers) <= PAGE
    return say("cadre.which", numbers="、".join(numbers)) if is_worth else ""


def _counts(paste: Paste) -> list[str]:
    barred = sum(one.read.is_barred for one in paste.tried)
    counts = (
        (say("cadre.new"), paste.count(Outcome.NEW), ""),
        (say("cadre.merged"), paste.count(Outcome.MERGED), _which(paste, Outcome.MERGED)),
        (say("cadre.same"), paste.count(Outcome.SAME), _which(paste, Outcome.SAME)),
        (say("cadre.differs"), paste.count(Outcome.DIFFERS), ""),
        (say("cadre.waits"), len(paste.waiting), ""),
        (say("cadre.to_mend"), len(paste.faulty) - barred, ""),
        (say("cadre.barred"), barred, ""),
    )
    return [f"{label}{count}{which}" for label, count, which in counts if count]


def _fault(one: Tried, *, is_list: bool) -> str:
    why = "；".join(one.read.faults) or one.why or say("cadre.no_ground")
    text = say("cadre.fault", number=one.read.number, why=why)
    if is_list or one.why or not one.read.faults:
        text = f"{text}\n{say('cadre.was', text=one.read.text)}"
    if one.read.example and not one.read.is_barred:
        text = f"{text}\n{say('cadre.example', example=one.read.example)}"
    return text


def _as_read(paste: Paste) -> str:
    """How the first line was understood, so that a slip of the columns is seen at once."""
    taken = next((one.read for one in paste.tried if one.stored and one.read.listed), None)
    if taken is None or taken.listed is None:
        return ""
    values = [said(name, taken.listed.codes[name]) for name in SHEET if name in taken.listed.codes]
    return say("cadre.as_read", number=taken.number, words="，".join((taken.name, *values)))
