"""`bench answer`: how long an answer takes, over the packs' own wordings, each asked once."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime
from typing import Any

from knowledge.answer import Answerer
from knowledge.entry import Kind
from knowledge.library import load_library

ASKED = 1_500
GOAL_MS = 10
ELSEWHERE = frozenset({"common", "100000"})


def measure() -> dict[str, Any]:
    """Build time, memory, and the time of an answer with its limit (product.md §4)."""
    before = _memory_mb()
    began = time.perf_counter()
    library = load_library()
    read = time.perf_counter()
    answerer = Answerer(library)
    built = time.perf_counter()
    wordings = [
        (wording, entry.area)
        for entry in library.entries.values()
        if entry.kind is not Kind.SMALLTALK and entry.area not in ELSEWHERE
        for wording in entry.asked_as
    ]
    step = max(1, len(wordings) // ASKED)
    now = datetime.now(UTC)
    times = sorted(_milliseconds(answerer, *asked, now) for asked in wordings[::step])
    return {
        "entries": len(library.entries),
        "questions_asked": len(times),
        "read_seconds": round(read - began, 2),
        "index_seconds": round(built - read, 2),
        "index_seconds_goal_at_10000_entries": 3,
        "memory_mb": round(_memory_mb() - before),
        "answer_p50_ms": round(times[len(times) // 2], 2),
        "answer_p99_ms": round(times[int(len(times) * 0.99)], 2),
        "answer_p99_ms_goal_at_10000_entries": GOAL_MS,
    }


def _milliseconds(answerer: Answerer, wording: str, area: str, now: datetime) -> float:
    began = time.perf_counter()
    answerer.answer(wording, area=area, now=now)
    return (time.perf_counter() - began) * 1000


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
