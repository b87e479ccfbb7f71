"""What is told together with the fact that fits best: for other people, or fitting as well."""

from knowledge.candidates import Candidate
from knowledge.ranking import Ranked
from knowledge.reader import Reading
from knowledge.understand import FORMS, Frame
from knowledge.weights import NEAR, NEAR_ELSEWHERE

ROOM = 75  # characters that several facts for one question may fill
TOGETHER = 3  # facts told together


def siblings(reading: Reading) -> list[Candidate]:
    """Other facts that belong to the answer: for other people, or fitting nearly as well."""
    first, *rest = (r for r in reading.ranked if not r.candidate.is_silent)
    best = first.candidate
    others = [r for r in rest if r.candidate.area == best.area]
    if best.who & FORMS and not reading.frame.who:
        alike = [r.candidate for r in others if _side(r.candidate) == _side(best)]
        each = {c.who: c for c in reversed(alike) if c.who & FORMS}
        return [c for who, c in each.items() if who != best.who]
    return [r.candidate for r in others if _is_near(r, first, reading.frame)][:1]


def is_of_one_kind(other: Candidate, best: Candidate) -> bool:
    """Whether it answers the same for another of those that a question lists."""
    return other.matter == best.matter or other.slot == best.slot


def _side(candidate: Candidate) -> tuple[str, str]:
    return candidate.matter, candidate.slot


def _is_near(other: Ranked, first: Ranked, frame: Frame) -> bool:
    """Whether a fact fits so nearly that the first must not be told without it."""
    a, b = first.candidate, other.candidate
    if b.is_talk or b.places != a.places or (b.who & FORMS) != (a.who & FORMS):
        return False
    if _repeats(a, b):
        return False
    if frame.periods and b.periods and not frame.periods & b.periods:
        return False
    gap = first.score - other.score
    return gap < (NEAR if a.matter == b.matter else NEAR_ELSEWHERE)


def _repeats(a: Candidate, b: Candidate) -> bool:
    """Whether the second of two facts has the figures of the first, or on one side the reverse."""
    first, second = (
        {f.amount for f in c.entry.figures.values() if f.amount} if c.entry else set()
        for c in (a, b)
    )
    return bool(first and second) and (second <= first or (a.slot == b.slot and first < second))


def fitting(candidates: list[Candidate]) -> list[Candidate]:
    """As many as one message holds."""
    kept: list[Candidate] = []
    size = 0
    for candidate in candidates[:TOGETHER]:
        size += len(candidate.entry.answer) if candidate.entry else 0
        if kept and size > ROOM:
            break
        kept.append(candidate)
    return kept
