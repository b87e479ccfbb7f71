"""Where somebody on a list is from: county, town and village out of one cell or several."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from knowledge.areas import Area, Gazetteer
from knowledge.text import normalise
from knowledge.villages import County, Dwelling
from records.prints import bare_village
from registry.villages import Villages

_WIDE = ("country", "province", "city")
_REMEMBERED = 50_000  # different addresses
_LONGEST = 60
_EDGES = re.compile(r"^[\s,.、。，;；:：\-—]+|[\s,.、。，;；:：\-—]+$")
_CELLS = ("village", "town", "address")
_SHOWN = 3
# A village or town by its kind; a hamlet has none and may be in no list.
_OFFICIAL = re.compile(r"[^\d]村(?!民小组)|社区|居委会|[镇乡]$|街道")
_TOWN = re.compile(r"[镇乡]|街道")
_BLANKS = re.compile(r"\s+")


class Written(NamedTuple):
    """What the cells say, "" where there is none."""

    county: str = ""
    town: str = ""
    village: str = ""
    group: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """A county by its code and as people write it, and the rest of the address in words.

    `town` and `village` are ids of records/places.py, "" where not known.
    """

    area: str
    spoken: str
    words: str = ""
    town: str = ""
    village: str = ""


@dataclass(frozen=True, slots=True)
class NoHome:
    """Why this is no home: in which column, and how it would be right."""

    sentence: str
    example: str = ""
    key: str = "county"


class Homes:
    """Reads homes; what was read once is known."""

    def __init__(
        self, places: Gazetteer, within: Area | None, villages: Villages | None = None
    ) -> None:
        self._places = places
        self._villages = villages or Villages()
        self._within = within
        self._seen: dict[Written, Home | NoHome] = {}
        self._counties: dict[tuple[str, str], tuple[Home | NoHome, str]] = {}

    def read(self, written: Written) -> Home | NoHome:
        """The home that the cells say, or why not."""
        found = self._seen.get(written)
        if found is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
                self._counties.clear()
            found = self._seen[written] = self._read(written)
        return found

    def _read(self, written: Written) -> Home | NoHome:
        key = written.county, written.address
        if key not in self._counties:
            self._counties[key] = self._found(written)
        home, rest = self._counties[key]
        if isinstance(home, NoHome):
            return home
        return self._lodged(home, _joined(written, rest), written)

    def _lodged(self, home: Home, words: str, written: Written) -> Home | NoHome:
        """The same, with the town and the village that the words name."""
        found = self._villages.dwelling(home.area, words)
        key = next((key for key in _CELLS if getattr(written, key)), "village")
        if found.gone is not None:
            return NoHome(f"{found.gone.name}已经撤并了，要写现在的", "", key)
        if found.others and not found.village:
            ways = "、".join(self._villages.spoken(place.id) for place in found.others[:_SHOWN])
            return NoHome(f"“{words[:20]}”不止一个，要写上哪个镇的", ways, key)
        county = self._villages.county(home.area)
        if _OFFICIAL.search(found.rest) and county.towns():
            said = f"“{words[:20]}”在{home.spoken}查不到"
            return NoHome(said, _nearest(county, found.town, found.rest), key)
        whole = _whole(county, found, words)
        return Home(found.area or home.area, home.spoken, whole, found.town, found.village)

    def _found(self, written: Written) -> tuple[Home | NoHome, str]:
        """The county, and what the same cell says beyond it."""
        area, rest = self._county(written)
        if area is None:
            said = written.county or written.address
            why = f"“{said[:20]}”看不出是哪个县" if said else "没写是哪个县"
            return NoHome(why, self._example()), ""
        if self._within and self._within.code not in self._places.lineage(area.code):
            name = self._within.name
            return NoHome(f"{area.name}不在{name}，这次只收{name}的"), ""
        return Home(area.code, _spoken(area, self._places)), rest

    def _county(self, written: Written) -> tuple[Area | None, str]:
        """The county, and what the same cell says beyond it."""
        own = self._within if self._within and self._within.level not in _WIDE else None
        for text in (written.county, written.address):
            if text:
                found, rest = self._named(text)
                if found is not None:
                    return found, rest
        if written.county:
            return None, ""
        return own, written.address if own else ""

    def _named(self, text: str) -> tuple[Area | None, str]:
        plain = normalise(text)
        near = self._within.code if self._within else None
        whole = self._places.resolve(plain)
        if whole is not None and whole.level not in _WIDE:
            return whole, ""
        if self._within is not None:
            inside = self._places.resolve(normalise(self._within.name) + plain)
            if inside is not None and inside.level not in _WIDE:
                return inside, ""
        found = self._places.mentions(plain, near=near, strict=False)
        last: int = 0
        area = None
        for mention in found:
            if mention.start > last or area is not None:
                break
            last = mention.end
            area = mention.area if mention.area.level not in _WIDE else None
        return (area, plain[last:]) if area else (None, "")

    def _example(self) -> str:
        if self._within is not None:
            inside = (self._places.area(code) for code in self._places.packs)
            for area in inside:
                if area and self._within.code in self._places.lineage(area.code)[1:]:
                    return _spoken(area, self._places)
        return "湘潭湘乡市"


def _whole(county: County, found: Dwelling, words: str) -> str:
    """The address; by its names where the list leaves out what kind they are (冉堌赵庄)."""
    town, village = county.places.get(found.town), county.places.get(found.village)
    if found.rest or town is None or village is None:
        return words
    is_plain = bare_village(words) == bare_village(village.name)
    return words if is_plain else f"{town.name}{village.name}"


def _nearest(county: County, town: str, rest: str) -> str:
    """The towns or villages whose names come nearest to what was written."""
    towns = county.towns()
    inside = [v for t in towns if t.id == town or not town for v in county.villages(t.id)]
    is_town = not town and _TOWN.search(rest)
    names = [place.name for place in (towns if is_town else inside or towns)]
    head = rest.partition("村")[0] + "村" if "村" in rest else rest
    return "、".join(get_close_matches(head, names, _SHOWN, 0.3) or names[:_SHOWN])


def _joined(written: Written, rest: str) -> str:
    """Town, village and group, each once: a village cell may hold its town already."""
    said = ""
    for part in (written.town, rest or _beyond(written), written.village, _group(written.group)):
        clean = part if part.isalnum() else _clean(part)
        if clean and clean not in said:
            said = clean if said and clean.startswith(said) else said + clean
    return said[:_LONGEST]


def _clean(part: str) -> str:
    return _EDGES.sub("", _BLANKS.sub("", unicodedata.normalize("NFKC", part)))


def _beyond(written: Written) -> str:
    return "" if written.county else written.address


def _group(text: str) -> str:
    if not text:
        return ""
    plain = unicodedata.normalize("NFKC", text).strip()
    return f"{plain}组" if plain.isdecimal() else plain


def _spoken(area: Area, places: Gazetteer) -> str:
    ups = (places.area(code) for code in places.lineage(area.code)[1:])
    city = next((up.short for up in ups if up is not None and up.level == "city"), "")
    return area.name if not city or city in area.name else f"{city}{area.name}"
