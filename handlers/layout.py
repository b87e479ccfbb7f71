"""An answer on as few messages as there is room for; its source is always on those shown first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from handlers.prompts import parts
from knowledge.answer import Answer
from outreach.pieces import sentences

_REMEMBERED = 2048  # answers kept laid out: on a busy evening many get the same


@dataclass(frozen=True, slots=True)
class Pages:
    """What is shown now, and what is left for «更多»."""

    shown: tuple[str, ...]
    rest: tuple[str, ...] = ()


def laid_out(answer: Answer, room: int, last: str = "") -> Pages:
    """The answer's beginning, its source (domain rule 3.3-6) and a last line; then the rest."""
    return _laid_out(answer.text, answer.ending, answer.brief, room, last)


@lru_cache(_REMEMBERED)
def _laid_out(text: str, ending: str, brief: str, room: int, last: str) -> Pages:
    body = text.removesuffix(ending).rstrip()
    whole = parts(_lines(body, ending, last))
    if len(whole) <= room:
        return Pages(whole)
    if not ending and not last:
        return Pages(whole[:room], whole[room:])
    said = sentences(body)
    least = 2 if _is_label(said[0]) else 1  # whose rule it is, is no answer yet
    counts = range(len(said), least - 1, -1)
    tries = [(count, source) for source in (ending, brief) for count in counts]
    if "；" in ending:  # several papers: better a word on each question than each paper's office
        tries.sort(key=lambda one: one[0], reverse=True)
    for count, source in tries:
        shown = parts(_lines("".join(said[:count]), source, last))
        if len(shown) <= room:
            return Pages(shown, _rest(said, count))
    return Pages(parts(_lines("".join(said[:least]), brief, last)), _rest(said, least))


def _rest(said: list[str], count: int) -> tuple[str, ...]:
    """What is left, below the line that says whose rule it is."""
    left = "".join(said[count:])
    label = said[0] if _is_label(said[0]) else ""
    return parts(_lines(label, left)) if left.strip() else ()


def _is_label(line: str) -> bool:
    return line.strip().endswith("：")


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, (text.strip() for text in texts)))
