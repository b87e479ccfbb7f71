"""The search over any corpus of questions, with how likely the best one found is right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from knowledge.alike import folded
from knowledge.areas import Gazetteer
from knowledge.hearing import passages
from knowledge.postings import Floats, line_of, postings
from knowledge.search import Rarity, View, best, held, nearest, weigh
from knowledge.sounds import aloud, heard, sound
from knowledge.text import LONGEST_QUESTION, letters, normalise
from knowledge.weights import CORPUS_NEARER, CORPUS_NEXT, CORPUS_VIEWS, likelihood

SHOWN = 10
_CHANCE = 0.25  # what a text reaches in any corpus of some size that has nothing to do with it
_LONGEST = 2_000  # characters of a question or an answer that are read
_STORY, _PASSAGES = 60, 6  # letters of a question from which it is a story; parts tried alone
_POOL = 45  # entries that are compared letter by letter
_CROWD = 5  # the best stands out if even the sixth is far behind
_UNIT = re.compile(r"[a-z]{2,}|\d[\d.]*\d")
_UNSAID = re.compile(r"[^\w\U00100000-\U0010ffff]+|_")
_FIRST_UNIT, _UNITS = 0x100000, 0xFFFD  # signs of a private plane
_WEIGHTS = np.array(list(CORPUS_VIEWS.values()))
_HEARD = list(CORPUS_VIEWS).index("heard cosine")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a corpus: its wordings, its answer, and the area that it holds in."""

    id: object
    questions: tuple[str, ...]
    answer: str = ""
    area: str = ""

    def joined(self, other: "Entry") -> "Entry":
        """The same entry with another's wordings and answer."""
        answer = f"{self.answer} {other.answer}".strip()
        return replace(self, questions=self.questions + other.questions, answer=answer)


class Corpus:
    """Entries that are searched within an area and what it lies in."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._areas = Areas([entry.area for entry in entries])
        plain = [tuple(map(_whole, entry.questions)) for entry in entries]
        self._texts = [tuple(map(letters, texts)) for texts in plain]
        written = postings([tuple(map(_units, texts)) for texts in plain])
        line = line_of(self._texts)
        sounds = replace(line, codes=heard(line.codes)).postings()
        self._rarity = Rarity([written]), Rarity([sounds])
        self._written = View(written, self._rarity[0])
        self._heard = View(sounds, self._rarity[1])
        self._told = postings([(_units(_whole(entry.answer)),) for entry in entries])

    def find(self, question: str, area: str = "") -> list[tuple[int, float]]:
        """The likeliest entries by number, the best first, each with its probability."""
        plain = _whole(question)
        nearness = self._areas.nearness(area)
        found = self._found(plain, nearness)
        if len(plain) > _STORY:  # a long story may ask in one clause
            told = [self._found(part, nearness) for part in passages(plain)[-_PASSAGES:]]
            found = max([found, *told], key=lambda each: each[0][1] if each else 0.0)
        return found

    def _found(self, plain: str, nearness: Floats) -> list[tuple[int, float]]:
        text = letters(plain)
        written = weigh(_units(plain), self._rarity[0])
        views = np.vstack(
            [
                *self._written.scores(written),
                *self._heard.scores(weigh(sound(text), self._rarity[1])),
                held(self._told, written.terms, written.rare) / written.asked,
            ]
        )
        pool = best(views.sum(axis=0), nearness > 0, _POOL)
        if not pool:
            return []
        views = np.vstack([views[:, pool], *self._likeness(text, pool)])
        scores = _WEIGHTS @ views / _WEIGHTS.sum() + CORPUS_NEARER * (nearness[pool] - 1)
        order = np.argsort(-scores, kind="stable")
        sure = self._sure(scores[order], float(views[_HEARD, order[0]]))
        behind = scores[order[0]] - scores[order[:SHOWN]]
        shares = sure * np.exp(-CORPUS_NEXT * behind)
        return [(pool[n], float(s)) for n, s in zip(order[:SHOWN], shares, strict=True)]

    def _likeness(self, text: str, pool: Sequence[int]) -> list[Floats]:
        """How like the likest wording of each is, seen in several ways."""
        bags = [self._texts[number] for number in pool]
        asking, asked = folded(text), [tuple(map(folded, bag)) for bag in bags]
        return [
            nearest(sound(text), bags, aloud),
            nearest(asking, asked),
            nearest(_sorted(text), [tuple(map(_sorted, bag)) for bag in bags]),
            nearest(_sorted(asking), [tuple(map(_sorted, bag)) for bag in asked]),
            nearest(_sorted(sound(asking)), [tuple(_sorted(sound(t)) for t in b) for b in asked]),
        ]

    def _sure(self, scores: Floats, heard: float) -> float:
        """How likely the best is right: how good it is, and how far it stands out from others."""
        top, second, crowd = (scores[n] if n < len(scores) else 0.0 for n in (0, 1, _CROWD))
        second, crowd = max(second, _CHANCE), max(crowd, _CHANCE)
        return likelihood(top, heard, top - second, top - crowd, size=len(self._texts))


class Areas:
    """Which entries hold in a place, by whatever name entries and queries call it."""

    def __init__(self, names: Sequence[str]) -> None:
        self._places = Gazetteer() if any(names) else None
        codes = {name: self._code(name) for name in set(names)}
        self._numbers = {code: n for n, code in enumerate(sorted(set(codes.values())))}
        self._each = np.array([self._numbers[codes[name]] for name in names], np.int64)

    def nearness(self, name: str) -> Floats:
        """1 for entries of the place, less for what it lies in, least for those of no place;
        0 for others. All are alike where no place is named."""
        if not name:
            return np.ones(len(self._each))
        code = self._code(name)
        around = self._places.lineage(code) if self._places and code != name else (code,)
        near = np.zeros(len(self._numbers))
        for place, worth in {"": 0.25, **dict.fromkeys(around, 0.5), code: 1.0}.items():
            if place in self._numbers:
                near[self._numbers[place]] = worth
        return near[self._each]

    def _code(self, name: str) -> str:
        """The code of a place; a name that nobody knows stays as it is."""
        found = self._places.resolve(name) if self._places and name else None
        return found.code if found else name


def _whole(text: str) -> str:
    """The text normalised; a long one piece by piece, since only its beginning would be read."""
    pieces = range(0, min(len(text), _LONGEST), LONGEST_QUESTION)
    return "".join(normalise(text[n : n + LONGEST_QUESTION]) for n in pieces)


def _units(plain: str) -> str:
    """The text with one sign for each foreign word and each number."""
    signs = _UNIT.sub(lambda m: chr(_FIRST_UNIT + crc32(m.group().encode()) % _UNITS), plain)
    return _UNSAID.sub("", signs)


def _sorted(text: str) -> str:
    """The characters in a fixed order: alike are texts that hold the same ones."""
    return "".join(sorted(text))
