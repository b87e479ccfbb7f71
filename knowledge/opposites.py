"""Words that exclude each other: who asks for a loan without 贴息 is not told of one with it."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


def opposites(said: str) -> frozenset[str]:
    """What a text says of each pair or row of opposites, as «group:value»."""
    found: set[str] = set()
    if not _any().search(said):  # as of most texts
        return frozenset()
    for group, values in _table().items():
        rest = said
        for value, pattern in values.items():
            if pattern.search(rest):
                found.add(f"{group}:{value}")
                rest = pattern.sub(" ", rest)
    return frozenset(found)


def without(said: str, group: str) -> str:
    """The text less what it says of one group."""
    for pattern in _table()[group].values():
        said = pattern.sub("", said)
    return said


def conflict(asked: Iterable[str], given: frozenset[str]) -> bool:
    """Whether in some group both say something and nothing of it is the same."""
    return any(
        theirs and not mine & theirs
        for mine, theirs in ((mine, _of(group, given)) for group, mine in _grouped(asked).items())
    )


def sides(asked: frozenset[str]) -> list[frozenset[str]]:
    """Where both values of one group are asked about: the terms with each of them alone."""
    for mine in _grouped(asked).values():
        if len(mine) > 1:
            return [asked - mine | {term} for term in sorted(mine)]
    return []


def completed_by(asked: frozenset[str], before: frozenset[str]) -> frozenset[str]:
    """What was asked, with the groups it does not speak of taken from before."""
    groups = _grouped(asked)
    return asked | {term for term in before if term.partition(":")[0] not in groups}


def _grouped(terms: Iterable[str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for term in terms:
        groups.setdefault(term.partition(":")[0], set()).add(term)
    return groups


def _of(group: str, terms: frozenset[str]) -> set[str]:
    return {term for term in terms if term.startswith(group + ":")}


@cache
def _any() -> re.Pattern[str]:
    patterns = (p.pattern for values in _table().values() for p in values.values())
    return re.compile("|".join(patterns))


@cache
def _table() -> dict[str, dict[str, re.Pattern[str]]]:
    text = files("knowledge").joinpath("tables/opposites.toml").read_text("utf-8")
    return {
        group: {value: re.compile("|".join(patterns)) for value, patterns in values.items()}
        for group, values in tomllib.loads(text).items()
    }
