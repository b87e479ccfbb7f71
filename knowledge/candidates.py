"""All that may be answered: each entry, and each matter that the papers leave open in part."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain

from knowledge.entry import SILENT, TALK, Entry, Unknown
from knowledge.shelf import Pack
from knowledge.sounds import sound
from knowledge.text import letters, normalise
from knowledge.understand import (
    FORMS,
    KINDS_OF_WHO,
    Frame,
    cue,
    kin,
    numbers,
    periods,
    read_frame,
    read_sides,
)
from knowledge.wording import Wording

_SYNONYMS = 6  # names of a matter that an unknown is asked by
_CUES = 4  # ways of asking for a slot
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to answer with, and the words it is asked by."""

    id: str
    area: str
    matter: str
    slot: str
    who: frozenset[str]
    texts: tuple[str, ...]  # how it is asked, in plain words, letters only
    told: str  # what it answers, letters only
    slots: frozenset[str]
    levels: frozenset[str]
    kinds: frozenset[str]
    terms: frozenset[str]
    numbers: frozenset[str]
    periods: frozenset[str]
    named: frozenset[str]  # matters that its own title names
    entry: Entry | None = None
    unknown: Unknown | None = None
    places: frozenset[str] = field(init=False)  # inside the area, that alone it holds for
    forms: frozenset[str] = field(init=False)  # of business, that alone it is for
    is_talk: bool = field(init=False)  # it belongs to the conversation and not to an area

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", _one(self.who - FORMS - KINDS_OF_WHO))
        object.__setattr__(self, "forms", _one(self.who & FORMS))
        is_talk = self.entry is not None and self.entry.kind in TALK
        object.__setattr__(self, "is_talk", is_talk)

    @property
    def is_silent(self) -> bool:
        """Whether all it can say is that the papers do not."""
        return self.entry is None or self.entry.status in SILENT


class Maker:
    """Makes candidates, with those made before where nothing about them has changed."""

    def __init__(self, wording: Wording, before: Iterable[Candidate] = ()) -> None:
        self._wording = wording
        self._before = {(c.id, c.slot): c for c in before}
        # The same question is a wording of many entries: of one matter in several places.
        self._plain = cache(lambda text: wording.plain(normalise(text)))
        self._sides = cache(lambda plain: _sides(read_sides(plain, wording)))
        self._letters = cache(letters)
        self._templates = cache(lambda matter, slot: tuple(_templates(matter, slot, wording)))
        self._kinds = cache(lambda matter: frozenset(cue("kinds").meanings(matter)))
        self._only = cache(lambda word: frozenset({word}))
        self.sound = cache(sound)
        self.without_matter = cache(wording.matters.without)

    def of_pack(self, pack: Pack) -> Iterator[Candidate]:
        """Every entry and every known unknown of a pack."""
        for entry in pack.entries:
            kept = self._before.get((entry.id, entry.slot))
            yield kept if kept and kept.entry == entry else self.of_entry(entry)
        for unknown in pack.unknowns:
            for slot in unknown.slots:
                kept = self._before.get((_name(unknown, slot), slot))
                yield (
                    kept if kept and kept.unknown == unknown else self._of_unknown(unknown, slot)
                )

    def of_entry(self, entry: Entry) -> Candidate:
        """An entry as something to answer with."""
        said = [self._plain(text) for text in (entry.title, *entry.asked_as)]
        title = read_frame(said[0], self._wording)
        sides = zip(*map(self._sides, said), strict=True)
        slots, levels, kinds, when, terms = map(_shared, sides, _PARTS)
        answered = normalise(entry.spoken(entry.answer))
        return Candidate(
            id=entry.id,
            area=entry.area,
            matter=entry.matter,
            slot=entry.slot,
            who=_one(entry.who),
            texts=tuple(map(self._letters, said)),
            told=letters(normalise(entry.spoken(f"{entry.answer}{entry.detail}{entry.agency}"))),
            slots=_one(() if entry.kind in TALK else slots | kin(entry.slot)),
            levels=_one(levels),
            kinds=_one(kinds),
            terms=_one(terms | title.terms),
            numbers=_one(numbers(answered)),
            periods=_one(when | _periods(entry, answered)),
            named=_one({*title.matters, entry.matter}),
            entry=entry,
        )

    def _of_unknown(self, unknown: Unknown, slot: str) -> Candidate:
        """One side of a matter that the papers leave open."""
        asked = [self._plain(text) for text in unknown.asked_as.get(slot, ())]
        return Candidate(
            id=_name(unknown, slot),
            area=unknown.area,
            matter=unknown.matter,
            slot=slot,
            who=_one(unknown.who),
            texts=(*map(self._letters, asked), *self._templates(unknown.matter, slot)),
            told="",
            slots=self._only(slot),
            levels=_NOTHING,
            kinds=self._kinds(unknown.matter),
            terms=_NOTHING,
            numbers=_NOTHING,
            periods=_NOTHING,
            named=self._only(unknown.matter),
            unknown=unknown,
        )


def _periods(entry: Entry, answered: str) -> frozenset[str]:
    """The years an entry tells of; one that is silent names those that it does not mean."""
    if entry.status in SILENT:
        return frozenset()
    return periods(normalise(entry.answer) if entry.figures else answered)


def _one(members: Iterable[str]) -> frozenset[str]:
    """One set for all that are equal: there are many, of few kinds."""
    return _same(frozenset(members))


@lru_cache(maxsize=65_536)
def _same(members: frozenset[str]) -> frozenset[str]:
    return members


def _sides(frame: Frame) -> tuple[frozenset[str], ...]:
    """What a wording points to: slots, levels, kinds, periods, terms."""
    sides = (frame.slots, frame.levels, frame.kinds, frame.periods, frame.terms)
    return tuple(map(_one, sides))


# Of how many wordings one must point to something for the candidate to be about it.
_PARTS = (4, 4, 4, 4, 2)


def _shared(pointed: Sequence[frozenset[str]], part: int) -> frozenset[str]:
    """What at least such a part of the wordings point to."""
    if not any(pointed):
        return _NOTHING
    counts = Counter(chain.from_iterable(pointed))
    return frozenset(m for m, count in counts.items() if count * part >= len(pointed))


def _name(unknown: Unknown, slot: str) -> str:
    return "/".join(filter(None, (unknown.area, unknown.matter, "+".join(unknown.who), slot)))


def _templates(matter: str, slot: str, wording: Wording) -> Iterator[str]:
    """The usual ways to ask for one side of a matter."""
    names = (letters(matter), *wording.matters.words(matter))[:_SYNONYMS]
    for number, words in enumerate(wording.slots.words(slot)[:_CUES]):
        yield names[number % len(names)] + words


def candidate_of(entry: Entry, wording: Wording) -> Candidate:
    """One entry as something to answer with."""
    return Maker(wording).of_entry(entry)
