"""`bench answer`: how fast and how rightly an answer comes, beside what others search with.

Of each entry one wording is taken away and asked: over our own packs, and over 10,000 entries.
"""

from __future__ import annotations

import gc
import random
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.benching.baselines import Line, Table, compared
from bot.benching.grown import grown
from knowledge.answer import Answerer
from knowledge.entry import TALK, Entry
from knowledge.library import load_library
from knowledge.shelf import EVERYWHERE, Library, Pack

ENTRIES = 10_000
GOALS = {"answer_p99_ms": 10, "index_seconds": 3, "index_mb": 150, "again_seconds": 0.3}
ASKED = 1_000
FEWEST = 4  # wordings of an entry that one is taken from
_PATIENCE = 2_000_000  # texts that one of RapidFuzz's scorers compares
_PAGE = 4096


def measure() -> dict[str, Any]:
    """The figures of both libraries, each with its baselines, and the goals (product.md §4)."""
    own = load_library()
    measured = {
        "own packs": _measured(own),
        f"{ENTRIES:,} entries of areas that do not exist": _measured(grown(own, entries=ENTRIES)),
    }
    return {**measured, f"goals at {ENTRIES:,} entries": GOALS}


def _measured(library: Library) -> dict[str, Any]:
    library, questions = held_out(library, most=ASKED)
    before = _resident_mb()
    answerer, built = _indexed(library)
    held = _resident_mb() - before
    figures = {
        "entries": len(library.entries),
        "silences": sum(len(u.slots) for p in library.packs.values() for u in p.unknowns),
        "index_seconds": built,
        "index_mb": round(held),
        **_asked(answerer, questions),
        "again_seconds": _again(library),
    }
    return {**figures, "baselines": _baselines(library, questions)}


def held_out(library: Library, *, most: int) -> tuple[Library, list[Line]]:
    """The library without one wording of each entry, and those wordings as queries."""
    dice = random.Random(1)
    questions: list[Line] = []

    def less(entry: Entry) -> Entry:
        if entry.area in EVERYWHERE or entry.kind in TALK or len(entry.asked_as) < FEWEST:
            return entry
        taken = dice.randrange(len(entry.asked_as))
        query = {"id": entry.id, "query": entry.asked_as[taken]}
        questions.append({**query, "area": entry.area, "gold": [entry.id]})
        kept = (*entry.asked_as[:taken], *entry.asked_as[taken + 1 :])
        return replace(entry, asked_as=kept)

    packs = [
        replace(pack, entries=tuple(map(less, pack.entries))) for pack in library.packs.values()
    ]
    dice.shuffle(questions)
    return Library(packs, library.wording), questions[:most]


def _indexed(library: Library) -> tuple[Answerer, float]:
    """As the service does it: no look-out for garbage meanwhile, and never again over this."""
    gc.collect()
    gc.disable()
    begun = time.perf_counter()
    answerer = Answerer(library)
    built = time.perf_counter() - begun
    gc.enable()
    gc.freeze()
    return answerer, round(built, 2)


def _asked(answerer: Answerer, questions: Sequence[Line]) -> dict[str, Any]:
    now = datetime.now(UTC)
    right, times = 0, []
    for question in questions:
        begun = time.perf_counter()
        answer = answerer.answer(question["query"], area=question["area"], now=now)
        times.append((time.perf_counter() - begun) * 1000)
        right += bool(set(question["gold"]) & set(answer.entries))
    times.sort()
    return {
        "questions": len(times),
        "told_the_right_entry": round(right / len(times), 4),
        "answer_p50_ms": round(times[len(times) // 2], 2),
        "answer_p99_ms": round(times[int(len(times) * 0.99)], 2),
    }


def _again(library: Library) -> float:
    """Seconds to index the library anew after one entry has changed."""
    *others, pack = library.packs.values()
    entry = replace(pack.entries[0], asked_as=(*pack.entries[0].asked_as, "这个最近改了什么"))
    changed = replace(pack, entries=(entry, *pack.entries[1:]))
    return _indexed(Library([*others, changed], library.wording))[1]


def _baselines(library: Library, questions: Sequence[Line]) -> Table:
    lines = [line for pack in library.packs.values() for line in _lines(pack)]
    return compared(lines, questions, patience=_PATIENCE)


def _lines(pack: Pack) -> Iterator[Line]:
    for entry in pack.entries:
        for text in (entry.title, *entry.asked_as):
            yield {"id": entry.id, "question": text, "area": pack.code}


def _resident_mb() -> float:
    """What the process holds now; at its highest where the system does not say."""
    held = Path("/proc/self/statm")
    if held.exists():
        return int(held.read_text().split()[1]) * _PAGE / 1024**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
