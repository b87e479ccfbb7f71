"""Whether a fact that fits says what was asked, or leaves it open; and what just that is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.aspects import LONGEST, Aspect, asked_aspects, missing_aspect
from knowledge.candidates import Candidate
from knowledge.hearing import Heard
from knowledge.preferring import SAME_WORDS
from knowledge.ranking import Ranked
from knowledge.reader import EXACT, Reading
from knowledge.shelf import Library
from knowledge.understand import WEAK, Frame
from knowledge.verify import missing_side, other_year, years
from knowledge.wanting import is_strange_to, own_words

_YES_NO = re.compile(r"要不要|能不能|有没有|会不会|是不是|可不可以|(.)不\1|[吗不没么]\W*$")
_COUNTS = re.compile(r"\d|[一二两三四五六七八九十零〇]{2}|[百千万亿萬億壹贰叁肆伍陆柒捌玖拾佰仟]")
_SHORTEST_NAME = 2  # characters
HOW_OFTEN = "频次"
LIKE_ENOUGH = 0.7  # so like a known wording, in script or sound, that it asks the same


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks beyond the slots: known aspects, and words of its own."""

    aspects: tuple[Aspect, ...]
    words: tuple[str, ...]


class Silences:
    """Knows what the facts of a library leave open."""

    def __init__(
        self, library: Library, of_matter: Mapping[tuple[str, str], Sequence[Candidate]]
    ) -> None:
        self._library = library
        self._areas = library.areas
        self._of_matter = of_matter

    def wanted(self, heard: Heard, reading: Reading) -> Wanted:
        """What a question asks beyond the slots; words of its own only where it does not lean."""
        frame, plain = reading.frame, heard.plain
        alone = reading.text == plain
        words = own_words(heard, frame, self._library.wording) if alone else ()
        return Wanted(asked_aspects(plain, frame.slots), words)

    def serves(self, ranked: Ranked, reading: Reading, wanted: Wanted) -> bool:
        """Whether a fact says what was asked, or is known to be asked so."""
        candidate = ranked.candidate
        aspects = wanted.aspects
        if missing_aspect(aspects, candidate) or self._is_of_another(reading.frame, candidate):
            return ranked.nearest >= EXACT or candidate.is_silent
        other = missing_side(reading.frame, candidate) or self._other_year(reading, candidate)
        is_open = candidate.is_silent and candidate.slot in reading.frame.slots
        return ranked.nearest >= SAME_WORDS or is_open or not other

    def answering(
        self, serving: Sequence[Ranked], frame: Frame, wanted: Wanted
    ) -> Sequence[Ranked]:
        """Without the facts on the first one's matter that have nothing of what was asked."""
        if not serving or not self._is_beside(serving[0], frame, wanted):
            return serving
        first = serving[0].candidate
        kept = [r for r in serving if not self._is_beside(r, frame, wanted)]
        return kept if kept and kept[0].candidate.matter == first.matter else ()

    def _is_beside(self, ranked: Ranked, frame: Frame, wanted: Wanted) -> bool:
        """Whether it fits by its matter's name alone."""
        candidate = ranked.candidate
        if candidate.is_silent or candidate.is_talk or candidate.matter not in frame.matters:
            return False
        if candidate.slots & frame.slots.keys() - WEAK or ranked.likest >= LIKE_ENOUGH:
            return False
        return is_strange_to(wanted.words, frame, candidate)

    def stranger(self, ranked: Ranked, frame: Frame, wanted: Wanted) -> str:
        """What was asked for, where a silence is on another matter that nobody named."""
        candidate = ranked.candidate
        is_meant = candidate.named & frame.matters.keys() or ranked.likest >= LIKE_ENOUGH
        is_known = is_meant or frame.who  # 小微企业能贷多少 names who asks, and no strange thing
        if is_known or not is_strange_to(wanted.words, frame, candidate):
            return ""
        longest = max(wanted.words, key=len)
        # A figure that was only asked about is not told, not even in quotes.
        return "" if len(longest) < _SHORTEST_NAME or _COUNTS.search(longest) else longest

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
