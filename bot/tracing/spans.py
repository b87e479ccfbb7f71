"""What a trace is made of. Processes join one by themselves: its ids come from the row's id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from records.vault import Vault

ROOT = "received"
_REPLY = re.compile(r"(?:^|:)re:(\d+):\d+$")


@dataclass(frozen=True, slots=True)
class Span:
    """One step of a message: times in nanoseconds since 1970; nothing personal in attributes."""

    name: str
    message: int  # the row of what came in
    began: int
    ended: int
    attributes: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ids:
    """How a trace and its spans are numbered; another office's key gives other numbers."""

    vault: Vault

    def trace(self, message: int) -> int:
        """The same in every process that has the key."""
        return int(self.vault.fingerprint(f"trace {message}")[:32], 16)

    def root(self, message: int) -> int:
        """The span that all others of the message hang from."""
        return int(self.vault.fingerprint(f"span {message}")[:16], 16)

    def span(self, span: Span) -> int:
        """One of its own for each step, however often it is done."""
        if span.name == ROOT:
            return self.root(span.message)
        step = f"span {span.message} {span.name} {span.began} {span.ended}"
        return int(self.vault.fingerprint(step)[:16], 16)


def answers(dedupe_key: str) -> int | None:
    """The message that a message of the outbox answers; None where nobody asked."""
    found = _REPLY.search(dedupe_key)
    return int(found[1]) if found else None
