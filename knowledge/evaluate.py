"""How well a search does on any corpus of questions: the figures of `knowledge eval`."""

import json
import resource
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from knowledge.corpus import SHOWN, Corpus, Entry
from knowledge.weights import CORPUS_SURE

Line = Mapping[str, Any]
Figures = dict[str, float | None]  # None where there is nothing to count
Found = list[tuple[int, float]]  # an entry's number with its score, the best first
Find = Callable[[str, str], Found]  # a question and its area


NO_GOLD = "no query has a gold entry"
NO_EMPTY_GOLD = "no query has empty gold"
_SHOWN_IDS = 5


@dataclass(frozen=True, slots=True)
class Report:
    """The figures, and for each query what was found."""

    figures: Figures
    rows: list[dict[str, Any]]

    def as_text(self) -> str:
        """One figure a line; why there is none where there is none."""
        width = max(map(len, self.figures))
        none = f"- ({self.lacking})"
        return "\n".join(
            f"{name:<{width}}  {none if value is None else f'{value:g}'}"
            for name, value in self.figures.items()
        )

    @property
    def lacking(self) -> str:
        """Why a figure could not be taken; "" where all could."""
        if self.figures["recall_at_1"] is None:
            return NO_GOLD
        return NO_EMPTY_GOLD if self.figures["abstention_auc"] is None else ""


def strangers(entries: Iterable[Line], queries: Iterable[Line]) -> tuple[str, ...]:
    """The gold ids that no entry has, in the order of the queries."""
    known = {key(entry["id"]) for entry in entries}
    wanted = dict.fromkeys(key(id) for query in queries for id in query["gold"])
    return tuple(id for id in wanted if id not in known)


def named(ids: Sequence[str]) -> str:
    """How many ids there are, and the first few."""
    more = ", …" if len(ids) > _SHOWN_IDS else ""
    return f"{len(ids)} ({', '.join(id[:40] for id in ids[:_SHOWN_IDS])}{more})"


@dataclass(frozen=True, slots=True)
class Result:
    """A query's ten best, with what should have been found."""

    id: object
    kind: str
    gold: frozenset[str]
    found: tuple[tuple[object, float], ...]
    took: float

    @property
    def top(self) -> float:
        """The score of the best; 0 where nothing was found."""
        return self.found[0][1] if self.found else 0.0

    @property
    def rank(self) -> int:
        """The place of the first right one, 0 where there is none."""
        return next((i for i, (id, _) in enumerate(self.found, 1) if key(id) in self.gold), 0)


def key(id: object) -> str:
    """An id of any JSON type as a text; 7 and "7" are one id."""
    return id if isinstance(id, str) else json.dumps(id, sort_keys=True)


def evaluate(entries: Sequence[Line], queries: Sequence[Line]) -> Report:
    """Index the entries, ask the queries, and count."""
    known = read_entries(entries)
    begun = time.perf_counter()
    corpus = Corpus(known)
    built = time.perf_counter() - begun
    results = ask(corpus.find, known, queries)
    answered = [r for r in results if r.top >= CORPUS_SURE]
    figures = {
        "entries": len(known),
        "queries": len(results),
        "gold_in_no_entry": len(strangers(entries, queries)),
        **quality(results),
        "threshold": CORPUS_SURE,
        "answered": _share(r.top >= CORPUS_SURE for r in results),
        "wrong_answer_rate": _share(r.rank != 1 for r in answered),
        "build_seconds": round(built, 3),
        "peak_mb": round(_peak_mb(), 1),
        **speed(results),
        **_by_kind(results),
    }
    rows = [{"id": r.id, "best": [list(pair) for pair in r.found]} for r in results]
    return Report(figures, rows)


def read_entries(lines: Iterable[Line]) -> list[Entry]:
    """The entries of a corpus; lines of one id and area are wordings of one entry."""
    read: dict[tuple[str, str], Entry] = {}
    for line in lines:
        entry = Entry(
            line["id"],
            (str(line["question"] or ""),),
            str(line.get("answer") or ""),
            str(line.get("area") or ""),
        )
        same = (key(entry.id), entry.area)
        read[same] = read[same].joined(entry) if same in read else entry
    return list(read.values())


def ask(find: Find, entries: Sequence[Entry], queries: Iterable[Line]) -> list[Result]:
    """What each query finds, the ten best ids with rounded scores."""
    results = []
    for query in queries:
        begun = time.perf_counter()
        found = find(str(query["query"] or ""), str(query.get("area") or ""))
        took = time.perf_counter() - begun
        best = tuple((entries[number].id, round(score, 6)) for number, score in found[:SHOWN])
        gold = frozenset(map(key, query["gold"]))
        results.append(Result(query.get("id"), str(query.get("kind") or ""), gold, best, took))
    return results


def quality(results: Sequence[Result]) -> Figures:
    """How often the right one is found first, and how well the score tells that there is none."""
    asked = [r for r in results if r.gold]
    strange = [r for r in results if not r.gold]
    return {
        "recall_at_1": _share(r.rank == 1 for r in asked) if asked else None,
        "recall_at_5": _share(1 <= r.rank <= 5 for r in asked) if asked else None,
        "mrr": _mean([1 / r.rank if r.rank else 0.0 for r in asked]) if asked else None,
        "abstention_auc": _auc([r.top for r in asked], [r.top for r in strange]),
        "right_at_5_percent_wrong": _right_at(0.05, asked, strange),
    }


def speed(results: Sequence[Result]) -> Figures:
    """The time of a query."""
    times = [r.took * 1e3 for r in results]
    return {
        "ms_p50": round(_percentile(times, 0.50), 3),
        "ms_p99": round(_percentile(times, 0.99), 3),
    }


def _by_kind(results: Sequence[Result]) -> Figures:
    """Recall of each kind that queries are marked with."""
    kinds = dict.fromkeys(r.kind for r in results if r.kind and r.gold)
    return {
        f"recall_at_1 {kind}": _share(r.rank == 1 for r in results if r.kind == kind)
        for kind in kinds
    }


def _right_at(limit: float, asked: Sequence[Result], strange: Sequence[Result]) -> float | None:
    """The share answered right by the threshold that answers most while this share of answers
    is wrong at most; as many strange queries as others are taken to come."""
    weight = len(asked) / len(strange) if strange else 0.0
    right = wrong = best = 0.0
    order = sorted([*asked, *strange], key=lambda r: r.top, reverse=True)
    for _, alike in groupby(order, key=lambda r: r.top):  # one threshold answers all of them
        for result in alike:
            right += bool(result.gold) and result.rank == 1
            wrong += result.rank != 1 if result.gold else weight
        if wrong <= limit * (right + wrong):
            best = right
    return round(best / len(asked), 4) if asked else None


def _auc(right: Sequence[float], none: Sequence[float]) -> float | None:
    """How often a query that can be answered scores above one that cannot; ties count half.

    None without queries of both sorts.
    """
    if not right or not none:
        return None
    order = sorted(none)
    won = sum(bisect_left(order, s) + bisect_right(order, s) for s in right)
    return round(won / 2 / len(right) / len(none), 4)


def _share(values: Iterable[bool]) -> float:
    return _mean([float(value) for value in values])


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[int((len(values) - 1) * share)] if values else 0.0


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
