"""Places: the whole country down to counties, and the packs' own areas, by any name people use."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.divisions import COUNTRY as COUNTRY
from knowledge.divisions import Area as Area
from knowledge.divisions import divisions
from knowledge.text import normalise
from knowledge.words import frequency

COMMON = "common"

# Two characters such as 范县 or 和县 also end other words (示范县, 省和县): one of these must
# stand before them.
_BEFORE = frozenset(
    "那换我们你他在到去回是跟与于往家乡问请像比省市县区州旗了呢啊说想就叫属里边住及或者得由从给为对"
)
_VAGUE = frozenset(
    [
        "郊区",
        "矿区",
        "城区",
        "新区",
        "市区",
        "东区",
        "西区",
        "南区",
        "北区",
        "老城区",
        "新市区",
        "城中区",
        "城东区",
        "城西区",
        "城北区",
        "城关区",
        "市中区",
        "高新区",
        "经开区",
        "开发区",
    ]
)
# A county whose short name is also a word (成武, 大方) is meant where a place must stand.
_PLACED = re.compile(r"(那|这)(边|里|儿|头|块|一带)|老家|县城|乡下")
_SUBJECT = re.compile(
    r"的?(创业|返乡|补贴|补助|贷款|担保|政策|文件|办厂|开店|开厂|开公司|奖补|标准)"
)
_COMMON_WORD = 256  # occurrences in the corpus of words: a word rather than a name
_OTHER_WORDS = ("新乡贤", "和县里", "通道县", "开县里", "开县城", "达县城")
# After a county, a short name with one of these is a town or a village in it (定陶张湾镇).
_WIDE = ("country", "province", "city")
_BETWEEN = re.compile(r"[ ,的]?(?:[^ ,]{1,8}(?:镇|乡|街道|办事处))?")
_TOWNS = ("镇", "乡", "街道", "街", "办事处", "村", "社区", "苏木")
_LONGEST = 16
_REMEMBERED = 4096  # texts whose places are kept: one message is looked through several times


@dataclass(frozen=True, slots=True)
class PackArea:
    """What a pack says about its area: how people call it, and the places inside."""

    area: Area
    called: tuple[str, ...]
    places: tuple[tuple[Area, tuple[str, ...]], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in the pack, of the area and of the places inside."""
        inner = [name for place, called in self.places for name in (place.name, *called)]
        return (self.area.name, self.area.short, *self.called, *inner)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text, and where."""

    area: Area
    start: int
    end: int


class Gazetteer:
    """All places by name; the packs' own names come before the country's."""

    def __init__(self, packs: Sequence[PackArea] = ()) -> None:
        self.packs = {pack.area.code: pack for pack in packs}
        self._areas = dict(divisions().areas)
        self._parents: dict[str, str] = {}
        self._own: dict[str, tuple[str, ...]] = {}
        self._spots = lru_cache(_REMEMBERED)(self._found)
        for pack in packs:
            self._add(pack.area, pack.called)
            for place, called in pack.places:
                self._parents[place.code] = pack.area.code
                self._add(place, called)

    def _add(self, area: Area, called: Iterable[str]) -> None:
        self._areas[area.code] = area
        for name in {normalise(n) for n in (area.name, area.short, *called)}:
            known = self._own.get(name, ())
            self._own[name] = (*known, area.code) if area.code not in known else known

    def area(self, code: str) -> Area | None:
        """The place with this code."""
        return self._areas.get(code)

    def codes(self) -> tuple[str, ...]:
        """The codes of all places."""
        return tuple(self._areas)

    def lineage(self, code: str) -> tuple[str, ...]:
        """The place itself, what it lies in, up to the country."""
        if code in (COUNTRY, COMMON):
            return (code,)
        if code in self._parents:
            return (code, *self.lineage(self._parents[code]))
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            return (code, COUNTRY)
        ups = (code, code[:4] + "00", code[:2] + "0000", COUNTRY)
        return tuple(dict.fromkeys(up for up in ups if up in self._areas or up == COUNTRY))

    def pack_for(self, code: str) -> str | None:
        """The pack whose rules hold in this place; a neighbour's never do."""
        return next((up for up in self.lineage(code) if up in self.packs and up != COUNTRY), None)

    def packs_below(self, code: str) -> tuple[str, ...]:
        """Packs of places inside this one, to be asked back (菏泽: 定陶区?)."""
        return tuple(own for own in self.packs if own != code and code in self.lineage(own)[1:])

    def resolve(self, text: str) -> Area | None:
        """The one place a code or a name means, parents before it allowed; never a guess."""
        if text.strip() in self._areas:
            return self._areas[text.strip()]
        name = normalise(text)
        found = self.mentions(name, strict=False)
        end = 0
        for mention in found:
            if mention.start != end:
                return None
            end = mention.end
        return found[-1].area if found and end == len(name) else None

    def named(self, name: str) -> tuple[Area, ...]:
        """Every place that a whole name may mean, where several share it."""
        return tuple(self._areas[code] for code in self._codes(normalise(name)))

    def find(self, question: str, *, near: str | None = None) -> tuple[Area, ...]:
        """The places a question names, without those that only frame another (菏泽定陶)."""
        return tuple(dict.fromkeys(m.area for m in self.mentions(normalise(question), near=near)))

    def mentions(
        self, text: str, *, near: str | None = None, strict: bool = True, any_foreign: bool = False
    ) -> tuple[Mention, ...]:
        """Places in a normalised text, longest name first, left to right; 近 settles doubles.

        With `any_foreign` a double that stays open is one of its places where no pack speaks for
        any: enough to know that it is none of ours, too little to know where somebody lives.
        """
        spots = [s for s in self._spots(text, strict) if not self._is_town(s, text)]
        named = {code for _, _, codes in spots if len(codes) == 1 for code in codes}
        around = set(self.lineage(near)) if near else set()
        settled = [
            Mention(self._areas[code], start, end)
            for start, end, codes in spots
            if (code := self._settle(codes, named, around))
            or (any_foreign and (code := self._foreign(codes)))
        ]
        return (
            tuple(m for m in settled if not self._frames(m, settled)) if strict else tuple(settled)
        )

    def _found(self, text: str, strict: bool) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
        spots: list[tuple[int, int, tuple[str, ...]]] = []
        start = 0
        while start < len(text) - 1:
            after = spots[-1][1] if spots else -1
            spot = self._longest(text, start, strict=strict and after != start)
            if spot is None:
                start += 1
            else:
                spots.append(spot)
                start = spot[1]
        return tuple(spots)

    def _is_town(self, spot: tuple[int, int, tuple[str, ...]], text: str) -> bool:
        """Whether a short name is a town's here, whatever county elsewhere is called so."""
        start, end, codes = spot
        if not text.startswith(_TOWNS, end):
            return False
        places = [self._areas[code] for code in codes]
        is_bare = all(place.name != text[start:end] for place in places)
        return is_bare and self._follows_county(text, start)

    def _follows_county(self, text: str, start: int) -> bool:
        """Whether a county or smaller was named right before, or a town of one."""
        before = [s for s in self._spots(text, True) if s[1] <= start]
        if not before:
            return False
        _, end, codes = before[-1]
        is_county = any(self._areas[code].level not in _WIDE for code in codes)
        return is_county and _BETWEEN.fullmatch(text, end, start) is not None

    def _longest(
        self, text: str, start: int, *, strict: bool
    ) -> tuple[int, int, tuple[str, ...]] | None:
        for end in range(min(len(text), start + _LONGEST), start + 1, -1):
            name = text[start:end]
            codes = self._codes(name)
            if codes and not (strict and self._is_chance(text, start, end)):
                return start, end, codes
        return None

    def _codes(self, name: str) -> tuple[str, ...]:
        own = self._own.get(name, ())
        if own and name not in _VAGUE:
            return own
        known = divisions().names.get(name) or divisions().shy.get(name, ())
        return tuple(dict.fromkeys((*own, *known)))

    def _is_chance(self, text: str, start: int, end: int) -> bool:
        """Whether these characters need not be a name here."""
        name = text[start:end]
        if text.startswith(_OTHER_WORDS, start) or (
            text[end : end + 1] == "级" and name[-1] in "市县区"
        ):
            return True
        if name in self._own and not (len(name) == 2 and name[-1] in "县市区"):
            return False
        if (
            name in divisions().shy
            and name not in divisions().names
            and not _is_placed(name, text, end)
        ):
            return True
        weak = len(name) == 2 or name in _VAGUE or name in divisions().everyday
        if not weak or name in divisions().well_known:
            return False
        before = text[start - 1 : start]
        return bool(before) and before.isalnum() and before not in _BEFORE

    def _settle(self, codes: tuple[str, ...], named: set[str], around: set[str]) -> str | None:
        """One place out of several of a name: the one that the context or its rank singles out."""
        if len(codes) == 1:
            return codes[0]
        for context in (named, around - {COUNTRY}):
            shared = {c: len(context & set(self.lineage(c))) for c in codes}
            best = [c for c in codes if shared[c] == max(shared.values()) > 0]
            if len(best) == 1:
                return best[0]
        return self._head(codes)

    def _foreign(self, codes: tuple[str, ...]) -> str | None:
        return None if any(map(self.pack_for, codes)) else codes[0]

    def _head(self, codes: tuple[str, ...]) -> str | None:
        """The province, the city that all the others lie in, or the only city among counties."""
        for code in codes:
            if code.endswith("0000") or all(code in self.lineage(other) for other in codes):
                return code
        cities = [code for code in codes if code.endswith("00")]
        if len(cities) == 1:
            return cities[0]
        return None

    def _frames(self, mention: Mention, others: Sequence[Mention]) -> bool:
        return any(
            other.start == mention.end and mention.area.code in self.lineage(other.area.code)[1:]
            for other in others
        )


def _is_placed(name: str, text: str, end: int) -> bool:
    """Whether what follows a name that is also a word speaks of a place."""
    if _PLACED.match(text, end):
        return True
    is_name = frequency(name) <= _COMMON_WORD or divisions().shy[name][0].endswith("00")
    return is_name and bool(_SUBJECT.match(text, end))
