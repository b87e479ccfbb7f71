"""Reading where somebody comes from: the county out of the gazetteer, town and village as said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from knowledge.areas import Area, Gazetteer
from knowledge.divisions import former_names
from knowledge.text import normalise

_LEAD = re.compile(
    r"^(?:我|我们|俺|咱)?(?:的)?(?:老家|家|户口|家乡)?(?:是|在|住|就是|就在)?(?:[\s,.、。]*)"
)
_TAIL = re.compile(
    r"(?:的|人|那边|这边|那里|这里|那儿|这儿|下面|底下|啊|呢|哦|吧|呀|\s|,|\.|、|。)+$"
)
# What somebody may live in, however short they call it; a station or an office is no home.
_LIVED_IN = re.compile(
    r"(?![和跟与])[\u4e00-\u9fff\d]{2,30}(?<![站所局点厅馆园店校厂院会])(?<!中心)"
)
_SUFFIX = re.compile(r"^(?:省|市|县|区|的|下面|底下|[\s,.、。])+")


SCANNED = "village"  # in a talk's memory: the county and the village of a scanned code


@dataclass(frozen=True, slots=True)
class Found:
    """The place that a message names, and what it says beyond."""

    area: Area | None
    detail: str = ""
    others: tuple[Area, ...] = ()  # places as likely meant


@cache
def country() -> Gazetteer:
    """The country's counties, without the names that packs add."""
    return Gazetteer()


def find(text: str, gazetteer: Gazetteer) -> Found:
    """Where a message says it is; several places that do not frame each other are no answer."""
    areas = gazetteer.find(text)
    if not areas:
        whole = gazetteer.resolve(_TAIL.sub("", _LEAD.sub("", text)))
        return Found(whole)
    if len(areas) > 1:
        return Found(None, others=areas)
    return Found(areas[0], _beyond(text, areas[0], gazetteer))


def on_code(text: str, gazetteer: Gazetteer) -> Found:
    """The place that a printed code carries: 371703-冉堌镇; a station's name is no part of it."""
    code, _, words = text.strip().partition("-")
    return Found(gazetteer.area(code.strip()), words if is_lived_in(words) else "")


def is_lived_in(words: str) -> bool:
    """Whether words may name a town, a village, or a village of a town."""
    return bool(_LIVED_IN.fullmatch(words))


def is_exact(area: Area) -> bool:
    """Whether a place is a county or smaller; a province or city is too wide to look after."""
    return area.level not in ("country", "province", "city")


def spoken(area: Area, gazetteer: Gazetteer) -> str:
    """A place with the city it lies in, as people write it."""
    ups = [gazetteer.area(code) for code in gazetteer.lineage(area.code)[1:]]
    city = next((up.short for up in ups if up is not None and up.level == "city"), "")
    return area.name if not city or city in area.name else f"{city}{area.name}"


def named(code: str) -> str:
    """The place of a code as people write it; "" where the code is none."""
    area = country().area(code) if code else None
    return spoken(area, country()) if area else ""


def _beyond(text: str, area: Area, gazetteer: Gazetteer) -> str:
    rest = _LEAD.sub("", text)
    chain = [area, *(gazetteer.area(code) for code in gazetteer.lineage(area.code)[1:])]
    for place in reversed(chain):
        if place is not None and place.level != "country":
            rest = _without(rest, place)
    for former in _former(text, area, gazetteer):
        rest = rest.replace(former, "", 1)
    return _TAIL.sub("", _SUFFIX.sub("", rest))[:30]


def _former(text: str, area: Area, gazetteer: Gazetteer) -> list[str]:
    """Names of former years in a text, for the place or what it lies in: 株洲县."""
    plain, around = normalise(text), set(gazetteer.lineage(area.code))
    found = gazetteer.mentions(plain, strict=False)
    names = [plain[m.start : m.end] for m in found if m.area.code in around]
    return [name for name in names if name in former_names()]


def _without(text: str, place: Area) -> str:
    for name in (place.name, place.short):
        start = text.find(name)
        if start >= 0:
            return text[:start] + _SUFFIX.sub("", text[start + len(name) :])
    return text
