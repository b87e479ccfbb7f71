"""Where people say that they are now, as a code: a city or a province, never finer.

With it goes the code of the day on which they come home.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from knowledge.areas import Gazetteer
from knowledge.text import normalise
from records import whereabouts
from records.database import Session
from records.vault import Vault
from records.whereabouts import AREA, AWAY, STATE, WORDS
from registry import returning

SAID = frozenset({WORDS, STATE})  # answers that the code follows from
_REMEMBERED = 20_000
_STEP = 500  # records opened in one transaction, so that nobody's turn waits for all of them
_UNDER_PROVINCE = "90"  # third and fourth digit of cities that lie in no other


def settle(session: Session, vault: Vault, person_id: str) -> None:
    """Note where somebody is now, as far as their words say."""
    row = whereabouts.of(session, person_id)
    if row is not None:
        new = settled(row.codes, vault.open(row.sealed))
        if new != row.codes:
            whereabouts.keep(session, person_id, new)


def settle_more(session: Session, vault: Vault, after: str) -> tuple[int, str]:
    """The same for some whose words nobody has looked at.

    How many, and whom to go on after: "" when all have been looked at.
    """
    rows = whereabouts.unlooked(session, after, _STEP)
    for row in rows:
        new = settled(row.codes, vault.open(row.sealed))
        whereabouts.keep(session, row.id, {AREA: "", **new})
    return len(rows), rows[-1].id if len(rows) == _STEP else ""


def settled(codes: Mapping[str, Any], texts: Mapping[str, Any]) -> dict[str, Any]:
    """Codes with that of where somebody is; at home it goes, for the words are of the past."""
    new = {name: value for name, value in codes.items() if name != AREA}
    said = str(texts.get(WORDS) or "")
    is_away = codes.get(STATE, AWAY) == AWAY
    new = returning.settled(new, texts, is_away=is_away)
    return {**new, AREA: code_of(said)} if said and is_away else new


@lru_cache(_REMEMBERED)
def code_of(words: str) -> str:
    """The city or the province that words name; "" for none, and for more than one."""
    country = _country()
    whole = country.resolve(words)
    named = [whole] if whole else [one.area for one in country.mentions(normalise(words))]
    codes = {wide(area.code) for area in named}
    provinces = {f"{code[:2]}0000" for code in codes}
    found = codes if len(codes) == 1 else provinces
    return next(iter(found)) if len(found) == 1 else ""


def wide(code: str) -> str:
    """The city that an area lies in, the province where it lies in none."""
    city = f"{code[:4]}00"
    if _country().area(city):
        return city
    return code if code[2:4] == _UNDER_PROVINCE else f"{code[:2]}0000"


@cache
def _country() -> Gazetteer:
    return Gazetteer()
