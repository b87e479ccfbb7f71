"""Which questions mean the same, though nobody can answer them yet."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from knowledge.context import points_back, says_something
from knowledge.reader import Reading
from knowledge.sounds import sound
from knowledge.text import letters, normalise
from knowledge.understand import Frame, kin, read_frame
from knowledge.wording import Wording

# Learned on pairs of development questions (docs/reference/figures.md); in `_agreement`'s order.
_WEIGHTS = (1.07, 4.84, 6.17, -1.52, 0.35, -1.56, -1.52, 1.53, -2.78, -1.0)
_START = -6.12
DOUBTFUL = 0.6  # answers less certain than this are shown to the editors
SAME = 0.6  # how likely a question must on average mean the same as those of a gap
_NEAREST = 8  # entries that a question is compared by
COMPARED = 5  # wordings of a gap that a new question is compared with
_LONGEST_FOLLOW_UP = 24  # characters


@dataclass(frozen=True, slots=True)
class Meaning:
    """A question as the search understands it."""

    said: str  # letters only, in plain words
    frame: Frame
    near: Mapping[str, float] = field(default_factory=dict)  # what it is near to, of length 1


def meaning_of(reading: Reading) -> Meaning:
    """What a reading says of the question: its facets, and the entries that it resembles."""
    best = reading.ranked[:_NEAREST]
    shares = {r.candidate.id: math.exp(r.score - best[0].score) for r in best}
    length = math.hypot(*shares.values())
    near = {id_: share / length for id_, share in shares.items()}
    return Meaning(letters(reading.text), reading.frame, near)


def likeness(one: Meaning, other: Meaning) -> float:
    """How likely two questions from one area mean the same, 0 to 1."""
    if one.said == other.said:
        return 1.0
    if any(map(_differ, _told_by(one.frame), _told_by(other.frame))):
        return 0.0
    weighed = zip(_WEIGHTS, _agreement(one, other), strict=True)
    return 1 / (1 + math.exp(-_START - math.fsum(w * n for w, n in weighed)))


def nearest(asked: Meaning, groups: Sequence[Sequence[Meaning]]) -> int | None:
    """Which of these groups a question belongs to; None if to none of them."""
    known = [_mean_likeness(asked, group[:COMPARED]) for group in groups]
    best = max(range(len(known)), key=known.__getitem__, default=None)
    return best if best is not None and known[best] >= SAME else None


def whole(question: str, matter: str, wording: Wording) -> str:
    """A question that goes on with an earlier one, with the matter that it leaves out."""
    plain = wording.plain(normalise(question))
    frame = read_frame(plain, wording)
    is_short = 0 < len(letters(plain)) <= _LONGEST_FOLLOW_UP
    if not matter or not is_short or frame.matters or frame.kinds:
        return question
    about = letters("".join(wording.content(wording.who.without(plain))))
    is_side = len(about) <= 1 and says_something(plain, frame)
    return f"{matter}，{question}" if points_back(plain) or is_side else question


def _mean_likeness(asked: Meaning, group: Sequence[Meaning]) -> float:
    shares = [likeness(asked, other) for other in group]
    return 1.0 if 1.0 in shares else sum(shares) / len(shares)


def _agreement(one: Meaning, other: Meaning) -> tuple[float, ...]:
    a, b = one.frame, other.frame
    slots = {side for slot in a.slots for side in kin(slot)}
    shared, either = slots & b.slots.keys(), slots | b.slots.keys()
    return (
        fuzz.ratio(sound(one.said), sound(other.said)) / 100,
        _heard_alike(one.said, other.said),
        math.fsum(share * other.near.get(id_, 0.0) for id_, share in one.near.items()),
        float(_nearest_entry(one) == _nearest_entry(other)),
        float(bool(a.matters.keys() & b.matters.keys())),
        float(_differ(a.matters.keys(), b.matters.keys())),
        float(_differ(slots, b.slots.keys())),
        len(shared) / max(1, len(either)),
        float(_differ(a.terms, b.terms) or _differ(a.kinds, b.kinds)),
        float(any(bool(x) != bool(y) for x, y in zip(_told_by(a), _told_by(b), strict=True))),
    )


def _heard_alike(one: str, other: str) -> float:
    """How much of the shorter question sounds in the longer one, in whatever order."""
    ours, theirs = set(sound(one)), set(sound(other))
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _nearest_entry(asked: Meaning) -> str:
    return max(asked.near, key=asked.near.__getitem__, default="")


def _told_by(frame: Frame) -> tuple[Set[str], ...]:
    """For whom, where, when, at which level: who differs in one of these means another thing."""
    return frame.who, frame.places, frame.periods, frame.levels


def _differ(one: Set[str], other: Set[str]) -> bool:
    return bool(one and other) and not one & other
