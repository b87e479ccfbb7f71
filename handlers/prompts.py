"""Messages as people can take them in: short, a few lines, numbered options, pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.choices import Choice, page_of, pages
from handlers.dialogue import Reply, State
from handlers.texts import say
from outreach.pieces import LONGEST, MOST_LINES, is_short, parts
from records.messages import Inbound, InboundKind, Option

__all__ = [
    "LONGEST",
    "MOST_LINES",
    "MOST_REPLIES",
    "ask",
    "fits",
    "is_short",
    "joined",
    "parts",
    "sheets",
    "tag_of",
    "tapped",
]

MOST_REPLIES = 2  # of one turn (domain M-03)
_TAP = re.compile(r"(.+):(\d(?: \d)*)")  # several where a channel lets tick them together


def ask(
    text: str,
    choices: Sequence[Choice] = (),
    *,
    key: str,
    page: int = 0,
    words: Sequence[str] = (),
    kind: str = "form",
    wants_contact: bool = False,
    most: int = 1,
) -> Reply:
    """A question with its options; a tap brings back which question it answered."""
    shown = page_of(choices, page)
    tag = tag_of(key, page)
    options = [Option(f"{n} {c.label}", f"{tag}:{n}") for n, c in enumerate(shown, 1)]
    if pages(choices) > 1:
        options.append(Option(say("option.more"), f"{tag}:9"))
    options += [Option(word, word) for word in words]
    options.append(Option(say("option.back"), f"{tag}:0"))
    return Reply(text, tuple(options), kind, wants_contact, most)


def tag_of(key: str, page: int = 0) -> str:
    """The name of a question's page in the values of its options."""
    return f"{key}.{page}" if page else key


def tapped(message: Inbound, state: State) -> str | None:
    """The digits that a tap stands for; None if it belongs to a question no longer asked."""
    found = _TAP.fullmatch(message.text)
    if message.kind is not InboundKind.OPTION or not found:
        return message.text
    asked = str(state.data.get("tag") or state.step)
    current = tag_of(asked, int(state.data.get("page", 0)))
    return found.group(2) if found.group(1) == current else None


def fits(text: str) -> bool:
    """Whether a sentence of ours is short enough for one message, whatever its characters."""
    return len(text.strip()) <= LONGEST and text.strip().count("\n") < MOST_LINES


def sheets(lines: Sequence[str], question: str) -> list[tuple[str, str]]:
    """Lines on pages of two messages each, the second of which ends with the question."""
    pages: list[tuple[str, str]] = []
    waiting = list(lines)
    while waiting or not pages:
        first = _as_many(waiting, "")
        waiting = waiting[len(first) :]
        second = _as_many(waiting, question)
        waiting = waiting[len(second) :]
        pages.append(("\n".join(first), "\n".join((*second, question))))
    return pages


def joined(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """At most two messages: neighbours are joined where they stay short enough."""
    found = list(replies)
    for start in range(len(found) - 1, 0, -1):
        first, second = found[start - 1], found[start]
        together = f"{first.text}\n{second.text}"
        if len(found) > MOST_REPLIES and fits(together) and not first.options:
            found[start - 1 : start + 1] = [replace(second, text=together)]
    return tuple(found)


def _as_many(lines: Sequence[str], question: str) -> list[str]:
    taken: list[str] = []
    for line in lines:
        if not fits("\n".join((*taken, line, question))) or len(taken) + 2 > MOST_LINES:
            break
        taken.append(line)
    return taken or list(lines[:1])
