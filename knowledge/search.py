"""Finding entries: characters and sounds as two views of a text, fused by learned weights."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from rapidfuzz import fuzz

from knowledge.sounds import sound

K1, B = 1.2, 0.5
SCANNED = 6_000  # postings a view reads for one question; the rarest terms come first
_LOGS = [0.0, *(1 + math.log(n) for n in range(1, 256))]
KEPT = 30  # candidates a view hands on to the exact comparison


@dataclass(frozen=True, slots=True)
class Item:
    """What can be found: its texts (normal spelling, letters only), and the group it belongs to."""

    id: str
    texts: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found item with the views' opinions, each about 0 to 1."""

    item: int
    bm25: float
    cosine: float
    heard_bm25: float
    heard_cosine: float
    alias: float
    heard_alias: float


def grams(text: str) -> list[str]:
    """Single characters and pairs."""
    return [*text, *map("".join, zip(text, text[1:], strict=False))]


class Rarity:
    """How rare a term is over all groups."""

    def __init__(self, bags: Iterable[Counter[str]]) -> None:
        self._holders: Counter[str] = Counter()
        self._size = 0
        for bag in bags:
            self._holders.update(bag.keys())
            self._size += 1

    def __call__(self, term: str) -> float:
        holders = self._holders.get(term, 0)
        return math.log(1 + (self._size - holders + 0.5) / (holders + 0.5))


class View:
    """One way of looking at the texts of a group: who holds a term, and each item's own terms."""

    def __init__(self, bags: Sequence[Counter[str]], rarity: Rarity) -> None:
        self._terms: dict[str, int] = {}
        self._postings: list[array[int]] = []
        self._ids: list[array[int]] = []
        self._counts: list[bytes] = []
        for number, bag in enumerate(bags):
            self._ids.append(array("I", [self._post(term, number) for term in bag]))
            self._counts.append(bytes(min(count, 255) for count in bag.values()))
        lengths = list(map(sum, self._counts))
        mean = sum(lengths) / (len(lengths) or 1) or 1
        self._damping = [K1 * (1 - B + B * length / mean) for length in lengths]
        self._idf = [rarity(term) for term in self._terms]
        self._norms = [self._norm(number) for number in range(len(self._ids))]

    def _post(self, term: str, number: int) -> int:
        known = self._terms.setdefault(term, len(self._postings))
        if known == len(self._postings):
            self._postings.append(array("I"))
        self._postings[known].append(number)
        return known

    def _norm(self, number: int) -> float:
        pairs = zip(self._ids[number], self._counts[number], strict=True)
        return math.sqrt(sum((self._idf[i] * _LOGS[n]) ** 2 for i, n in pairs)) or 1.0

    def known(self, weighed: "Weighed") -> dict[int, float]:
        """The question's terms that occur here, by number."""
        return {
            number: weight
            for term, weight in weighed.terms.items()
            if (number := self._terms.get(term)) is not None
        }

    def candidates(self, terms: dict[int, float], kept: int = KEPT) -> list[int]:
        """The items that share most of the rarest terms."""
        found: dict[int, float] = {}
        budget = max(SCANNED, len(self._ids) // 4)
        for term in sorted(terms, key=self._idf.__getitem__, reverse=True):
            holders = self._postings[term]
            if budget < len(holders) and found:
                break
            budget -= len(holders)
            rarity = self._idf[term]
            for number in holders:
                found[number] = found.get(number, 0.0) + rarity
        damping = self._damping
        return nlargest(kept, found, key=lambda number: found[number] / (1 + damping[number]))

    def compare(
        self, terms: dict[int, float], weighed: "Weighed", number: int
    ) -> tuple[float, float]:
        """BM25 as a share of what the question could reach, and the cosine of TF-IDF."""
        bm25 = cosine = 0.0
        damping = self._damping[number]
        for term, count in zip(self._ids[number], self._counts[number], strict=True):
            weight = terms.get(term)
            if weight is not None:
                rarity = self._idf[term]
                bm25 += rarity * count * (K1 + 1) / (count + damping)
                cosine += weight * rarity * _LOGS[count]
        return bm25 / weighed.asked, cosine / weighed.norm / self._norms[number]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question's terms with their weights, the sum of rarities asked for, and the length."""

    terms: dict[str, float]
    asked: float
    norm: float


def weigh(text: str, rarity: Rarity) -> Weighed:
    """The terms of a question; those that nobody holds still count as asked for."""
    rare = {term: rarity(term) for term in grams(text)}
    weights = {t: rare[t] * _LOGS[min(n, 255)] for t, n in Counter(grams(text)).items()}
    norm = math.sqrt(sum(weight**2 for weight in weights.values()))
    return Weighed(weights, sum(rare.values()) or 1.0, norm or 1.0)


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one group, by their number in the index, in both views."""

    numbers: tuple[int, ...]
    written: View
    heard: View


class Index:
    """Items searchable by what is written and by what is heard, group by group."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)
        self._sounds = [tuple(map(sound, item.texts)) for item in self.items]
        written = [_bag(item.texts) for item in self.items]
        heard = [_bag(sounds) for sounds in self._sounds]
        self._written, self._heard = Rarity(written), Rarity(heard)
        members: dict[str, list[int]] = {}
        for number, item in enumerate(self.items):
            members.setdefault(item.group, []).append(number)
        self._groups = {
            group: Group(
                tuple(numbers),
                View([written[n] for n in numbers], self._written),
                View([heard[n] for n in numbers], self._heard),
            )
            for group, numbers in members.items()
        }
        self._local = {n: i for g in self._groups.values() for i, n in enumerate(g.numbers)}

    def search(
        self, text: str, groups: Iterable[str] | None = None, also: Iterable[int] = ()
    ) -> list[Hit]:
        """Candidates of the groups with every view's opinion; `also` are compared in any case."""
        spoken = sound(text)
        written, heard = weigh(text, self._written), weigh(spoken, self._heard)
        wanted = frozenset(also)
        hits: list[Hit] = []
        for name in self._groups if groups is None else sorted(groups):
            group = self._groups.get(name)
            if group is None:
                continue
            seen, sounded = group.written.known(written), group.heard.known(heard)
            found = {*group.written.candidates(seen), *group.heard.candidates(sounded)}
            found |= {self._local[n] for n in wanted if self.items[n].group == name}
            for local in sorted(found):
                number = group.numbers[local]
                hits.append(
                    Hit(
                        number,
                        *group.written.compare(seen, written, local),
                        *group.heard.compare(sounded, heard, local),
                        _nearest(text, self.items[number].texts),
                        _nearest(spoken, self._sounds[number]),
                    )
                )
        return hits


def _bag(texts: Iterable[str]) -> Counter[str]:
    return Counter(gram for text in texts for gram in grams(text))


def _nearest(text: str, others: Iterable[str]) -> float:
    return max((fuzz.ratio(text, other) for other in others), default=0.0) / 100
