"""Finding entries: characters and sounds as two views of a text, fused by learned weights."""

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise

from rapidfuzz import fuzz, process

from knowledge.sounds import sound

K1, B = 1.2, 0.5
SCANNED = 3_000  # postings a view reads for one question; the rarest terms come first
_LOGS = [0.0, *(1 + math.log(n) for n in range(1, 256))]
VIEWS = (  # what the numbers of a hit are
    "written bm25",
    "written cosine",
    "heard bm25",
    "heard cosine",
    "nearest wording",
    "nearest sound",
    "in what it answers",
)
KEPT = 45  # candidates a view hands on to the exact comparison


@dataclass(frozen=True, slots=True)
class Item:
    """What can be found: its texts (normal spelling, letters only), and its group."""

    id: str
    texts: tuple[str, ...]
    group: str = ""
    told: str = ""  # what it answers, which people also half know


@dataclass(frozen=True, slots=True)
class Hit:
    """A found item with the views' opinions, each about 0 to 1, in the order of VIEWS."""

    item: int
    views: tuple[float, ...]


def grams(text: str) -> list[str]:
    """Single characters and pairs."""
    return [*text, *map("".join, pairwise(text))]


class Rarity:
    """How rare a term is over all groups."""

    def __init__(self, bags: Iterable[Counter[str]]) -> None:
        holders: Counter[str] = Counter()
        size = 0
        for bag in bags:
            holders.update(bag.keys())
            size += 1
        self._unseen = math.log(1 + (size + 0.5) / 0.5)
        self._known = {t: math.log(1 + (size - n + 0.5) / (n + 0.5)) for t, n in holders.items()}

    def __call__(self, term: str) -> float:
        return self._known.get(term, self._unseen)


