"""How well the search does on any corpus of questions: the figures of `knowledge eval`."""

import resource
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.search import Index, Item
from knowledge.text import letters, normalise
from knowledge.weights import CORPUS_SURE, corpus_score, likelihood

SHOWN = 10
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The figures, and for each query what was found."""

    figures: dict[str, float]
    rows: list[dict[str, Any]]

    def as_text(self) -> str:
        """One figure a line."""
        width = max(map(len, self.figures))
        return "\n".join(f"{name:<{width}}  {value:g}" for name, value in self.figures.items())


@dataclass(frozen=True, slots=True)
class Result:
    """A query's ten best, with what should have been found."""

    id: object
    gold: frozenset[str]
    found: tuple[tuple[str, float], ...]
    took: float

    @property
    def top(self) -> float:
        """The probability of the best; 0 where nothing was found."""
        return self.found[0][1] if self.found else 0.0

    @property
    def rank(self) -> int:
        """The place of the first right one, 0 where there is none."""
        return next((i for i, (id, _) in enumerate(self.found, 1) if id in self.gold), 0)


def evaluate(entries: Iterable[Mapping[str, Any]], queries: Iterable[Mapping[str, Any]]) -> Report:
    """Index the entries, ask the queries, and count."""
    items = [_item(entry) for entry in entries]
    begun = time.perf_counter()
    index = Index(items)
    built = time.perf_counter() - begun
    results = [_ask(index, query) for query in queries]
    return Report(
        {
            "entries": len(items),
            "queries": len(results),
            **_quality(results),
            "build_seconds": round(built, 3),
            "peak_mb": round(_peak_mb(), 1),
            "ms_p50": round(_percentile([r.took for r in results], 0.50) * 1e3, 3),
            "ms_p99": round(_percentile([r.took for r in results], 0.99) * 1e3, 3),
        },
        [{"id": r.id, "best": [list(pair) for pair in r.found]} for r in results],
    )


def _item(entry: Mapping[str, Any]) -> Item:
    said = letters(normalise(str(entry["question"])))
    told = letters(normalise(str(entry.get("answer") or "")))
    return Item(str(entry["id"]), (said,), str(entry.get("area") or EVERYWHERE), told)


def _ask(index: Index, query: Mapping[str, Any]) -> Result:
    groups = {str(query["area"]), EVERYWHERE} if query.get("area") else None
    begun = time.perf_counter()
    hits = index.search(letters(normalise(str(query["query"]))), groups)
    scored = [(index.items[hit.item].id, corpus_score(hit.views)) for hit in hits]
    scored.sort(key=lambda pair: pair[1], reverse=True)
    took = time.perf_counter() - begun
    best = tuple((id, round(likelihood(score), 4)) for id, score in scored[:SHOWN])
    return Result(query.get("id"), frozenset(map(str, query["gold"])), best, took)


def _quality(results: Sequence[Result]) -> dict[str, float]:
    asked = [r for r in results if r.gold]
    answered = [r for r in results if r.top >= CORPUS_SURE]
    return {
        "recall_at_1": _share(r.rank == 1 for r in asked),
        "recall_at_5": _share(1 <= r.rank <= 5 for r in asked),
        "mrr": _mean([1 / r.rank if r.rank else 0.0 for r in asked]),
        "abstention_auc": _auc([r.top for r in asked], [r.top for r in results if not r.gold]),
        "threshold": CORPUS_SURE,
        "answered": _share(r.top >= CORPUS_SURE for r in results),
        "wrong_answer_rate": _share(r.rank != 1 for r in answered),
    }


def _auc(right: Sequence[float], none: Sequence[float]) -> float:
    """How often a query that can be answered scores above one that cannot; ties count half."""
    if not right or not none:
        return 0.0
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
