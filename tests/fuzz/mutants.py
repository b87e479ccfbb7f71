"""Values of JSON spoiled at random: a field gone, of another type, huge, nested, out of range."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 1.5, -0.0, 1e308),
    *(253_402_300_799, 253_402_300_800, -62_135_596_800, -62_135_596_801),  # ends of the calendar
    *("", " ", "\x00", "0", "-1", "1e9", "NaN", "９", "²", "null", "\ufeff", "\u202e", "🐶"),
    *("长" * 300, "a" * 5_000, "{0}", "]]>", "<a/>", "'; --", "/" * 90, "../../x"),
    *([], {}, [[]], [None], {"": None}, [{}], {"id": "x"}, ["a", 1, None]),
)
DEEP = 300


def spoiled(value: Any, chance: random.Random) -> Any:
    """A copy of the value with one to three spots of it changed."""
    copy = deepcopy(value)
    for _ in range(chance.randrange(1, 4)):
        if spots := list(_spots(copy)):
            _change(*chance.choice(spots), chance)
    return copy


def nested(depth: int) -> Any:
    """Lists in one another."""
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder in the value, with each of its keys."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        yield from ((holder, key) for key in keys)
        waiting += [holder[key] for key in keys if isinstance(holder[key], dict | list)]


def _change(holder: Any, key: Any, chance: random.Random) -> None:
    match chance.randrange(8):
        case 0:
            del holder[key]
        case 1:
            holder[key] = nested(chance.choice((3, 30, DEEP)))
        case 2:
            holder[key] = [holder[key]] * chance.choice((1, 2, 40))
        case 3:
            holder[key] = {"a": holder[key]}
        case 4 if isinstance(holder[key], str):
            holder[key] = _spoiled_text(holder[key], chance)
        case 5 if isinstance(holder[key], int):
            holder[key] = holder[key] * chance.choice((-1, 1_000, 10**9))
        case _:
            holder[key] = deepcopy(chance.choice(STRANGE))


def _spoiled_text(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return chance.choice(
        (text[:at], text * chance.choice((2, 60)), f"{text[:at]}\x00{text[at:]}", text[::-1])
    )
