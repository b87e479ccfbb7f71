"""What waited for one person leaves as one message, a line each, opened by its number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from outreach import reach
from outreach.caps import RULES
from outreach.genuine import WHOLE, Signing
from outreach.texts import say
from records import caps, digests, feeding, inbound
from records.caps import Word
from records.database import Session
from records.messages import Option, Priority
from records.outbox import Claimed
from records.push_days import is_later_part
from records.vault import Vault

OPEN = "打开消息"  # followed by the number of the message, as the value of its line
MOST = 5  # lines (domain rule 3.3-1)
_LINE = 20  # characters of what a message begins with
_NEVER = datetime.min.replace(tzinfo=UTC)
_ENDS = "。！？!?\n；"


class Gathering:
    """Puts what waits for somebody into the message that leaves for them now."""

    def __init__(self, vault: Vault, word: Word) -> None:
        self._vault, self._word, self._signing = vault, word, Signing(vault)

    def leaving(self, session: Session, rows: Sequence[Claimed], now: datetime) -> list[Claimed]:
        """The messages as they leave: with what waited for the same person, and their codes."""
        return self._signing.signed(session, self.gathered(session, rows, now), now)

    def gathered(self, session: Session, rows: Sequence[Claimed], now: datetime) -> list[Claimed]:
        """The same messages, of which some hold what waited; never an answer, never news."""
        rows = [self._as_it_is_now(session, row, now) for row in rows]
        heads = [row for row in rows if self._may_grow(row)]
        around = _around(session, heads)
        accounts = sorted({account for found in around.values() for account in found})
        waits = digests.waiting(session, accounts, now) if heads else []
        if not waits:
            return list(rows)
        left = {row.id: row for row in self._word(session, waits) if row.payload}
        grown: dict[int, Claimed] = {}
        for head in heads:
            own = [row for row in left.values() if row.conversation in around[head.id]]
            grown[head.id], inside = self._grown(session, head, own, now)
            left = {row_id: row for row_id, row in left.items() if row_id not in inside}
        return [grown.get(row.id, row) for row in rows]

    def _as_it_is_now(self, session: Session, row: Claimed, now: datetime) -> Claimed:
        """By itself again, where it did not leave and what was inside it waits by itself."""
        if row.priority != Priority.BULK.value or not row.payload or feeding.whose(row.dedupe_key):
            return row
        content = self._vault.open(row.payload)
        if WHOLE not in content or not digests.is_empty(session, row.conversation, row.id):
            return row
        payload = self._vault.seal(content[WHOLE])
        digests.merge(session, row, payload, {}, now)
        return replace(row, payload=payload)

    def _may_grow(self, row: Claimed) -> bool:
        is_whole = row.attempts == 0 and row.counted == 0 and bool(row.payload)
        return row.priority == Priority.BULK.value and is_whole

    def _grown(
        self, session: Session, head: Claimed, waits: Sequence[Claimed], now: datetime
    ) -> tuple[Claimed, Collection[int]]:
        """The message with some of what waits inside it, and which of that."""
        content = self._vault.open(head.payload)
        if not waits or WHOLE in content:
            return head, ()
        groups = _groups(head, waits)
        firsts = [group[0] for group in groups[1:]]  # none: its own parts alone
        may = {row.id for row in caps.joining(session, firsts, RULES, now)} if firsts else set()
        inside = [groups[0], *[g for g in groups[1:] if g[0].id in may][: MOST - 1]]
        if len(inside) == 1:
            return head, ()
        payload = self._digest(content, inside)
        words = {row.id: row.payload for group in inside for row in group if row.id != head.id}
        digests.merge(session, head, payload, words, now)
        return replace(head, payload=payload), words

    def _digest(self, content: dict[str, Any], inside: Sequence[Sequence[Claimed]]) -> bytes:
        options = tuple(
            Option(
                f"{number} {line_of(self._vault.open(group[0].payload)['text'])}",
                f"{OPEN} {group[0].id}",
            )
            for number, group in enumerate(inside, 1)
        )
        text = say("digest.head", count=len(inside))
        pairs = [[option.label, option.value] for option in options]
        digest = {"text": text, "options": pairs, "kind": "notice", "extra": {}, WHOLE: content}
        return self._vault.seal(digest)


def _around(session: Session, heads: Sequence[Claimed]) -> dict[int, tuple[str, ...]]:
    """For each message the accounts for which what waits may leave in it.

    All that speak for the same people, where it goes to the one that they used last; else its
    own: what waits for an account that they use may not vanish in one that they have left.
    """
    circles = reach.circles(session, [head.conversation for head in heads])
    several = sorted({key for found in circles.values() if len(found) > 1 for key in found})
    heard = inbound.last_heard(session, several) if several else {}
    found = {}
    for head in heads:
        circle = circles[head.conversation]
        last = max(circle, key=lambda key: heard.get(key, _NEVER))
        found[head.id] = circle if last == head.conversation else (head.conversation,)
    return found


def whole(vault: Vault, payload: bytes) -> dict[str, Any]:
    """What a message said by itself, also where it became a digest."""
    content: dict[str, Any] = vault.open(payload)
    found: dict[str, Any] = content.get(WHOLE, content)
    return found


def line_of(text: str) -> str:
    """What a message begins with."""
    first = text.strip()
    cut = min((at for end in _ENDS if (at := first.find(end)) > 0), default=len(first))
    begin = first[:cut]
    return begin if len(begin) <= _LINE else f"{begin[: _LINE - 1]}…"


def _groups(head: Claimed, waits: Sequence[Claimed]) -> list[list[Claimed]]:
    """Each message with its later parts, the head's first."""
    groups: list[list[Claimed]] = [[head]]
    for row in waits:
        known = next((g for g in groups if is_later_part(row.dedupe_key, g[0].dedupe_key)), None)
        if known is None:
            groups.append([row])
        else:
            known.append(row)
    return groups
