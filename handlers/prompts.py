"""Messages as people can take them in: short, a few lines, numbered options, pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from handlers.choices import Choice, page_of, pages
from handlers.dialogue import Reply, State
from handlers.texts import say
from records.messages import Inbound, InboundKind, Option

LONGEST, MOST_LINES = 90, 4  # of one message (domain rule 3.3-1)
MOST_REPLIES = 2  # of one turn (domain M-03)
_REMEMBERED = 2048  # answers kept in pieces: on a busy evening many get the same
_CHINESE = re.compile("[\u3400-\u9fff]+")
_TAP = re.compile(r"(.+):(\d)")
_PIECE = re.compile(r"[^。!?;；！？\n]*[。!?;；！？\n]?")
_CLAUSE = re.compile(r"[^,，、]*[,，、]?")


def ask(
    text: str,
    choices: Sequence[Choice] = (),
    *,
    key: str,
    page: int = 0,
    words: Sequence[str] = (),
    kind: str = "form",
    wants_contact: bool = False,
) -> Reply:
    """A question with its options; a tap brings back which question it answered."""
    shown = page_of(choices, page)
    tag = tag_of(key, page)
    options = [Option(f"{n} {c.label}", f"{tag}:{n}") for n, c in enumerate(shown, 1)]
    if pages(choices) > 1:
        options.append(Option(say("option.more"), f"{tag}:9"))
    options += [Option(word, word) for word in words]
    options.append(Option(say("option.back"), f"{tag}:0"))
    return Reply(text, tuple(options), kind, wants_contact)


def tag_of(key: str, page: int = 0) -> str:
    """The name of a question's page in the values of its options."""
    return f"{key}.{page}" if page else key


def tapped(message: Inbound, state: State) -> str | None:
    """The digit that a tap stands for; None if it belongs to a question no longer asked."""
    found = _TAP.fullmatch(message.text)
    if message.kind is not InboundKind.OPTION or not found:
        return message.text
    current = tag_of(state.step, int(state.data.get("page", 0)))
    return found.group(2) if found.group(1) == current else None


@lru_cache(_REMEMBERED)
def parts(text: str) -> tuple[str, ...]:
    """An answer cut into messages, at the ends of lines and sentences."""
    found: list[str] = []
    for piece in _pieces(text):
        joined = found[-1] + piece if found else piece
        if found and is_short(joined):
            found[-1] = joined
        else:
            found.append(piece)
    return tuple(part.strip() for part in found if part.strip())


def fits(text: str) -> bool:
    """Whether a sentence of ours is short enough for one message, whatever its characters."""
    return len(text.strip()) <= LONGEST and text.strip().count("\n") < MOST_LINES


def is_short(text: str) -> bool:
    """Whether an answer is: figures, dates and document numbers are not Chinese characters."""
    chinese = sum(map(len, _CHINESE.findall(text)))
    return chinese <= LONGEST and text.strip().count("\n") < MOST_LINES


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


def _pieces(text: str) -> list[str]:
    found: list[str] = []
    for piece in _PIECE.findall(text):
        if len(piece) <= LONGEST:
            found.append(piece)
        else:
            found += _smaller(piece)
    return [piece for piece in found if piece]


def _smaller(piece: str) -> list[str]:
    clauses: list[str] = []
    for clause in _CLAUSE.findall(piece):
        if clauses and len(clauses[-1] + clause) <= LONGEST:
            clauses[-1] += clause
        else:
            clauses += [clause[i : i + LONGEST] for i in range(0, len(clause), LONGEST)]
    return clauses
