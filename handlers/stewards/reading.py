"""What staff's words say of a group: a place, a kind, one of the staff, else a city."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from handlers import places
from outreach.groups.placing import Said
from registry.groups_kind import CITY, holds_number, kind_of

_BACK = frozenset({"要用", "又用了", "还用", "又要用"})
_DROPS = frozenset({"不用", "不用了", "不是我们的", "不要"})
_STEWARD = "群管"


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood, and the words that were not."""

    said: Said
    is_dropped: bool = False
    is_back: bool = False  # it was dropped, and is ours after all
    unclear: tuple[str, ...] = ()


def read(words: Sequence[str], staff: Collection[str]) -> Read:
    """The words of one line; two cities or two kinds are not clear."""
    if len(words) == 1 and words[0] in _DROPS:
        return Read(Said(), is_dropped=True)
    if len(words) == 1 and words[0] in _BACK:
        return Read(Said(), is_back=True)
    said, unclear = Said(), []
    for word in words:
        after = _with(said, word.removeprefix(_STEWARD), staff)
        if after is None:
            unclear.append(word)
        else:
            said = after
    return Read(said, unclear=tuple(unclear))


def _with(said: Said, word: str, staff: Collection[str]) -> Said | None:
    """The same with one more word; None where it says nothing, or something said already."""
    if word in staff:
        return None if said.steward else replace(said, steward=word)
    kind = kind_of(word)
    if kind is not None:
        return None if said.kind else replace(said, kind=kind)
    area = places.find(word, places.country()).area
    if area is not None and places.is_exact(area):
        return None if said.area else replace(said, area=area.code)
    if area is None or said.city or len(word) > CITY or holds_number(word):
        return None
    return replace(said, city=word)
