"""`bench answer`: how fast and how rightly an answer comes, beside what others search with.

Of each entry one wording is taken away and asked, by people whose area is known and by others:
over our own packs, and over 10,000 entries. Beside the time that passes stands what this program
itself computes (cpu): on a busy machine only that can be compared.
"""

from __future__ import annotations

import gc
import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from bot.benching.baselines import Line, Table, compared
from bot.benching.grown import grown
from knowledge.answer import Answerer
from knowledge.entry import TALK, Entry
from knowledge.library import load_library
from knowledge.shelf import EVERYWHERE, Library, Pack

ENTRIES = 10_000
GOALS = {
    "answer_p99_ms": 10,
    "area_unknown_p99_ms": 10,
    "index_seconds": 3,
    "index_mb": 150,
    "again_seconds": 0.3,
}
ASKED = 1_000
FEWEST = 4  # wordings of an entry that one is taken from
_PATIENCE = 2_000_000  # texts that one of RapidFuzz's scorers compares
_PAGE = 4096
_T = TypeVar("_T")


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
    right, took = _asked(answerer, questions)
    _, took_unknown = _asked(answerer, [{**line, "area": ""} for line in questions])
    again = _again(library)
    figures = {
        "entries": len(library.entries),
        "silences": sum(len(u.slots) for p in library.packs.values() for u in p.unknowns),
        "index_seconds": round(built.wall, 2),
        "index_cpu_seconds": round(built.cpu, 2),
        "index_mb": round(held),
        "questions": len(questions),
        "told_the_right_entry": round(right / len(questions), 4),
        **_spread("answer", took),
        **_spread("area_unknown", took_unknown),
        "again_seconds": round(again.wall, 2),
        "again_cpu_seconds": round(again.cpu, 2),
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


@dataclass(frozen=True, slots=True)
class _Took:
    """Seconds that passed, and seconds of them that this program computed."""

    wall: float
    cpu: float


def _timed(work: Callable[[], _T]) -> tuple[_T, _Took]:
    begun, computed = time.perf_counter(), time.process_time()
    done = work()
    return done, _Took(time.perf_counter() - begun, time.process_time() - computed)


def _indexed(library: Library) -> tuple[Answerer, _Took]:
    """As the service does it: no look-out for garbage meanwhile, and never again over this."""
    gc.collect()
    gc.disable()
    answerer, took = _timed(lambda: Answerer(library))
    gc.enable()
    gc.freeze()
    return answerer, took


def _asked(answerer: Answerer, questions: Sequence[Line]) -> tuple[int, list[_Took]]:
    """To how many the right entry was told, and how long each took."""
    now = datetime.now(UTC)
    right, took = 0, list[_Took]()
    for line in questions:
        ask = partial(answerer.answer, line["query"], area=line["area"] or None, now=now)
        answer, one = _timed(ask)
        took.append(one)
        right += bool(set(line["gold"]) & set(answer.entries))
    return right, took


def _spread(name: str, took: Sequence[_Took]) -> dict[str, float]:
    """Milliseconds of the middle one, and of the one that 99 of 100 are quicker than."""
    passed, computed = sorted(t.wall for t in took), sorted(t.cpu for t in took)
    spots = {"p50": len(took) // 2, "p99": int(len(took) * 0.99)}
    ways = {"ms": passed, "cpu_ms": computed}
    return {
        f"{name}_{spot}_{way}": round(1000 * times[place], 2)
        for (spot, place), (way, times) in product(spots.items(), ways.items())
    }


def _again(library: Library) -> _Took:
    """How long it takes to index the library anew after one entry has changed."""
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
