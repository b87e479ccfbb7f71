"""Many questions at once, as `ask --batch` reads and writes them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from knowledge.advising import Asking
from knowledge.answer import Answer, Answerer
from knowledge.posts import worked_out


def answer_batch(
    answerer: Answerer, lines: Iterable[Mapping[str, Any]], *, now: datetime
) -> Iterator[dict[str, Any]]:
    """One line out for each line in, in the same order."""
    for line in lines:
        asked = asking_of(line)
        answer = answerer.answer(asked.question, area=asked.area, prev=asked.prev, now=now)
        yield as_line(line.get("id"), worked_out(answer, asked.question, answerer.library))


def asking_of(line: Mapping[str, Any]) -> Asking:
    """The question of a line, with the area and the messages before it."""
    prev = tuple(str(message) for message in line.get("prev") or ())
    return Asking(str(line.get("question") or ""), line.get("area") or None, prev=prev)


def as_line(id: object, answer: Answer) -> dict[str, Any]:
    """An answer with exactly the fields of the contract."""
    return {
        "id": id,
        "decision": answer.decision.value,
        "text": answer.text,
        "entries": list(answer.entries),
        "sources": [asdict(source) for source in answer.sources],
        "score": round(answer.score, 4),
    }
