"""The candidates of each area with all that depends on them alone; kept where nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from weakref import WeakValueDictionary

from knowledge.candidates import Candidate, Maker
from knowledge.postings import postings
from knowledge.senses import Sense, filed
from knowledge.shelf import Library, Pack
from knowledge.sounds import sound
from knowledge.speller import counted
from knowledge.wording import Wording

Side = tuple[str, str]  # a matter and a slot


class Part:
    """One area: its candidates by number, and the tables that find them."""

    def __init__(self, pack: Pack, wording: Wording, candidates: tuple[Candidate, ...]) -> None:
        self.pack = pack
        self.wording = wording
        self.candidates = candidates
        texts = [c.texts for c in candidates]
        self.sounds = sounds = [tuple(map(sound, each)) for each in texts]
        tellings = [sound(c.told) for c in candidates]
        self.written = postings(texts)
        self.heard = postings(sounds)
        self.told = postings([(c.told,) for c in candidates])
        self.said = postings([(*each, told) for each, told in zip(sounds, tellings, strict=True)])
        self.matters = Sense(filed((c.matter, t) for c in candidates for t in c.texts))
        without = wording.matters.without
        self.slots = filed((c.slot, without(t)) for c in candidates if c.slot for t in c.texts)
        self.spelling = counted([text for each in texts for text in each])

    @cached_property
    def cells(self) -> Mapping[Side, list[int]]:
        """What is kept under a matter and a slot."""
        found: dict[Side, list[int]] = {}
        for number, candidate in enumerate(self.candidates):
            for slot in candidate.slots:
                found.setdefault((candidate.matter, slot), []).append(number)
        return found

    @cached_property
    def telling(self) -> Mapping[str, list[int]]:
        """What tells a figure."""
        found: dict[str, list[int]] = {}
        for number, candidate in enumerate(self.candidates):
            for figure in candidate.numbers:
                found.setdefault(figure, []).append(number)
        return found

    @cached_property
    def tables(self) -> Mapping[Side, set[frozenset[str]]]:
        """The places inside the area that a matter and a slot are told of, one by one."""
        found: dict[Side, set[frozenset[str]]] = {}
        for candidate in self.candidates:
            found.setdefault((candidate.matter, candidate.slot), set()).add(candidate.places)
        return found


_LAST: WeakValueDictionary[str, Part] = WeakValueDictionary()  # as long as someone answers by it


def parts_of(library: Library) -> list[Part]:
    """The parts of all packs; from a library before this one those that are the same."""
    before = {code: _LAST.get(code) for code in library.packs}
    kept = {
        code: part
        for code, part in before.items()
        if part and part.wording.is_like(library.wording)
    }
    maker = Maker(library.wording, [c for part in kept.values() for c in part.candidates])
    parts = [
        _part(pack, library.wording, maker, kept.get(code)) for code, pack in library.packs.items()
    ]
    _LAST.update(zip(library.packs, parts, strict=True))
    return parts


def _part(pack: Pack, wording: Wording, maker: Maker, before: Part | None) -> Part:
    if before and before.pack == pack:
        return before
    return Part(pack, wording, tuple(maker.of_pack(pack)))
