"""All that may be answered: each entry, and each matter that the papers leave open in part."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.entry import SILENT, TALK, Entry, Unknown
from knowledge.shelf import Library, Pack
from knowledge.text import letters, normalise
from knowledge.understand import FORMS, KINDS_OF_WHO, Frame, cue, kin, numbers, periods, read_frame
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

    @property
    def places(self) -> frozenset[str]:
        """The places inside the area that alone it holds for."""
        return self.who - FORMS - KINDS_OF_WHO

    @property
    def is_silent(self) -> bool:
        """Whether all it can say is that the papers do not."""
        return self.entry is None or self.entry.status in SILENT

    @property
    def is_talk(self) -> bool:
        """Whether it belongs to the conversation and not to an area."""
        return self.entry is not None and self.entry.kind in TALK


def candidates_of(library: Library) -> list[Candidate]:
    """Every entry and every known unknown of all packs."""
    return [c for pack in library.packs.values() for c in _of_pack(pack, library.wording)]


def _of_pack(pack: Pack, wording: Wording) -> Iterator[Candidate]:
    for entry in pack.entries:
        yield candidate_of(entry, wording)
    for unknown in pack.unknowns:
        for slot in unknown.slots:
            yield _of_unknown(unknown, slot, wording)


def candidate_of(entry: Entry, wording: Wording) -> Candidate:
    """An entry as something to answer with."""
    said = [wording.plain(normalise(text)) for text in (entry.title, *entry.asked_as)]
    frames = [read_frame(text, wording) for text in said]
    return Candidate(
        id=entry.id,
        area=entry.area,
        matter=entry.matter,
        slot=entry.slot,
        who=frozenset(entry.who),
        texts=tuple(map(letters, said)),
        told=letters(normalise(entry.spoken(f"{entry.answer}{entry.detail}{entry.agency}"))),
        slots=frozenset() if entry.kind in TALK else _shared(frames, "slots") | kin(entry.slot),
        levels=_shared(frames, "levels"),
        kinds=_shared(frames, "kinds"),
        terms=_shared(frames, "terms", 2) | frames[0].terms,
        numbers=numbers(normalise(entry.spoken(entry.answer))),
        periods=_shared(frames, "periods") | periods(normalise(entry.answer)),
        named=frozenset(frames[0].matters) | {entry.matter},
        entry=entry,
    )


def _shared(frames: list[Frame], facet: str, part: int = 4) -> frozenset[str]:
    """What at least a quarter of the wordings (or another part) point to."""
    counts = Counter(meaning for frame in frames for meaning in getattr(frame, facet))
    return frozenset(m for m, count in counts.items() if count * part >= len(frames))


def _of_unknown(unknown: Unknown, slot: str, wording: Wording) -> Candidate:
    """One side of a matter that the papers leave open."""
    asked = [wording.plain(normalise(text)) for text in unknown.asked_as.get(slot, ())]
    return Candidate(
        id="/".join(filter(None, (unknown.area, unknown.matter, "+".join(unknown.who), slot))),
        area=unknown.area,
        matter=unknown.matter,
        slot=slot,
        who=frozenset(unknown.who),
        texts=(*map(letters, asked), *_templates(unknown.matter, slot, wording)),
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


def _templates(matter: str, slot: str, wording: Wording) -> Iterator[str]:
    """The usual ways to ask for one side of a matter."""
    names = (letters(matter), *wording.matters.words(matter))[:_SYNONYMS]
    for number, words in enumerate(wording.slots.words(slot)[:_CUES]):
        yield names[number % len(names)] + words
