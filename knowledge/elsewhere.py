"""Whose papers a question is about: those of home, of a place talked of, or none we hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from knowledge.areas import COMMON, COUNTRY, Area
from knowledge.candidates import Candidate
from knowledge.companions import TOGETHER
from knowledge.reader import Asked, Reader, Reading
from knowledge.reply import Choice, Decision, Topic
from knowledge.shelf import Library
from knowledge.telling import Told
from knowledge.text import normalise
from knowledge.weights import SURE

WHERE = "各地规定不一样。您老家是哪个县（市、区）？说县名就行。"
NO_PAPERS = "我这里没有{0}的文件，别处的数不能当{0}的用。可以打12333问当地人社部门。"

_ABROAD = re.compile(r"驻外|外省|长三角|珠三角|外地[^,。]{0,6}(站|点)")
HERE = re.compile(r"我们|这[边里儿]|本[地县市区]|当地|老家|家里")


class Elsewhere:
    """Knows which areas there are papers of, and which papers tell of places far away."""

    def __init__(
        self,
        library: Library,
        reader: Reader,
        of_matter: Mapping[tuple[str, str], Sequence[Candidate]],
    ) -> None:
        self._library = library
        self._areas = library.areas
        self._reader = reader
        self._of_matter = of_matter
        self._is_outward = cache(self._tells_of_elsewhere)  # seldom asked, costly for all at once

    def abroad(self, asked: Asked) -> Asked:
        """What only goes on with another area's rules is still about that area."""
        scope, topic = asked.scope, asked.topic
        pack = self._library.packs.get(topic.area) if topic else None
        if (
            pack is None
            or scope.home is None
            or asked.heard.mentions
            or HERE.search(asked.heard.said)
        ):
            return asked
        area = pack.place.area
        if area.code in (scope.pack, COMMON, COUNTRY) or not self._reader.goes_on(asked):
            return asked
        there = replace(scope, pack=area.code, target=area, places=(), is_foreign=True)
        return replace(asked, scope=there)

    def at_home(self, asked: Asked) -> tuple[Asked, Reading]:
        """A city far away may be part of what the home area's papers say (the station in 长春)."""
        reading = self._reader.read(asked)
        scope = asked.scope
        own = self._areas.pack_for(scope.home.code) if scope.home else None
        if not scope.is_foreign or scope.pack is not None or own is None or scope.target is None:
            return asked, reading
        there = replace(scope, pack=own, target=scope.home, is_foreign=False)
        home = replace(asked, scope=there)
        at_home = self._reader.read(home)
        best = at_home.best.candidate if at_home.best else None
        named = best is not None and (
            self._is_outward(best.area, best.matter)
            or any(scope.target.short in text for text in best.texts)
        )
        return (home, at_home) if named and at_home.sure >= SURE else (asked, reading)

    def placeless(self, asked: Asked, sure: float) -> Told:
        """A question that needs an area, where none is known or we have no papers of it."""
        target = asked.scope.target
        if target is None:
            return Told(Decision.CLARIFY, (WHERE,), sure, missing_area=True)
        below = self._areas.packs_below(target.code)
        if below:
            return self._ask_below(asked, target, below, sure)
        text = NO_PAPERS.format(target.short)
        return Told(Decision.OTHER_AREA, (text,), sure, topic=Topic(area=target.code))

    def _ask_below(self, asked: Asked, target: Area, below: tuple[str, ...], sure: float) -> Told:
        areas = [self._library.packs[code].place.area for code in below][:TOGETHER]
        names = "、".join(area.short for area in areas)
        text = f"{target.short}我只有{names}的文件。您问的是{names}吗？"
        said = asked.heard.said.replace(target.name, "").replace(target.short, "")
        choices = tuple(Choice(area.short, f"{area.short}{said}") for area in areas)
        return Told(Decision.CLARIFY, (text,), sure, choices=choices)

    def _tells_of_elsewhere(self, area: str, matter: str) -> bool:
        return any(map(self._looks_outward, self._of_matter[area, matter]))

    def _looks_outward(self, candidate: Candidate) -> bool:
        """Whether it tells of places far from its area, as a station in 广州 is."""
        entry = candidate.entry
        if entry is None or candidate.area in (COMMON, COUNTRY):
            return False
        lineage = self._areas.lineage(candidate.area)
        told = normalise(entry.title + entry.spoken(entry.answer))
        named = self._areas.mentions(told)
        return bool(_ABROAD.search(told)) or any(
            m.area.code not in lineage and candidate.area not in self._areas.lineage(m.area.code)
            for m in named
        )
