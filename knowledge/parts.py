"""The candidates of each area with all that depends on them alone; kept where nothing changed."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakValueDictionary

from knowledge.candidates import Candidate, Maker
from knowledge.postings import Line, line_of, united
from knowledge.senses import Sense, filed, under
from knowledge.shelf import Library, Pack
from knowledge.sounds import heard
from knowledge.speller import Counted, counted
from knowledge.wording import Wording

Side = tuple[str, str]  # a matter and a slot


class Part:
    """One area: its candidates by number, and the tables that find them."""

    def __init__(self, pack: Pack, wording: Wording, maker: Maker) -> None:
        self.pack = pack
        self.wording = wording
        self.candidates = candidates = tuple(maker.of_pack(pack))
        texts = line_of([c.texts for c in candidates])
        tellings = line_of([(c.told,) for c in candidates])
        self.written = texts.postings()
        self.heard = _aloud(texts).postings()
        self.told = tellings.postings()
        self.said = united(self.heard, _aloud(tellings).postings())
        self.matters = Sense(under(self.written, [c.matter for c in candidates]))
        self.slots = filed((c.slot, maker.asking(c.texts)) for c in candidates if c.slot)
        self.cells: dict[Side, tuple[int, ...]] = {}  # what is kept under a matter and a slot
        self.telling: dict[str, list[int]] = {}  # what tells a figure
        # the places inside the area that a matter and a slot are told of, one by one
        self.tables: dict[Side, set[frozenset[str]]] = {}
        for number, candidate in enumerate(candidates):
            self._file(number, candidate, maker)

    @property
    def spelling(self) -> Counted:
        """The characters and pairs of the wordings."""
        return counted(self.written)

    def _file(self, number: int, candidate: Candidate, maker: Maker) -> None:
        for slot in candidate.slots:
            side = maker.side(candidate.matter, slot)
            self.cells[side] = (*self.cells.get(side, ()), number)
        for figure in candidate.numbers:
            self.telling.setdefault(figure, []).append(number)
        if candidate.entry:
            side = maker.side(candidate.matter, candidate.slot)
            self.tables.setdefault(side, set()).add(candidate.places)


def _aloud(line: Line) -> Line:
    return replace(line, codes=heard(line.codes))


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
    return Part(pack, wording, maker)