class View:
    """One way of looking at the texts of a group: for each term who holds it, and what it adds."""

    def __init__(self, bags: Sequence[Counter[str]], rarity: Rarity) -> None:
        self._size = len(bags)
        self._terms: dict[str, Posting] = {}
        lengths = [bag.total() for bag in bags]
        mean = sum(lengths) / (len(lengths) or 1) or 1
        for number, bag in enumerate(bags):
            damping = K1 * (1 - B + B * lengths[number] / mean)
            weights = [(t, rarity(t), n) for t, n in bag.items()]
            norm = math.sqrt(sum((r * _LOGS[min(n, 255)]) ** 2 for _, r, n in weights)) or 1.0
            for term, rare, count in weights:
                posting = self._terms.get(term) or self._terms.setdefault(term, Posting())
                posting.holders.append(number)
                posting.bm25.append(rare * count * (K1 + 1) / (count + damping))
                posting.cosine.append(rare * _LOGS[min(count, 255)] / norm)

    def scan(self, weighed: "Weighed") -> "Scanned":
        """What each item gets from the question's terms, the rarest first while it is worth it."""
        bm25, cosine = [0.0] * self._size, [0.0] * self._size
        touched: set[int] = set()
        late: list[tuple[Posting, float]] = []
        budget = max(SCANNED, self._size // 4)
        for term, weight in weighed.terms.items():
            posting = self._terms.get(term)
            if posting is None:
                continue
            if budget < len(posting.holders) and touched:
                late.append((posting, weight))
                continue
            budget -= len(posting.holders)
            touched.update(posting.holders)
            for number, b, c in zip(posting.holders, posting.bm25, posting.cosine, strict=True):
                bm25[number] += b
                cosine[number] += weight * c
        return Scanned(bm25, cosine, nlargest(KEPT, touched, key=bm25.__getitem__), late)


class Posting:
    """The items that hold a term, in order, and what it adds to their scores."""

    __slots__ = ("bm25", "cosine", "holders")

    def __init__(self) -> None:
        self.holders = array("I")
        self.bm25 = array("f")
        self.cosine = array("f")


@dataclass(frozen=True, slots=True)
class Scanned:
    """The scores of a group's items in a view, the best of them, and terms not yet counted."""

    bm25: list[float]
    cosine: list[float]
    best: list[int]
    late: list[tuple[Posting, float]]

    def scores(self, weighed: "Weighed", number: int) -> tuple[float, float]:
        """BM25 as a share of what the question could reach, and the cosine of TF-IDF."""
        bm25, cosine = self.bm25[number], self.cosine[number]
        for posting, weight in self.late:
            at = bisect_left(posting.holders, number)
            if at < len(posting.holders) and posting.holders[at] == number:
                bm25 += posting.bm25[at]
                cosine += weight * posting.cosine[at]
        return bm25 / weighed.asked, cosine / weighed.norm


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question's terms, the rarest first, the sum of rarities asked for, and the length."""

    terms: dict[str, float]
    asked: float
    norm: float


def weigh(text: str, rarity: Rarity) -> Weighed:
    """The terms of a question; those that nobody holds still count as asked for."""
    counts = Counter(grams(text))
    rare = {term: rarity(term) for term in counts}
    order = sorted(counts, key=rare.__getitem__, reverse=True)
    weights = {term: rare[term] * _LOGS[min(counts[term], 255)] for term in order}
    norm = math.sqrt(sum(weight**2 for weight in weights.values()))
    return Weighed(weights, sum(rare.values()) or 1.0, norm or 1.0)


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one group, by their number in the index, in both views."""

    numbers: tuple[int, ...]
    places: dict[int, int]
    written: View
    heard: View


class Index:
    """Items searchable by what is written and by what is heard, group by group."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)
        self._sounds = [tuple(map(sound, item.texts)) for item in self.items]
        written = [_bag(item.texts) for item in self.items]
        heard = [_bag(sounds) for sounds in self._sounds]
        self._told = [frozenset(grams(item.told)) for item in self.items]
        self._written, self._heard = Rarity(written), Rarity(heard)
        members: dict[str, list[int]] = {}
        for number, item in enumerate(self.items):
            members.setdefault(item.group, []).append(number)
        self._groups = {
            group: Group(
                tuple(numbers),
                {number: place for place, number in enumerate(numbers)},
                View([written[n] for n in numbers], self._written),
                View([heard[n] for n in numbers], self._heard),
            )
            for group, numbers in members.items()
        }

    def search(
        self, text: str, groups: Iterable[str] | None = None, also: Iterable[int] = ()
    ) -> list[Hit]:
        """Candidates of the groups with every view's opinion; `also` are compared in any case."""
        spoken = sound(text)
        written, heard = weigh(text, self._written), weigh(spoken, self._heard)
        wanted = frozenset(also)
        seen: list[tuple[int, tuple[float, ...]]] = []
        for name in self._groups if groups is None else sorted(groups):
            group = self._groups.get(name)
            if group is not None:
                seen += self._in_group(group, written, heard, wanted)
        best = nlargest(KEPT, seen, key=lambda pair: sum(pair[1]))
        best += [pair for pair in seen if pair[0] in wanted and pair not in best]
        return [
            Hit(
                number,
                (
                    *scores,
                    _nearest(text, self.items[number].texts),
                    _nearest(spoken, self._sounds[number]),
                    self._share(written, self._told[number]),
                ),
            )
            for number, scores in best
        ]

    def _share(self, weighed: Weighed, terms: frozenset[str]) -> float:
        """How much of what was asked occurs in these terms."""
        return sum(map(self._written, weighed.terms.keys() & terms)) / weighed.asked

    def _in_group(
        self, group: Group, written: Weighed, heard: Weighed, wanted: frozenset[int]
    ) -> Iterator[tuple[int, tuple[float, ...]]]:
        seen, sounded = group.written.scan(written), group.heard.scan(heard)
        found = {*seen.best, *sounded.best}
        found.update(group.places[n] for n in wanted & group.places.keys())
        for place in sorted(found):
            yield (
                group.numbers[place],
                (*seen.scores(written, place), *sounded.scores(heard, place)),
            )


def _bag(texts: Iterable[str]) -> Counter[str]:
    return Counter(gram for text in texts for gram in grams(text))


def _nearest(text: str, others: Sequence[str]) -> float:
    found = process.extractOne(text, others, scorer=fuzz.ratio)
    return found[1] / 100 if found else 0.0
