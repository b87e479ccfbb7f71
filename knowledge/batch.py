"""Many questions at once, as `ask --batch` reads and writes them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from knowledge.answer import Answer, Answerer
from knowledge.posts import worked_out


def answer_batch(
    answerer: Answerer, lines: Iterable[Mapping[str, Any]], *, now: datetime
) -> Iterator[dict[str, Any]]:
    """One line out for each line in, in the same order."""
    for line in lines:
        question = str(line.get("question") or "")
        answer = answerer.answer(
            question,
            area=line.get("area") or None,
            prev=[str(message) for message in line.get("prev") or ()],
            now=now,
        )
        yield as_line(line.get("id"), worked_out(answer, question, answerer.library))


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
