"""A library of many areas for measuring: our packs again and again, in other words."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, cycle, product

from knowledge.areas import Area, PackArea
from knowledge.entry import Entry, Unknown
from knowledge.shelf import EVERYWHERE, Library, Pack

WORDINGS = 6  # of an entry that are kept: from there on more of them add little
_FIRST = "云青白金石龙凤鹤松竹梅兰桐柏枫榆桑棠荷莲"
_SECOND = "上下前后东西南北"
_THIRD = "岭溪湾坪塘沟坝埠屯堡滩洲"
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
    packs = [pack for code, pack in library.packs.items() if code in EVERYWHERE]
    models = [pack for code, pack in library.packs.items() if code not in EVERYWHERE]
    dice = random.Random(seed)
    names = _names(library)
    held = sum(len(pack.entries) for pack in packs)
    for model, number in zip(cycle(models), count(), strict=False):
        if held >= entries:
            break
        packs.append(_moved(model, f"{980000 + number}", names, dice))
        held += len(model.entries)
    return Library(packs, library.wording)


def _names(library: Library) -> Iterator[str]:
    """Names that no place of ours has."""
    names = ("".join(pair) for pair in product(_FIRST, _SECOND, _THIRD))
    return (name for name in names if not library.areas.find(f"{name}县"))


def _moved(pack: Pack, code: str, names: Iterator[str], dice: random.Random) -> Pack:
    """The pack as another area's, with other places inside."""
    name = next(names)
    old = pack.place.area
    new_names = {old.name: f"{name}县", old.short: name}
    inner = []
    for number, (place, called) in enumerate(pack.place.places):
        name = next(names)
        new_names |= dict.fromkeys(called, name) | {place.name: f"{name}{place.name[-1]}"}
        moved = Area(f"{code}{number:02}", new_names[place.name], name, place.level)
        inner.append((moved, (name,)))
    area = Area(code, new_names[old.name], new_names[old.short], "county")
    said = _Said(area, new_names, dice)
    entries = tuple(said.entry(entry) for entry in pack.entries)
    unknowns = tuple(said.unknown(unknown) for unknown in pack.unknowns)
    home = PackArea(area, (area.name,), tuple(inner))
    return Pack(f"{pack.folder}-{code}", home, pack.documents, entries, unknowns)


class _Said:
    """How the people of one area say what those of another say."""

    def __init__(self, area: Area, names: dict[str, str], dice: random.Random) -> None:
        self._area, self._names, self._dice = area, names, dice
        longest_first = sorted(names, key=len, reverse=True)
        self._named = re.compile("|".join(map(re.escape, longest_first)))

    def entry(self, entry: Entry) -> Entry:
        """The entry as the new area's."""
        return replace(
            entry,
            id=f"{entry.id}-{self._area.code}",
            area=self._area.code,
            who=tuple(map(self._renamed, entry.who)),
            title=self._renamed(entry.title),
            asked_as=self._varied(entry.asked_as),
        )

    def unknown(self, unknown: Unknown) -> Unknown:
        """What the new area's papers leave open."""
        asked = {slot: self._varied(texts) for slot, texts in unknown.asked_as.items()}
        who = tuple(map(self._renamed, unknown.who))
        return replace(unknown, area=self._area.code, who=who, asked_as=asked)

    def _varied(self, texts: Iterable[str]) -> tuple[str, ...]:
        kept = list(texts)[:WORDINGS]
        return tuple(dict.fromkeys(self._otherwise(self._renamed(text)) for text in kept))

    def _renamed(self, text: str) -> str:
        return self._named.sub(lambda found: self._names[found.group()], text)

    def _otherwise(self, text: str) -> str:
        """Every second one as it is; the others with the place's name or another word to ask."""
        draw = self._dice.random()
        if draw < 0.5:
            return text
        if draw < 0.75:
            return f"{self._area.short}{text}"
        for word, other in _EXCHANGED:
            if word in text:
                return text.replace(word, other, 1)
        return f"{self._area.short}这边{text}"
