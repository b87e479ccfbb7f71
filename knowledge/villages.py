"""Towns and villages of a county by the names that people say, today's and former ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from knowledge.place_lists import Level as Level
from knowledge.place_lists import Place as Place
from knowledge.place_lists import read, texts
from knowledge.sounds import sound
from knowledge.text import letters, normalise

_LONGEST = 16
_TOWN = re.compile(r"(?:(?:土家族|回族|苗族|民族)?[乡镇]|街道(?:办事处)?|街办|办事处)$")
_VILLAGE = re.compile(r"(?:村委会|村民委员会|居委会|居民委员会|社区|村|大队|居)$")
_TAIL = re.compile(
    r"(?:村委会|村民委员会|居委会|居民委员会|社区|大队|村|镇政府|镇|乡|街道)?"
    r"(?:[上里]?(?:下面|底下|那边|这边)?的?)"
)
_LEAST = 3  # characters of a village's name that may stand amid other words


@dataclass(frozen=True, slots=True)
class Dwelling:
    """What somebody's words come to; ids are "" where not known.

    `rest` is what was said beyond (a group, a hamlet, or all of it), `others` are places as
    likely meant, `gone` is a place that is no more, of which no successor is known.
    """

    area: str = ""
    town: str = ""
    village: str = ""
    rest: str = ""
    others: tuple[Place, ...] = ()
    gone: Place | None = None


_Index = dict[str, tuple[Place, ...]]
_Reading = tuple[tuple[Place, ...], tuple[Place, ...], int]  # towns, villages, characters read
_Spell = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Step:
    """A way to read the beginning of a text."""

    places: tuple[Place, ...]
    length: int


@dataclass(frozen=True, slots=True)
class _Reader:
    """The names of a county in one spelling: as written, or as they sound."""

    towns: _Index
    villages: _Index  # of the whole county
    inside: Mapping[str, _Index]  # by town

    def read(self, text: str) -> _Reading:
        """What the beginning of a text names; the longest reading."""
        town = _longest(self.towns, text)
        best: _Reading = ((), (), 0)
        if town is not None:
            best = (town.places, (), town.length)
            within = self._within(town, text)
            if within is not None:
                best = (town.places, within.places, within.length)
        alone = _longest(self.villages, text)
        if alone is not None and alone.length > best[2]:
            best = ((), alone.places, alone.length)
        return best

    def _within(self, town: _Step, text: str) -> _Step | None:
        tail = _TAIL.match(text, town.length)
        starts = {town.length, tail.end() if tail else 0}
        found = [
            _Step(step.places, start + step.length)
            for start in starts
            for place in town.places
            if (step := _longest(self.inside.get(place.id, {}), text[start:]))
        ]
        return max(found, key=lambda step: step.length, default=None)


@dataclass(frozen=True, slots=True)
class County:
    """The towns and villages of one county."""

    area: str
    places: Mapping[str, Place]
    _written: _Reader
    _heard: _Reader
    _children: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)

    def towns(self) -> tuple[Place, ...]:
        """The towns of today."""
        return tuple(p for p in self.places.values() if p.level is Level.TOWN and not p.until)

    def villages(self, town: str) -> tuple[Place, ...]:
        """The villages of a town today."""
        return tuple(place for place in self._children.get(town, ()) if not place.until)

    def today(self, place: Place) -> Place:
        """What a place is part of today; itself where that is not known."""
        seen = {place.id}
        while place.merged_into in self.places and place.merged_into not in seen:
            place = self.places[place.merged_into]
            seen.add(place.id)
        return place

    def dwelling(self, words: str) -> Dwelling:
        """Where somebody lives who says it in these words; never a guess."""
        text = letters(normalise(words))
        towns, villages, length = self._read(text)
        if not length:
            return Dwelling(rest=text)
        tail = _TAIL.match(text, length)
        return self._settled(towns, villages, text[tail.end() if tail else length :])

    def _read(self, text: str) -> _Reading:
        """The longest reading, as written before as heard; amid other words only as written."""
        written, heard = self._written.read(text), self._heard.read(sound(text))
        best = heard if heard[2] > written[2] else written
        starts = () if best[2] else range(1, len(text) - 1)
        for start in starts:
            towns, villages, length = self._written.read(text[start:])
            if length >= _LEAST or (towns and length):
                return towns, villages, start + length
        return best

    def _settled(
        self, towns: tuple[Place, ...], villages: tuple[Place, ...], rest: str
    ) -> Dwelling:
        here = _one_of(villages) if villages else None
        if villages and here is None:
            shared = {self.today(self.places[v.parent]).id for v in villages}
            town = self.places[shared.pop()] if len(shared) == 1 else None
            return self._at(town, None, rest, others=_living(villages))
        if here is not None:
            today = self.today(here)
            gone = today if today.until else None
            return self._at(self._town_of(today), None if gone else today, rest, gone=gone)
        town = _one_of(towns)
        if town is None:
            return Dwelling(rest=rest, others=_living(towns))
        today = self.today(town)
        gone = today if today.until else None
        return self._at(None if gone else today, None, rest, gone=gone)

    def _town_of(self, place: Place) -> Place | None:
        if place.level is Level.TOWN:
            return place
        town = self.places.get(place.parent)
        town = self.today(town) if town else None
        return None if town is None or town.until else town

    def _at(
        self,
        town: Place | None,
        village: Place | None,
        rest: str,
        *,
        others: tuple[Place, ...] = (),
        gone: Place | None = None,
    ) -> Dwelling:
        is_village = village is not None and village.level is Level.VILLAGE
        return Dwelling(
            area=town.parent if town else self.area,
            town=town.id if town else "",
            village=village.id if village and is_village else "",
            rest=rest,
            others=others,
            gone=gone,
        )


@lru_cache(64)
def county(area: str, more: tuple[Place, ...] = ()) -> County:
    """A county with the shipped lists, and before them what `more` says."""
    own = {place.id: place for place in (*_shipped().get(area, ()), *more)}
    towns = [place for place in own.values() if place.level is Level.TOWN]
    inside: dict[str, list[Place]] = {}
    for place in own.values():
        if place.level is Level.VILLAGE:
            inside.setdefault(place.parent, []).append(place)
    return County(
        area,
        own,
        _reader(towns, inside, _as_written),
        _reader(towns, inside, _as_heard),
        {town: tuple(places) for town, places in inside.items()},
    )


def shipped(place_id: str) -> Place | None:
    """A place of the shipped lists."""
    return _by_id().get(place_id)


def bare(place: Place, name: str) -> str:
    """A name without what kind of place it is."""
    return shortened(place.level, name)


def shortened(level: Level, name: str) -> str:
    """The name of a town or a village without the word for it."""
    return (_TOWN if level is Level.TOWN else _VILLAGE).sub("", name)


def _as_written(name: str) -> str:
    return letters(normalise(name))


def _as_heard(name: str) -> str:
    return sound(_as_written(name))


def _reader(towns: Iterable[Place], inside: Mapping[str, list[Place]], spell: _Spell) -> _Reader:
    every = [place for places in inside.values() for place in places]
    by_town = {town: _index(places, spell) for town, places in inside.items()}
    return _Reader(_index(towns, spell), _index(every, spell), by_town)


def _index(places: Iterable[Place], spell: _Spell) -> _Index:
    index: _Index = {}
    for place in places:
        forms = {form for name in place.names for form in (name, bare(place, name))}
        for key in {spell(form) for form in forms if len(form) > 1}:
            index[key] = (*index.get(key, ()), place)
    return index


def _longest(index: _Index, text: str) -> _Step | None:
    for length in range(min(len(text), _LONGEST), 1, -1):
        if found := index.get(text[:length]):
            return _Step(found, length)
    return None


def _living(places: tuple[Place, ...]) -> tuple[Place, ...]:
    return tuple(place for place in places if not place.until)


def _one_of(places: tuple[Place, ...]) -> Place | None:
    """The only one, or the only one of today."""
    if len(places) == 1:
        return places[0]
    today = _living(places)
    return today[0] if len(today) == 1 else None


@cache
def _shipped() -> dict[str, tuple[Place, ...]]:
    """The lists of the packs by county, read when the first is needed."""
    by_county: dict[str, list[Place]] = {}
    towns = {place.id: place for place in _rows() if place.level is Level.TOWN}
    for place in _rows():
        town = towns.get(place.parent) if place.level is Level.VILLAGE else place
        for area in dict.fromkeys((town.parent, town.beside)) if town else ():
            if area:
                by_county.setdefault(area, []).append(place)
    return {area: tuple(places) for area, places in by_county.items()}


@cache
def _by_id() -> dict[str, Place]:
    return {place.id: place for place in _rows()}


@cache
def _rows() -> tuple[Place, ...]:
    return tuple(place for text in texts().values() for _, place in read(text))
