"""Several messages of a chat as one, where the provider counts messages and not words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from channels.base import Cost
from channels.pictures import PICTURE
from channels.splitting import split
from outreach.calendars import spoken
from records.merged import joined, of_replies, throughout
from records.rationing import Combined, Part
from records.vault import Vault

_STALE = timedelta(hours=48)
_LATE = "（这是{day}要回您的，当时没能送到）\n{text}"
_DATED = "dated"
_LONGEST_CHARACTER = 4  # bytes


def combiner(vault: Vault, cost: Cost) -> Callable[[Sequence[Part], datetime, int], Combined]:
    """Puts sealed messages together as long as that saves messages, up to so many.

    A reply that waited too long for the talk it belongs to still arrives whole, for it may be
    what staff wrote or what was asked for, but with its day in front, and without its options,
    which belong to a step that is over.
    """

    def combine(parts: Sequence[Part], now: datetime, most: int) -> Combined:
        whole, taken = _as_of(vault.open(parts[0].payload), parts[0], now), 1
        paid = _cost(whole, cost)
        for part in parts[1:]:
            content = _as_of(vault.open(part.payload), part, now)
            if whole["options"] and content["options"] and not part.is_reply:
                break  # a number typed would mean the one or the other
            if PICTURE in whole["extra"] and PICTURE in content["extra"]:
                break
            more = joined(whole, content, is_unasked=parts[0].is_reply and not part.is_reply)
            together = _cost(more, cost)
            if together > most or together >= paid + _cost(content, cost):
                break
            whole, taken, paid = more, taken + 1, together
        return Combined(vault.seal(whole), taken, paid)

    return combine


def _as_of(content: dict[str, Any], part: Part, now: datetime) -> dict[str, Any]:
    if part.answers_only:
        content = of_replies(content) or content
    if not part.is_reply or now - part.since < _STALE or _DATED in content["extra"]:
        return content
    return throughout(content, lambda one: _dated(one, part.since))


def _dated(content: dict[str, Any], since: datetime) -> dict[str, Any]:
    return {
        **content,
        "text": _LATE.format(day=spoken(since), text=content["text"]),
        "options": [],
        "extra": {**content["extra"], _DATED: "1"},
    }


def split_bytes(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` bytes in UTF-8, cut where a reader would pause."""
    parts = []
    rest = text.strip()
    while len(rest.encode()) > limit:
        fitting = len(rest.encode()[:limit].decode(errors="ignore"))
        parts.append(split(rest, max(fitting, limit // _LONGEST_CHARACTER))[0])
        rest = rest[len(parts[-1]) :].lstrip()
    return [*parts, rest] if rest else parts or [""]


def _cost(content: dict[str, Any], cost: Cost) -> int:
    words = cost(content["text"], tuple(label for label, _ in content["options"]))
    return words + (PICTURE in content["extra"])
