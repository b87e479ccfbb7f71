"""A library of many areas for measuring: our packs again and again, in other words."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, cycle, product

from knowledge.areas import Area, PackArea
from knowledge.entry import Entry, Unknown
from knowledge.shelf import EVERYWHERE, Library, Pack

WORDINGS = 6  # of an entry that are kept: from there on more of them add little
_FIRST = "云青白金石龙凤鹤松竹梅兰桐柏枫榆桑棠荷莲"
_SECOND = "岭溪湾坪塘沟坝埠屯堡滩洲"
_EXCHANGED = (  # words that ask alike
    ("多少钱", "几多钱"),
    ("多少", "好多"),
    ("怎么", "咋样"),
    ("什么", "啥子"),
    ("哪里", "哪个地方"),
    ("能不能", "可不可以"),
)


def grown(library: Library, *, entries: int, seed: int = 1) -> Library:
    """At least so many entries: what holds everywhere, and areas that do not exist."""
    kept = [pack for code, pack in library.packs.items() if code in EVERYWHERE]
    models = [pack for pack in library.packs.values() if pack not in kept]
    dice = random.Random(seed)
    packs = [*kept]
    held = sum(len(pack.entries) for pack in kept)
    for model, number, name in zip(cycle(models), count(), _names(library), strict=False):
        if held >= entries:
            break
        area = Area(f"{980000 + number}", f"{name}县", name, "county")
        packs.append(_moved(model, area, dice))
        held += len(model.entries)
    return Library(packs, library.wording)


def _names(library: Library) -> Iterator[str]:
    names = ("".join(pair) for pair in product(_FIRST, _SECOND))
    return (name for name in names if not library.areas.find(f"{name}县"))


def _moved(pack: Pack, area: Area, dice: random.Random) -> Pack:
    """The pack as another area's, the places inside it left out."""
    old = pack.place.area
    said = _Said(old, area, dice)
    entries = tuple(said.entry(entry) for entry in pack.entries)
    unknowns = tuple(said.unknown(unknown) for unknown in pack.unknowns)
    place = PackArea(area, (area.name,))
    return Pack(f"{pack.folder}-{area.code}", place, pack.documents, entries, unknowns)


class _Said:
    """How the people of one area say what those of another say."""

    def __init__(self, old: Area, new: Area, dice: random.Random) -> None:
        self._old, self._new, self._dice = old, new, dice

    def entry(self, entry: Entry) -> Entry:
        """The entry as the new area's."""
        return replace(
            entry,
            id=f"{entry.id}-{self._new.code}",
            area=self._new.code,
            title=self._renamed(entry.title),
            asked_as=self._varied(entry.asked_as),
        )

    def unknown(self, unknown: Unknown) -> Unknown:
        """What the new area's papers leave open."""
        asked = {slot: self._varied(texts) for slot, texts in unknown.asked_as.items()}
        return replace(unknown, area=self._new.code, asked_as=asked)

    def _varied(self, texts: Iterable[str]) -> tuple[str, ...]:
        kept = list(texts)[:WORDINGS]
        return tuple(dict.fromkeys(self._otherwise(self._renamed(text)) for text in kept))

    def _renamed(self, text: str) -> str:
        return text.replace(self._old.name, self._new.name).replace(
            self._old.short, self._new.short
        )

    def _otherwise(self, text: str) -> str:
        """Every second one as it is; the others with the place's name or another word to ask."""
        draw = self._dice.random()
        if draw < 0.5:
            return text
        if draw < 0.75:
            return f"{self._new.short}{text}"
        for word, other in _EXCHANGED:
            if word in text:
                return text.replace(word, other, 1)
        return f"{self._new.short}这边{text}"
