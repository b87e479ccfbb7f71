"""What a language model may do beside the search: put a question in other words, or point to one
of the entries that the search found. It never writes what people read (decision 7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from knowledge.answer import Answer, Answerer, Decision, Topic
from knowledge.areas import COMMON, COUNTRY
from knowledge.changes import shown
from knowledge.compose import ASKED_FOR
from knowledge.entry import Entry
from knowledge.grouping import DOUBTFUL, Meaning
from knowledge.numerals import digits
from knowledge.reader import Reading
from knowledge.shelf import Library
from knowledge.text import normalise

MOST_OPTIONS = 8
LONGEST = 200  # characters of a question in other words
_SAID = frozenset({Decision.ANSWER, Decision.NOT_STATED, Decision.OTHER_AREA})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as the answerer got it."""

    question: str
    area: str | None = None
    topic: Topic | None = None
    prev: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question that we could not answer surely, with what we would say by ourselves."""

    asking: Asking
    own: Answer


@dataclass(frozen=True, slots=True)
class Option:
    """An entry that may be pointed to."""

    id: str
    title: str
    answer: str


@dataclass(frozen=True, slots=True)
class Query:
    """What a model is shown: the question without personal data, the area, public entries."""

    question: str
    area: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What a model says: the id of an entry, or the question in other words; either may be ""."""

    entry: str = ""
    question: str = ""


class Adviser(Protocol):
    """Somebody to ask; None when there is no advice in time."""

    async def advise(self, query: Query) -> Advice | None:
        """Advice on one question; never raises, never waits long."""


class Noting(Answerer):
    """Answers as another does, notes what it doubts, and uses better answers where it has some."""

    def __init__(self, real: Answerer, better: Mapping[Asking, Answer] | None = None) -> None:
        self._real = real
        self._better = better or {}
        self.doubts: list[Doubt] = []

    @property
    def library(self) -> Library:
        """What the answers come from."""
        return self._real.library

    def answer(
        self,
        question: str,
        *,
        area: str | None = None,
        prev: Sequence[str] = (),
        topic: Topic | None = None,
        now: datetime,
    ) -> Answer:
        """The better answer, or the other's own."""
        asking = Asking(question, area, topic, tuple(prev))
        if asking in self._better:
            return self._better[asking]
        own = self._real.answer(question, area=area, prev=prev, topic=topic, now=now)
        if is_doubtful(own):
            self.doubts.append(Doubt(asking, own))
        return own

    def reading(self, question: str, *, area: str | None = None, now: datetime) -> Reading:
        """As the other reads it."""
        return self._real.reading(question, area=area, now=now)

    def meaning(self, question: str, *, area: str | None = None, now: datetime) -> Meaning:
        """As the other understands it."""
        return self._real.meaning(question, area=area, now=now)


def is_doubtful(answer: Answer) -> bool:
    """Whether we had to ask back, do not know, or are not sure."""
    if answer.decision is Decision.CLARIFY:
        return not answer.missing_area
    if answer.decision is Decision.OTHER_AREA and not answer.entries:
        return False  # a place whose papers we do not have: no entry is the answer
    return answer.decision is Decision.UNKNOWN or (
        answer.decision in _SAID and answer.score < DOUBTFUL
    )


def query_of(answerer: Answerer, asking: Asking, question: str, *, now: datetime) -> Query:
    """What may be shown of a question; `question` is without personal data."""
    library = answerer.library
    home = library.areas.resolve(asking.area) if asking.area else None
    found = answerer.reading(asking.question, area=asking.area, now=now)
    entries = _choosable(found, home is not None)
    options = tuple(Option(e.id, e.title, e.spoken(e.answer)) for e in entries[:MOST_OPTIONS])
    return Query(question, home.short if home else "", options)


def better(
    answerer: Answerer, doubt: Doubt, query: Query, advice: Advice, *, now: datetime
) -> Answer:
    """The answer with the advice, composed by ourselves; our own where the advice is worthless."""
    answer = _chosen(answerer, doubt, query, advice, now) or _reworded(
        answerer, doubt, advice, now
    )
    if answer is None or not is_vouched(answer, answerer.library):
        return doubt.own
    # What our own search could not find stays doubtful, so that the editors see it.
    return replace(answer, score=min(answer.score, doubt.own.score))


