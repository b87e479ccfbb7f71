"""What an area, a town or a village is called in a report."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.divisions import divisions
from records.database import Session
from records.scope import is_local
from registry import villages


def namer(session: Session) -> Callable[[str], str]:
    """The names of all places, as lists and the country's table have them; else the code."""
    known = villages.known(session)

    def named(code: str) -> str:
        if is_local(code):
            return known.spoken(code) or code
        area = divisions().areas.get(code)
        return area.name if area else code

    return named
