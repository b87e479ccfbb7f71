"""A village's name that several have: asked back once, then town and village put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from handlers.identity import by
from handlers.registration.filling import Here
from handlers.texts import say
from knowledge.villages import County, Place, county

HOME, VILLAGE = "home_place", "home_village"
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Settled:
    """The answers to keep; where a name is in doubt without it, and with what is to be asked."""

    values: dict[str, Any]
    here: Here
    doubt: str = ""


def settled(values: Mapping[str, Any], here: Here) -> Settled:
    """A home as it is said, put together with what was said before it."""
    words, area = values.get(VILLAGE), values.get(HOME) or here.answers.get(HOME)
    if not words or not area:
        return Settled(dict(values), here)
    places, before = county(str(area)), here.filling.doubt
    if before:
        whole = f"{words}{before}"
        is_clear = bool(places.dwelling(whole).village)
        kept = {**values, VILLAGE: whole if is_clear else words}
        return Settled(kept, _remembering("", here))
    found = places.dwelling(str(words))
    if found.village or not found.others:
        return Settled(dict(values), here)
    without = {name: value for name, value in values.items() if name != VILLAGE}
    return Settled(without, _remembering(str(words), here), _which(found.others, places))


def same_county(text: str, here: Here) -> dict[str, str] | None:
    """A town or village of the county that somebody is registered in, where they correct it."""
    person = by(here.scene.profiles, here.filling.person)
    if not here.filling.is_correction or here.state.step != HOME or person is None:
        return None
    found = county(person.area).dwelling(text)
    is_known = found.town or found.village or found.others
    return {HOME: person.area, VILLAGE: text} if is_known else None


def left_out(question: str, here: Here) -> Here:
    """Past a question that is left out; a name in doubt stays as it was said, for staff to see."""
    kept = here.filling.doubt if question == VILLAGE else ""
    return _remembering("", here).filled({question: kept or None})


def _remembering(words: str, here: Here) -> Here:
    return here.holding(replace(here.filling, doubt=words))


def _which(others: tuple[Place, ...], places: County) -> str:
    towns = dict.fromkeys(places.places[one.parent].name for one in others)
    names = list(towns) if len(towns) > 1 else [one.name for one in others]
    return say("form.which_village", name=others[0].name, names="、".join(names[:_SHOWN]))
