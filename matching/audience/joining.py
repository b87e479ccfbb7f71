"""Conditions put together, so that what means the same is the same."""

from __future__ import annotations

from collections.abc import Sequence

from matching.audience import saying
from matching.audience.values import All, Condition, Either, Has
from matching.audience.words import VERBS

_LISTED = frozenset(verb.field for verb in VERBS)


def together(one: Condition, other: Condition) -> Condition:
    """公司和合作社 are both kinds, and nobody is both; 定陶和在外地 are two conditions."""
    parts = one.parts if isinstance(one, Either) else (one,)
    last = parts[-1]
    if isinstance(last, Has) and isinstance(other, Has) and last.field is other.field:
        return Either((*parts, other))
    return All((one, other))


def either(parts: Sequence[Condition]) -> Condition:
    """One of them; what is chosen by the same verb is one list: 想做电商或想做种养."""
    found: list[Condition] = []
    for part in parts:
        joined = _joined(found[-1], part) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(part)
    return found[0] if len(found) == 1 else Either(tuple(found))


def _joined(one: Condition, other: Condition) -> Has | None:
    if not isinstance(one, Has) or not isinstance(other, Has):
        return None
    is_one_list = one.field is other.field and one.field in _LISTED
    return saying.has(one.field, one.values | other.values) if is_one_list else None


def flat(parts: Sequence[Condition], kind: type[All] | type[Either]) -> tuple[Condition, ...]:
    """A chain of one kind is one list."""
    found: list[Condition] = []
    for part in parts:
        found += part.parts if isinstance(part, kind) and part.parts else (part,)
    return tuple(found)
