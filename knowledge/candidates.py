"""All that may be answered: each entry, and each matter that the papers leave open in part."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from knowledge.entry import SILENT, TALK, Entry, Unknown
from knowledge.shelf import Pack
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
        object.__setattr__(self, "places", self.who - FORMS - KINDS_OF_WHO)
        object.__setattr__(self, "forms", self.who & FORMS)
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
        self._sides = cache(lambda plain: read_sides(plain, wording))

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
        frames = [self._sides(text) for text in said]
        return Candidate(
            id=entry.id,
            area=entry.area,
            matter=entry.matter,
            slot=entry.slot,
            who=frozenset(entry.who),
            texts=tuple(map(letters, said)),
            told=letters(normalise(entry.spoken(f"{entry.answer}{entry.detail}{entry.agency}"))),
            slots=frozenset()
            if entry.kind in TALK
            else _shared(frames, "slots") | kin(entry.slot),
            levels=_shared(frames, "levels"),
            kinds=_shared(frames, "kinds"),
            terms=_shared(frames, "terms", 2) | title.terms,
            numbers=numbers(normalise(entry.spoken(entry.answer))),
            periods=_shared(frames, "periods") | periods(normalise(entry.answer)),
            named=frozenset(title.matters) | {entry.matter},
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
            who=frozenset(unknown.who),
            texts=(
                *map(letters, asked),
                *_templates(unknown.matter, slot, self._wording),
            ),
            told="",
            slots=frozenset({slot}),
            levels=frozenset(),
            kinds=frozenset(cue("kinds").meanings(unknown.matter)),
            terms=frozenset(),
            numbers=frozenset(),
            periods=frozenset(),
            named=frozenset({unknown.matter}),
            unknown=unknown,
        )


def _shared(frames: list[Frame], facet: str, part: int = 4) -> frozenset[str]:
    """What at least a quarter of the wordings (or another part) point to."""
    counts = Counter(meaning for frame in frames for meaning in getattr(frame, facet))
    return frozenset(m for m, count in counts.items() if count * part >= len(frames))


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
