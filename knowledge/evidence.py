"""What speaks for and against a candidate, each piece of evidence a number by name."""

from knowledge.areas import COMMON
from knowledge.candidates import Candidate
from knowledge.search import VIEWS, Hit
from knowledge.understand import Frame, is_for

IMPLIED = 0.7  # worth of the asker's own county where none is named
_NEAREST = VIEWS.index("nearest wording")
_NEARLY = 0.65  # likeness of texts above which it counts for more
WORD = 6  # a matter named by a word of this length is beyond doubt

NAMES = (
    *VIEWS,
    "sense of matter",
    "sense of slot",
    "content known",
    "nearly a wording",
    "matter and slot",
    "matter named",
    "matter in title",
    "other matter named",
    "slot asked",
    "other slot asked",
    "just this slot",
    "for the asker",
    "for others",
    "asker not said",
    "level same",
    "level other",
    "place same",
    "place not named",
    "other place named",
    "kind same",
    "kind other",
    "kind unknown",
    "common word",
    "talk",
    "talk on our subject",
    "period same",
    "period other",
    "opposites same",
    "number same",
    "number other",
)


def evidence(
    candidate: Candidate, hit: Hit, frame: Frame, senses: tuple[float, ...]
) -> tuple[float, ...]:
    """The numbers in the order of NAMES, each about 0 to 1."""
    return (
        *hit.views,
        *senses,
        max(0.0, hit.views[_NEAREST] - _NEARLY) / (1 - _NEARLY),
        senses[0] * senses[1],
        *_matter(candidate, frame),
        *_slot(candidate, frame),
        *_who(candidate, frame),
        *_place(candidate, frame),
        *_kind(candidate, frame),
        *_both_ways(frame.periods, candidate.periods),
        float(not frame.terms.isdisjoint(candidate.terms)),
        *_both_ways(frame.numbers, candidate.numbers),
    )


def _matter(candidate: Candidate, frame: Frame) -> tuple[float, ...]:
    if not frame.matters:
        return 0.0, 0.0, 0.0
    named = frame.matters.get(candidate.matter, 0)
    titled = max((n for m, n in frame.matters.items() if m in candidate.named), default=0)
    other = 0 if titled else max(frame.matters.values())
    return min(named, WORD) / WORD, min(titled, WORD) / WORD, min(other, WORD) / WORD


def _slot(candidate: Candidate, frame: Frame) -> tuple[float, ...]:
    same = not candidate.slots.isdisjoint(frame.slots)
    other = bool(frame.slots) and not same
    return float(same), float(other), float(candidate.slot in frame.slots)


def _who(candidate: Candidate, frame: Frame) -> tuple[float, ...]:
    forms = candidate.forms
    same = is_for(frame.who, forms)
    other = bool(frame.who and forms) and not same
    return float(same), float(other), float(bool(forms) and not frame.who)


def _place(candidate: Candidate, frame: Frame) -> tuple[float, ...]:
    places = candidate.places
    level = _both_ways(frame.levels, candidate.levels)
    same = 1.0 if frame.places & places else IMPLIED * bool(frame.implied & places)
    return *level, same, float(bool(places) and not same), float(bool(frame.places) and not same)


def _kind(candidate: Candidate, frame: Frame) -> tuple[float, ...]:
    talk, common = candidate.is_talk, candidate.area == COMMON
    return (
        *_both_ways(frame.kinds, candidate.kinds),
        float(bool(frame.kinds) and not candidate.kinds),
        float(common and not talk),
        float(talk),
        float(talk and (frame.is_ours or "元" in frame.about)),
    )


def _both_ways(asked: frozenset[str], given: frozenset[str]) -> tuple[float, float]:
    """That they agree; that both are said and differ."""
    if not asked or not given:
        return 0.0, 0.0
    return (0.0, 1.0) if asked.isdisjoint(given) else (1.0, 0.0)
