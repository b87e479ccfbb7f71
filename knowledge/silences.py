"""Whether a fact that fits says what was asked, or leaves it open; and what just that is."""

import re
from collections.abc import Mapping, Sequence

from knowledge.aspects import LONGEST, Aspect, missing_aspect
from knowledge.candidates import Candidate
from knowledge.preferring import SAME_WORDS
from knowledge.ranking import Ranked
from knowledge.reader import EXACT, Reading
from knowledge.shelf import Library
from knowledge.understand import Frame
from knowledge.verify import missing_side, other_year, years

_YES_NO = re.compile(r"要不要|能不能|有没有|会不会|是不是|可不可以|(.)不\1|[吗不没么]\W*$")
HOW_OFTEN = "频次"


class Silences:
    """Knows what the facts of a library leave open."""

    def __init__(
        self, library: Library, of_matter: Mapping[tuple[str, str], Sequence[Candidate]]
    ) -> None:
        self._library = library
        self._areas = library.areas
        self._of_matter = of_matter

    def serves(self, ranked: Ranked, reading: Reading, aspects: tuple[Aspect, ...]) -> bool:
        """Whether a fact says what was asked, or is known to be asked so."""
        candidate = ranked.candidate
        if missing_aspect(aspects, candidate) or self._is_of_another(reading.frame, candidate):
            return ranked.nearest >= EXACT or candidate.is_silent
        other = missing_side(reading.frame, candidate) or self._other_year(reading, candidate)
        is_open = candidate.is_silent and candidate.slot in reading.frame.slots
        return ranked.nearest >= SAME_WORDS or is_open or not other

    def side(self, reading: Reading, candidate: Candidate) -> tuple[str, str]:
        """The slot asked for that a fact leaves open, and the year it does not speak of."""
        frame, when = reading.frame, self._other_year(reading, candidate)
        if when or self._is_of_another(frame, candidate):
            return max(frame.slots, key=frame.slots.__getitem__, default=candidate.slot), when
        return missing_side(frame, candidate), ""

    def _is_of_another(self, frame: Frame, candidate: Candidate) -> bool:
        """Whether one county was named, and this is another's row of a table."""
        named = [area for place in frame.places if (area := self._areas.resolve(place))]
        inside = {a.name for a in named if candidate.area in self._areas.lineage(a.code)}
        return bool(inside and candidate.places and not inside & candidate.places)

    def _other_year(self, reading: Reading, candidate: Candidate) -> str:
        if not reading.frame.periods or candidate.entry is None:
            return ""
        facts = [c.entry for c in self._of_matter[candidate.area, candidate.matter] if c.entry]
        document = self._library.document(candidate.area, candidate.entry.source)
        known = years(document.date[:4]) if document else set()
        named = (years(f.spoken(f.answer + f.detail)) for f in facts) if known else ()
        return other_year(reading.frame, candidate, known.union(*named))


def speaking(first: Ranked, reading: Reading, aspects: tuple[Aspect, ...]) -> list[Ranked]:
    """What speaks of being paid in parts, which is asked for like how often a thing is held."""
    silence = first.candidate
    is_how_often = silence.entry is None and silence.slot == HOW_OFTEN
    if not is_how_often or not aspects or first.nearest >= SAME_WORDS:
        return []
    same = (r for r in reading.ranked if r.candidate.matter == silence.matter)
    own = (r for r in same if r.candidate.area == silence.area and not r.candidate.is_silent)
    return [r for r in own if not missing_aspect(aspects, r.candidate)]


def unsaid(silence: Candidate, aspects: tuple[Aspect, ...]) -> Aspect | None:
    """What exactly was asked, where a silence is on the matter in general or on something else."""
    return next((aspect for aspect in aspects if not aspect.is_of(silence)), None)


def is_yes_or_no(said: str) -> bool:
    """Whether a yes or a no is asked for in few words; a story says more than it asks."""
    return len(said) <= LONGEST and bool(_YES_NO.search(said))
