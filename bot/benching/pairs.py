"""A corpus for `knowledge eval` out of labelled pairs of questions, as LCQMC, BQ and ATEC are."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.benching.noise import KINDS, Noise

ASKED = 2  # wordings of one entry that are asked
LONGEST = 120  # characters of a question; what is longer is no question
Lines = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, and whether people said that they mean the same."""

    first: str
    second: str
    same: bool


@dataclass(frozen=True, slots=True)
class Corpus:
    """What `knowledge eval` takes: entries, and queries with the entries that answer them."""

    entries: Lines
    queries: Lines


class Groups:
    """Questions that mean the same, by the labels of all pairs together."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._parent: dict[str, str] = {}
        for pair in pairs:
            first, second = self.of(pair.first), self.of(pair.second)
            if pair.same and first != second:
                self._parent[second] = first

    def of(self, question: str) -> str:
        """The question that stands for the group."""
        root = question
        while (parent := self._parent.setdefault(root, root)) != root:
            root = parent
        self._parent[question] = root
        return root

    def members(self) -> Mapping[str, list[str]]:
        """Every group with its questions."""
        found: dict[str, list[str]] = {}
        for question in list(self._parent):
            found.setdefault(self.of(question), []).append(question)
        return found


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a file: tab or comma between, the label (0 or 1) last, any columns before."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        is_tabbed = "\t" in file.readline()
        file.seek(0)
        rows = (
            (line.rstrip("\r\n").split("\t") for line in file) if is_tabbed else csv.reader(file)
        )
        for row in rows:
            if len(row) >= 3 and row[-1].strip() in ("0", "1"):
                first, second = (text.strip().lstrip("\ufeff") for text in row[-3:-1])
                if 0 < len(first) <= LONGEST and 0 < len(second) <= LONGEST:
                    yield Pair(first, second, row[-1].strip() == "1")


def corpus(asked: Sequence[Pair], filling: Sequence[Pair], *, size: int, seed: int = 1) -> Corpus:
    """`size` entries: one question of each group that has several, then other questions.

    Asked are other wordings of the same group, one of them once more with noise, and questions of
    the same files that no entry answers, those marked as different from an entry first.
    """
    groups = Groups([*asked, *filling])
    members = groups.members()
    dice = random.Random(seed)  # a draw that can be repeated
    roots = dict.fromkeys(groups.of(p.first) for p in asked if p.same)
    several = [root for root in roots if len(set(members[root])) > 1]
    dice.shuffle(several)
    chosen = several[: size // 2]
    others = sorted(members.keys() - set(chosen) - _near(asked, groups, set(chosen)))
    dice.shuffle(others)
    roots_of_all = [*chosen, *others[: size - len(chosen)]]
    entries = [{"id": n, "question": members[r][0]} for n, r in enumerate(roots_of_all)]
    near = sorted(_near(asked, groups, set(chosen)))
    alike = sorted({groups.of(p.first) for p in asked} - {*roots_of_all, *near})
    dice.shuffle(near)
    dice.shuffle(alike)
    return Corpus(entries, _queries(chosen, members, [*near, *alike], dice))


def _near(pairs: Iterable[Pair], groups: Groups, chosen: set[str]) -> set[str]:
    """The groups of questions that were marked as different from a chosen one."""
    found = set()
    for pair in pairs:
        first, second = groups.of(pair.first), groups.of(pair.second)
        if not pair.same and first != second:
            found |= {second} if first in chosen else {first} if second in chosen else set()
    return found - chosen


def _queries(
    chosen: Sequence[str],
    members: Mapping[str, list[str]],
    strangers: Sequence[str],
    dice: random.Random,
) -> Lines:
    noise = Noise((q for questions in members.values() for q in questions), dice)
    queries: Lines = []
    for number, root in enumerate(chosen):
        others = list(dict.fromkeys(members[root]))[1:]
        asked = [("paraphrase", other) for other in others[:ASKED]]
        kind = KINDS[number % len(KINDS)]
        asked.append((kind, noise.of(others[-1], kind)))
        queries += [{"query": text, "gold": [number], "kind": kind} for kind, text in asked]
    queries += [{"query": s, "gold": [], "kind": "nothing fits"} for s in strangers[: len(chosen)]]
    return [{"id": number, **query} for number, query in enumerate(queries)]
