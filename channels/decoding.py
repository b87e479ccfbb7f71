"""JSON from providers, read leniently: one odd character must not hold up what came with it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Set
from datetime import UTC, datetime
from typing import Any

import orjson

_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # an escape, not a backslash before "u0000"
_DEEP = 20  # levels of a strange value that are kept
_TEN_DIGITS = range(10**10)  # seconds, up to the year 2286


def decode(payload: bytes) -> Any:
    """JSON as Python values; raises ValueError.

    What is not quite JSON (half a surrogate pair, a broken byte) is mended rather than refused,
    and so is a NUL, which no column of text holds: one such message must not hold up the batch
    that it came in.
    """
    if rb"\u0000" in payload:
        payload = _NUL.sub(rb"\1\\ufffd", payload)
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return _mended(payload.decode("utf-8", "replace"))


def shallow(value: Any, *, without: Set[str] = frozenset(), depth: int = 0) -> Any:
    """A value of JSON that can be written again: cut where it is too deep, less some fields."""
    if not isinstance(value, dict | list):
        return value
    if depth == _DEEP:
        return "…"
    if isinstance(value, dict):
        kept = {name: inner for name, inner in value.items() if name not in without}
        return {name: shallow(v, without=without, depth=depth + 1) for name, v in kept.items()}
    return [shallow(inner, without=without, depth=depth + 1) for inner in value]


def moment(seconds: int) -> datetime:
    """Seconds since 1970 that a message can have been sent at; ValueError for others.

    The ends of the calendar are none: no time zone and no span could be added to them.
    """
    if seconds not in _TEN_DIGITS:
        raise ValueError("no time at which a message can have been sent")
    return datetime.fromtimestamp(seconds, UTC)


def _mended(text: str) -> Any:
    try:
        value = json.loads(text, parse_constant=lambda _: None, parse_float=_finite)
        if not isinstance(value, dict | list):
            raise ValueError("neither an object nor a list")
        return orjson.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("nested too deep") from None


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None
