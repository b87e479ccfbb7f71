"""JSON from providers, read leniently: one odd character must not hold up what came with it."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson


def decode(payload: bytes) -> Any:
    """JSON as Python values; raises ValueError.

    What is not quite JSON (half a surrogate pair, a broken byte) is mended rather than refused:
    one such message must not hold up the batch that it came in.
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return _mended(payload.decode("utf-8", "replace"))


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
