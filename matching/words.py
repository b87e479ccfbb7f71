"""The sentences of a ranking, and the labels of its codes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache

from matching.weights import shipped


@cache
def words(table: str) -> Mapping[str, str]:
    """One table of the words file."""
    told = tomllib.loads(shipped("words.toml"))[table]
    return {str(code): str(text) for code, text in told.items()}


def label(table: str, code: str) -> str:
    """What a code is called."""
    return words(table)[code]


def listed(table: str, codes: Iterable[str]) -> str:
    """Several labels, in the order of the table."""
    wanted = set(codes)
    return "、".join(text for code, text in words(table).items() if code in wanted)


def yuan(sum_of: int) -> str:
    """A sum as people say it: 5万, 3500."""
    if sum_of >= 10_000 and sum_of % 1_000 == 0:
        return f"{sum_of / 10_000:g}万"
    return str(sum_of)
