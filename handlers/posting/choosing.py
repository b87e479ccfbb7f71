"""Which groups a line names: numbers, a city, a kind, a name, several of these, or all."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers.posting.seen import Posting
from handlers.posting.words import numbers_of
from handlers.texts import say_of
from outreach.groups.registry import Group

_ALL = frozenset({"全部", "所有", "都发", "全发", "全部群", "所有群", "都要"})
_BETWEEN = re.compile(r"[\s,，、;；和及]+")
_PARTS = 2  # characters of a name that are enough to mean it

Groups = dict[int, Group]


def chosen(said: str, posting: Posting) -> Groups:
    """The groups by their numbers; {} where any part of the line names none.

    By words only those that may have one more, unless none may.
    """
    word = said.strip("。.！! ")
    if word in _ALL:
        return _free(dict(posting.groups), posting)
    if whole := _named(word, posting):
        return whole
    if numbers := numbers_of(word):
        return _numbered(numbers, posting)
    found: Groups = {}
    for part in filter(None, _BETWEEN.split(word)):
        some = _named(part, posting) or _numbered(numbers_of(part), posting)
        if not some:
            return {}
        found |= some
    return dict(sorted(found.items()))


def _named(word: str, posting: Posting) -> Groups:
    """Those of a name, of a kind, or else of a city or with such a word in their name."""
    bare = word.removesuffix("群").removesuffix("的")
    if not bare or bare.isdigit():
        return {}
    ways: tuple[Callable[[Group], bool], ...] = (
        lambda one: one.name == word,
        lambda one: bare == say_of("posting_kind", one.kind.value).removesuffix("群"),
        lambda one: _is_at(one, bare.removesuffix("市")),
    )
    for fits in ways:
        if found := {n: one for n, one in posting.groups.items() if fits(one)}:
            return _free(found, posting)
    return {}


def _is_at(one: Group, place: str) -> bool:
    return place == one.city.removesuffix("市") or (len(place) >= _PARTS and place in one.name)


def _free(found: Groups, posting: Posting) -> Groups:
    return {n: one for n, one in found.items() if one.id not in posting.full} or found


def _numbered(numbers: tuple[int, ...], posting: Posting) -> Groups:
    known = {n: posting.groups[n] for n in numbers if n in posting.groups}
    return known if len(known) == len(numbers) else {}
