"""Where somebody on a list is from: county, town and village out of one cell or several."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.areas import Area, Gazetteer
from knowledge.text import normalise

_WIDE = ("country", "province", "city")
_REMEMBERED = 50_000  # different addresses
_LONGEST = 60
_EDGES = re.compile(r"^[\s,.、。，;；:：\-—]+|[\s,.、。，;；:：\-—]+$")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Written:
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
    """Why no county was found."""

    sentence: str
    example: str = ""


class Homes:
    """Reads homes; what was read once is known."""

    def __init__(self, places: Gazetteer, within: Area | None) -> None:
        self._places = places
        self._within = within
        self._seen: dict[Written, Home | NoHome] = {}

    def read(self, written: Written) -> Home | NoHome:
        """The home that the cells say, or why not."""
        found = self._seen.get(written)
        if found is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            found = self._seen[written] = self._found(written)
        return found

    def _found(self, written: Written) -> Home | NoHome:
        area, rest = self._county(written)
        if area is None:
            said = written.county or written.address
            if said:
                return NoHome(f"“{said[:20]}”看不出是哪个县", self._example())
            return NoHome("没写是哪个县", self._example())
        if self._within and self._within.code not in self._places.lineage(area.code):
            return NoHome(f"{area.name}不在{self._within.name}，这次只收{self._within.name}的")
        words = _joined(written, rest)
        return Home(area.code, _spoken(area, self._places), words)

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


def _joined(written: Written, rest: str) -> str:
    """Town, village and group, each once: a village cell may hold its town already."""
    said = ""
    for part in (written.town, rest or _beyond(written), written.village, _group(written.group)):
        clean = _EDGES.sub("", _BLANKS.sub("", unicodedata.normalize("NFKC", part)))
        if clean and clean not in said:
            said = clean if said and clean.startswith(said) else said + clean
    return said[:_LONGEST]


def _beyond(written: Written) -> str:
    return "" if written.county else written.address


def _group(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    return f"{plain}组" if plain.isdecimal() else plain


def _spoken(area: Area, places: Gazetteer) -> str:
    ups = (places.area(code) for code in places.lineage(area.code)[1:])
    city = next((up.short for up in ups if up is not None and up.level == "city"), "")
    return area.name if not city or city in area.name else f"{city}{area.name}"