def is_vouched(answer: Answer, library: Library) -> bool:
    """Whether every number of an answer stands in an entry that it names, or in its papers."""
    entries = [library.entries[name] for name in answer.entries if name in library.entries]
    held = {number for entry in _with_cards(entries, library) for number in _held(entry, library)}
    papers = "".join(f"{s.title} {s.number} {s.date} " for s in answer.sources)
    return _numbers(answer.text) <= held | _numbers(papers + _silence(answer, library))


def _choosable(reading: Reading, has_home: bool) -> list[Entry]:
    """The entries that the search found for this area, best first."""
    found = (r.candidate for r in reading.ranked)
    entries = {c.entry.id: c.entry for c in found if c.entry is not None and not c.is_talk}
    kept = entries.values()
    return [e for e in kept if has_home or e.area in (COMMON, COUNTRY)]


def _chosen(
    answerer: Answerer, doubt: Doubt, query: Query, advice: Advice, now: datetime
) -> Answer | None:
    library = answerer.library
    if advice.entry not in {option.id for option in query.options}:
        return None
    entry = library.entries[advice.entry]
    answer = shown(library, entry, now)
    home = library.areas.resolve(doubt.asking.area) if doubt.asking.area else None
    own = library.areas.pack_for(home.code) if home else None
    if home is None or entry.area in (own, COMMON, COUNTRY):
        return answer
    theirs = library.packs[entry.area].place.area.short
    line = f"这是{theirs}的规定，不是{home.short}的："
    return replace(answer, decision=Decision.OTHER_AREA, text=f"{line}\n{answer.text}")


def _reworded(answerer: Answerer, doubt: Doubt, advice: Advice, now: datetime) -> Answer | None:
    asking = doubt.asking
    if not _is_same_matter(advice.question, asking.question, answerer.library):
        return None
    topic = asking.topic or doubt.own.topic
    answer = answerer.answer(advice.question, area=asking.area, topic=topic, now=now)
    is_told = answer.decision in _SAID and not is_doubtful(answer)
    return answer if is_told and answer.sources else None


def _is_same_matter(words: str, question: str, library: Library) -> bool:
    """Whether other words bring in no number and no place of their own."""
    if not words or len(words) > LONGEST:
        return False
    new, old = normalise(words), normalise(question)
    places = {m.area.code for m in library.areas.mentions(new)}
    return _numbers(new) <= _numbers(old) and places <= {
        m.area.code for m in library.areas.mentions(old)
    }


def _with_cards(entries: Sequence[Entry], library: Library) -> Iterable[Entry]:
    """The entries, and the country's cards that stand beside old local papers."""
    country = library.packs.get(COUNTRY)
    matters = {entry.matter for entry in entries}
    cards = [card for card in country.entries if card.matter in matters] if country else []
    return [*entries, *cards]


def _silence(answer: Answer, library: Library) -> str:
    """The words in which we say that the papers are silent on a matter."""
    topic = answer.topic
    pack = library.packs.get(topic.area) if topic else None
    notes = [u.note for u in pack.unknowns if topic and u.matter == topic.matter] if pack else []
    return " ".join((topic.matter if topic else "", *ASKED_FOR.values(), *notes))


def _held(entry: Entry, library: Library) -> set[str]:
    document = library.document(entry.area, entry.source)
    paper = f"{document.title}{document.number}{document.date}" if document else ""
    told = f"{entry.spoken(entry.answer)}{entry.spoken(entry.detail)}{entry.title}{entry.matter}"
    rest = "".join((*entry.conditions, *entry.materials, entry.where, entry.agency, entry.phone))
    return _numbers(f"{told} {rest} {entry.place} {paper}")


def _numbers(text: str) -> set[str]:
    """The numbers of a text, however they are written, without idle zeros."""
    found = _NUMBER.findall(digits(text))
    return {number.lstrip("0") or "0" for number in found}
