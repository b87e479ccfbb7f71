"""Places as operators name them: an area, a town or a village by code or by name."""

from __future__ import annotations

from knowledge.areas import Gazetteer
from knowledge.text import normalise
from knowledge.villages import Level, Place
from registry.villages import Villages

_WIDE = ("country", "province", "city")
_SHOWN = 6


class NoSuchPlace(Exception):
    """A name that is no place's, or several places'; one sentence for operators."""


def code_of(text: str, gazetteer: Gazetteer, here: Villages) -> str:
    """The code of an area or the id of a town or village; NoSuchPlace where it is not one."""
    place = here.place(text.strip())
    if place is not None:
        return _living(place, here)
    area = gazetteer.resolve(text)
    if area is not None:
        return area.code
    name = normalise(text)
    mentions = gazetteer.mentions(name) or gazetteer.mentions(name, strict=False)
    first = next((m for m in mentions if m.area.level not in _WIDE), None)
    if first is None:
        raise NoSuchPlace(
            f"no area is called {text}: give its name or its code, "
            "a town after its county (湘乡泉塘镇)"
        )
    return _inside(first.area.code, name[first.end :], first.area.name, here)


def _inside(area: str, words: str, county: str, here: Villages) -> str:
    found = here.dwelling(area, words)
    if found.others:
        ways = "、".join(here.spoken(place.id) for place in found.others[:_SHOWN])
        raise NoSuchPlace(f"{words} can be {ways} in {county}: name the town too")
    if found.gone is not None:
        raise NoSuchPlace(f"{found.gone.name} is no more since {found.gone.until}: name another")
    if found.rest or not found.town:
        raise NoSuchPlace(
            f"no town or village is called {words} in {county}: "
            f"`guiyan places {county}` lists those that are known"
        )
    return found.village or found.town


def _living(place: Place, here: Villages) -> str:
    today = here.today(place)
    if today.until:
        raise NoSuchPlace(f"{place.name} is no more since {place.until}: name another")
    return today.id


def spoken(code: str, gazetteer: Gazetteer, here: Villages) -> str:
    """An area, or a town or village after its county, as people write it; "" for no place."""
    place = here.place(code)
    town = here.place(place.parent) if place and place.level is Level.VILLAGE else place
    area = gazetteer.area(town.parent if town else code)
    return (area.name if area else "") + here.spoken(code)
