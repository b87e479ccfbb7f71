"""Several messages of a chat as one, where the provider counts messages and not words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from channels.base import Cost
from channels.splitting import split
from records.rationing import Combined
from records.vault import Vault

_GAP = "\n\n"
_LONGEST_CHARACTER = 4  # bytes


def combiner(vault: Vault, cost: Cost) -> Callable[[Sequence[bytes]], Combined]:
    """Puts sealed payloads together as long as that saves messages."""

    def combine(payloads: Sequence[bytes]) -> Combined:
        whole, taken = vault.open(payloads[0]), 1
        paid = _cost(whole, cost)
        for payload in payloads[1:]:
            if whole["options"]:  # they stand at the end
                break
            content = vault.open(payload)
            joined = _joined(whole, content)
            together = _cost(joined, cost)
            if together >= paid + _cost(content, cost):
                break
            whole, taken, paid = joined, taken + 1, together
        return Combined(vault.seal(whole) if taken > 1 else payloads[0], taken, paid)

    return combine


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
    return cost(content["text"], tuple(label for label, _ in content["options"]))


def _joined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    return {
        **first,
        "text": f"{first['text']}{_GAP}{second['text']}",
        "options": second["options"],
        "extra": {**first["extra"], **second["extra"]},
    }
