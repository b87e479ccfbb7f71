"""What an area, a town or a village is called in a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from knowledge.divisions import divisions
from knowledge.villages import Level
from records import places
from records.database import Session
from records.scope import is_local
from registry.villages import Villages


def inside(name: str, outer: str) -> str:
    """A place's own name in a table of the place around it: 泉塘镇, not 湘乡市泉塘镇."""
    return name.removeprefix(outer) or name


def namer(session: Session, codes: Iterable[str] | None = None) -> Callable[[str], str]:
    """The names of these places, or of every place that is known; others go by their code."""
    if codes is None:
        towns = places.of_level(session, Level.TOWN.value)
        brought = {**towns, **places.of_level(session, Level.VILLAGE.value)}
    else:
        local = [code for code in codes if is_local(code)]
        brought = {row.id: row.name for row in places.by_ids(session, local)} if local else {}
    shipped = Villages()

    def named(code: str) -> str:
        if is_local(code):
            return brought.get(code) or shipped.spoken(code) or code
        area = divisions().areas.get(code)
        return area.name if area else code

    return named
