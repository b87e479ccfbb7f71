"""All that may be answered: each entry, and each matter that the papers leave open in part."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain

from knowledge.entry import SILENT, TALK, Entry, Unknown
from knowledge.shelf import Pack
from knowledge.text import letters, normalise
from knowledge.understand import (
    FORMS,
    KINDS_OF_WHO,
    cue,
    kin,
    numbers,
    periods,
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
        object.__setattr__(self, "places", _places(self.who))
        object.__setattr__(self, "forms", _forms(self.who))
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
        self._plain = plain = cache(lambda text: wording.plain(normalise(text)))
        self._letters = cache(lambda text: letters(plain(text)))
        self._sides = cache(lambda plain: tuple(map(_one, read_sides(plain, wording))))
        self._same = cache(lambda texts: texts)
        self._templates = cache(lambda matter, slot: tuple(_templates(matter, slot, wording)))
        self._kinds = cache(lambda matter: frozenset(cue("kinds").meanings(matter)))
        self._only = cache(lambda word: frozenset({word}))
        self.side = cache(lambda matter, slot: (matter, slot))
        # Silences on one side of a matter are asked alike in all areas.
        self.asking = cache(lambda texts: wording.matters.without("\0".join(texts)))

    def of_pack(self, pack: Pack) -> Iterator[Candidate]:
        """Every entry and every known unknown of a pack."""
        for entry in pack.entries:
            kept = self._before.get((entry.id, entry.slot))
            yield kept if kept and kept.entry == entry else self.of_entry(entry)
        for unknown in pack.unknowns:
            yield from self._of_unknown(unknown)

    def of_entry(self, entry: Entry) -> Candidate:
        """An entry as something to answer with."""
        said = [self._plain(text) for text in (entry.title, *entry.asked_as)]
        sides = [self._sides(text) for text in said]
        slots, levels, kinds, when, terms = map(_shared, zip(*sides, strict=True), _PARTS)
        titled = self._wording.matters.meanings(letters(said[0]))
        answered = normalise(entry.spoken(entry.answer))
        return Candidate(
            id=entry.id,
            area=entry.area,
            matter=entry.matter,
            slot=entry.slot,
            who=_one(entry.who),
            texts=tuple(map(self._letters, (entry.title, *entry.asked_as))),
            told=letters(normalise(entry.spoken(f"{entry.answer}{entry.detail}{entry.agency}"))),
            slots=_one(() if entry.kind in TALK else slots | kin(entry.slot)),
            levels=_one(levels),
            kinds=_one(kinds),
            terms=_one(terms | sides[0][_TERMS]),
            numbers=_one(numbers(answered)),
            periods=_one(when | _periods(entry, answered)),
            named=_one({*titled, entry.matter}),
            entry=entry,
        )

    def _of_unknown(self, unknown: Unknown) -> Iterator[Candidate]:
        """Each side of a matter that the papers leave open."""
        head = "/".join(filter(None, (unknown.area, unknown.matter, "+".join(unknown.who))))
        who = _one(unknown.who)
        for slot in unknown.slots:
            name = f"{head}/{slot}"
            kept = self._before.get((name, slot))
            if kept and kept.unknown == unknown:
                yield kept
                continue
            asked = map(self._letters, unknown.asked_as.get(slot, ()))
            yield Candidate(
                id=name,
                area=unknown.area,
                matter=unknown.matter,
                slot=slot,
                who=who,
                texts=self._same((*asked, *self._templates(unknown.matter, slot))),
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


@lru_cache(maxsize=4096)
def _places(who: frozenset[str]) -> frozenset[str]:
    return who - FORMS - KINDS_OF_WHO


@lru_cache(maxsize=4096)
def _forms(who: frozenset[str]) -> frozenset[str]:
    return who & FORMS


# Of how many wordings one must point to something for the candidate to be about it: slots,
# levels, kinds, periods, terms.
_PARTS = (4, 4, 4, 4, 2)
_TERMS = 4


def _shared(pointed: Sequence[frozenset[str]], part: int) -> frozenset[str]:
    """What at least such a part of the wordings point to."""
    if not any(pointed):
        return _NOTHING
    counts = Counter(chain.from_iterable(pointed))
    return frozenset(m for m, count in counts.items() if count * part >= len(pointed))


def _templates(matter: str, slot: str, wording: Wording) -> Iterator[str]:
    """The usual ways to ask for one side of a matter."""
    names = (letters(matter), *wording.matters.words(matter))[:_SYNONYMS]
    for number, words in enumerate(wording.slots.words(slot)[:_CUES]):
        yield names[number % len(names)] + words


def candidate_of(entry: Entry, wording: Wording) -> Candidate:
    """One entry as something to answer with."""
    return Maker(wording).of_entry(entry)
