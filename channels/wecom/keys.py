"""Values of options as keys that WeCom brings back, so that an old menu can still be tapped."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLAIN = re.compile(r"[A-Za-z0-9_]{1,120}")
_OF_A_QUESTION = re.compile(r"(.+):(\d)")


def key_of(value: str, limit: int) -> str:
    """The key that carries a value in at most `limit` bytes; "" where it cannot."""
    coded = f"v_{value}" if _PLAIN.fullmatch(value) else f"x_{value.encode().hex()}"
    return coded if value and len(coded) <= limit else ""


def value_of(key: str) -> str:
    """The value of the option behind a tapped key; "" where it is none of ours."""
    kind, _, rest = key.partition("_")
    if kind == "v":
        return rest
    try:
        return bytes.fromhex(rest).decode() if kind == "x" else ""
    except ValueError:
        return ""


def joined(values: Sequence[str]) -> str:
    """Several chosen values as one answer: "skills:1" and "skills:3" are "skills:1 3"."""
    found = [_OF_A_QUESTION.fullmatch(value) for value in values]
    if len(values) > 1 and all(found) and len({one[1] for one in found if one}) == 1:
        digits = " ".join(one[2] for one in found if one)
        return f"{found[0][1]}:{digits}" if found[0] else ""
    return "、".join(values)
