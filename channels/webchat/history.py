"""The conversation as the page shows it: both sides, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from channels.webchat.parse import KIND, own_id
from channels.webchat.pictures import address
from records import inbound, outbox
from records.database import Database
from records.inbound import InboundRow
from records.messages import InboundKind, Option
from records.outbox import OutboxRow
from records.vault import Vault

_SHOWN = "（图片）"
_SPOKEN = frozenset({InboundKind.TEXT, InboundKind.OPTION})


@dataclass(frozen=True, slots=True)
class Line:
    """One message of either side; `options` only where they can still be tapped."""

    is_mine: bool
    id: str
    text: str
    kind: str
    at: datetime
    options: tuple[Option, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "from": "me" if self.is_mine else "bot",
            "id": self.id if self.is_mine else int(self.id),
            "text": self.text,
            "options": options_as_json(self.options),
            "kind": self.kind,
            "at": self.at.isoformat(),
            **address(self.extra),
        }


def options_as_json(options: Sequence[Option]) -> list[dict[str, str]]:
    return [{"label": option.label, "value": option.value} for option in options]


async def lines(database: Database, vault: Vault, visitor: str, limit: int) -> list[Line]:
    """The last `limit` messages of a visitor's conversation, oldest first."""
    conversation = f"{KIND}:{visitor}"
    said = await database.read(inbound.history, conversation, limit)
    heard = await database.read(outbox.latest, conversation, limit)
    both = [line for row in said for line in _mine(row, vault)]
    both += [_theirs(row, vault) for row in heard]
    both.sort(key=lambda line: (line.at, not line.is_mine))
    return list(_settled(both))[-limit:]


def _mine(row: InboundRow, vault: Vault) -> Iterator[Line]:
    content = vault.open(row.payload)
    if content["kind"] in _SPOKEN:
        kind, text = content["kind"], content["text"]
        yield Line(True, own_id(row.outer_id), text, kind, row.received_at)
    elif content["kind"] == InboundKind.PICTURE:
        extra, kind = content["extra"], content["kind"]
        yield Line(True, own_id(row.outer_id), _SHOWN, kind, row.received_at, extra=extra)


def _theirs(row: OutboxRow, vault: Vault) -> Line:
    message = outbox.as_outgoing(row, vault)
    at = row.settled_at or row.created_at
    whole = message.options, message.extra
    return Line(False, str(message.id), message.text, message.kind, at, *whole)


def _settled(both: Sequence[Line]) -> Iterator[Line]:
    # A tapped option reads as its label; only the last untapped options can still be tapped.
    labels: dict[str, str] = {}
    last = _last_with_live_options(both)
    for line in both:
        if not line.is_mine:
            labels = {option.value: option.label for option in line.options}
            yield line if line is last else replace(line, options=())
        elif line.kind == InboundKind.OPTION:
            yield replace(line, text=labels.get(line.text, line.text))
        else:
            yield line


def _last_with_live_options(both: Sequence[Line]) -> Line | None:
    for line in reversed(both):
        if not line.is_mine:
            return line
        if line.kind == InboundKind.OPTION:
            return None
    return None
