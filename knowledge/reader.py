"""A question read against the candidates: by itself, or leaning on what was talked of before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from knowledge.areas import COMMON, COUNTRY
from knowledge.context import (
    completed,
    goes_on,
    is_only_figure,
    is_only_side,
    leans,
    says_something,
)
from knowledge.hearing import Heard
from knowledge.opposites import sides
from knowledge.ranking import Ranked, Ranker
from knowledge.reply import Topic
from knowledge.scope import Scope
from knowledge.shelf import Library
from knowledge.understand import FORMS, KINDS_OF_WHO, Frame, cue, is_for, kin, read_frame
from knowledge.weights import LEANING, NEAR, POINTING, STAYING, probability
from knowledge.wording import Wording

_OF_EACH = re.compile(r"分别|各(是|有|给|补|贷|能|多少)|都是?多少")
_NAME = "@"  # stands for the name of a matter
_AND = re.compile(f"{_NAME}(和|跟|与|同|、|,|以及){_NAME}")
_ALL = re.compile(r"全市|全区|全县|市里|合计|各县")
EXACT = 0.98  # these are the very words of a known question
CLEARLY = 0.5  # so much like a known wording that it may well be a question by itself
SHORT = 12  # letters of a question that names no matter and so may go on with one
MONEY = frozenset({"贷款", "补贴", "奖补", "基金"})  # kinds of it, as cues.toml names them
_OURS = re.compile(
    r"(我们?|本|我们?这个?|这个?|我们?那个?)(县|区|市|里|边|地方|块)(?!级|里的人)|^我们(?!全?市|公司|厂|店|村)"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the area it is about and what was talked of before."""

    heard: Heard
    scope: Scope
    topic: Topic | None
    today: date


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question: what it is about, and what fits."""

    text: str
    frame: Frame
    ranked: tuple[Ranked, ...]

    @property
    def best(self) -> Ranked | None:
        """The candidate that fits best."""
        return self.ranked[0] if self.ranked else None

    @property
    def sure(self) -> float:
        """How likely the best one is right, by its score and its lead over other subjects."""
        if not self.ranked:
            return 0.0
        best = self.ranked[0]
        rival = next((r for r in self.ranked[1:] if _subject(r) != _subject(best)), None)
        lead = best.score - (rival.score if rival else 0.0)
        return 1.0 if best.nearest >= EXACT else probability(best.score, lead)


def _listed(said: str, frame: Frame, wording: Wording) -> list[tuple[str, int]]:
    """The matters of a question that asks the same of each of them."""
    if _OF_EACH.search(said) or _AND.search(wording.matters.without(said, _NAME)):
        return list(frame.matters.items())
    return []


def _bonus(said: str, alone: Reading) -> float:
    """How much a reading with the earlier question gains; little where the words do alone."""
    bonus = LEANING if leans(said) or not alone.frame.matters else 0.0
    if alone.best and alone.best.candidate.is_talk and alone.frame.slots:
        bonus += LEANING  # 哪个部门管 goes on, it does not ask who we are
    best = alone.best
    well_known = best is not None and best.nearest >= CLEARLY and not best.candidate.is_talk
    return bonus * min(1.0, 2 * (1 - alone.sure)) if well_known else bonus


def _staying(ranked: Ranked, matter: str) -> Ranked:
    """A candidate of the matter talked of gains where the question names none."""
    if ranked.candidate.matter != matter:
        return ranked
    return replace(ranked, score=ranked.score + STAYING)


def _stayed(alone: Reading, leaning: Reading, topic: Topic) -> Reading | None:
    """评上省级的一个奖多少 after 示范项目 asks of those, though parks are paid for too."""
    best, frame = leaning.best, alone.frame
    graded = frame.levels or any(term.startswith("grade:") for term in frame.terms)
    if best is None or frame.matters or not graded or len(frame.said) > SHORT:
        return None
    near = (r for r in leaning.ranked if r.score > best.score - NEAR)
    sided = (r for r in near if r.candidate.slot in frame.slots)
    own = next((r for r in sided if r.candidate.matter == topic.matter), None)
    if own is None:
        return None
    others = (r for r in leaning.ranked if r is not own)
    return replace(leaning, ranked=(replace(own, score=best.score), *others))


def _asks_for_other_money(alone: Reading, topic: Topic) -> bool:
    """公司能贷多少呢 after a subsidy asks for a loan, not for the subsidy of firms."""
    named = alone.frame.kinds & MONEY
    before = cue("kinds").meanings(topic.matter).keys() & MONEY
    return bool(named and before and not named & before and alone.frame.slots)


def _has_side(reading: Reading) -> bool:
    """Whether the side talked of before is one of the new matter's."""
    named = [r.candidate for r in reading.ranked if r.candidate.matter in reading.frame.matters]
    return not named or any(c.entry and c.slots & reading.frame.slots.keys() for c in named)


def _is_of_kind(ranked: Ranked, frame: Frame) -> bool:
    """Whether it is no silence on farms, parks or partners, where nobody asked about such."""
    candidate = ranked.candidate
    if candidate.entry is not None:
        return True
    kinds, forms = candidate.who & KINDS_OF_WHO, candidate.who & FORMS
    return (not kinds or bool(kinds & frame.matters.keys())) and (
        not forms or is_for(frame.who, forms)
    )


def _pointing(ranked: Ranked, frame: Frame) -> Ranked:
    """A candidate gains that tells the very figure which was said."""
    if not frame.numbers & ranked.candidate.numbers:
        return ranked
    return replace(ranked, score=ranked.score + POINTING)


def _subject(ranked: Ranked) -> tuple[str, str]:
    return ranked.candidate.matter, ranked.candidate.slot


class Reader:
    """Reads questions."""

    def __init__(self, library: Library, ranker: Ranker) -> None:
        self._library = library
        self._ranker = ranker
        self._local = {c.matter for c in ranker.candidates if c.area != COUNTRY}
        self._subjects = {c.matter for c in ranker.candidates if not c.is_talk}

    def read(self, asked: Asked) -> Reading:
        """The likelier of the two readings."""
        if asked.topic and asked.topic.matter and asked.heard.is_place:
            return self._there(asked, asked.topic)
        alone = self._reading(asked, asked.heard.plain, self._frame(asked))
        if asked.topic is None or not asked.topic.matter:
            return alone
        if not says_something(asked.heard.said, alone.frame):
            return alone
        if alone.frame.matters and alone.frame.slots and not leans(asked.heard.said):
            return alone
        leaning = self._leaning(asked, alone.frame, asked.topic)
        said, plain = asked.heard.said, asked.heard.plain
        if _asks_for_other_money(alone, asked.topic):
            return alone
        if stayed := _stayed(alone, leaning, asked.topic):
            return stayed
        if leaning.best and goes_on(said, plain, alone.frame, self._library.wording):
            return leaning
        return leaning if leaning.sure + _bonus(asked.heard.said, alone) > alone.sure else alone

    def goes_on(self, asked: Asked) -> bool:
        """Whether it makes no question without what was talked of before."""
        said, plain = asked.heard.said, asked.heard.plain
        return goes_on(said, plain, self._frame(asked), self._library.wording)

    def _frame(self, asked: Asked) -> Frame:
        home = asked.scope.home
        own = home is not None and home.code != asked.scope.pack and not asked.scope.is_foreign
        said, places = asked.heard.said, asked.scope.places
        implied = [home.name] if home and own and not _ALL.search(said) else []
        if _OURS.search(said):
            places = places or tuple(implied)
        return read_frame(asked.heard.plain, self._library.wording, places, implied)

    def _on_subject(self, frame: Frame) -> Frame:
        """在哪个宾馆 goes on with a meeting: a side is asked for, and no subject of ours named."""
        if not frame.slots or frame.matters.keys() & self._subjects:
            return frame
        return replace(frame, matters={})

    def _leaning(self, asked: Asked, frame: Frame, topic: Topic) -> Reading:
        entry = self._library.entries.get(topic.entry)
        frame = self._on_subject(frame)
        text, merged = completed(asked.heard.plain, frame, topic, entry, self._library.wording)
        if is_only_figure(asked.heard.plain, frame):
            merged = replace(merged, who=frozenset())  # whose figure it is is asked
        reading = self._reading(asked, text, merged)
        if frame.matters and not frame.slots and not _has_side(reading):
            reading = self._reading(asked, text, replace(merged, slots={}))
        ranked = [r for r in reading.ranked if not frame.levels or r.candidate.id != topic.entry]
        if not frame.matters:
            ranked = [_staying(r, topic.matter) for r in ranked]
        if is_only_figure(asked.heard.plain, frame):
            ranked = [_pointing(r, frame) for r in ranked]
        ranked.sort(key=lambda r: r.score, reverse=True)
        if is_only_side(asked.heard.plain, frame, self._library.wording):
            ranked = [r for r in ranked if r.candidate.matter == topic.matter] or ranked
        return replace(reading, ranked=tuple(ranked))

    def _there(self, asked: Asked, topic: Topic) -> Reading:
        """The same matter and side in another place, or nothing."""
        entry = self._library.entries.get(topic.entry)
        text, merged = completed("", self._frame(asked), topic, entry, self._library.wording)
        if topic.area in self._library.packs:
            text = text.replace(self._library.packs[topic.area].place.area.short, "")
        reading = self._reading(asked, text, merged)
        same = (r for r in reading.ranked if r.candidate.matter == topic.matter)
        kept = [r for r in same if topic.slot in kin(r.candidate.slot)]
        kept.sort(key=lambda r: not r.candidate.places & merged.places)  # its row, then the total
        return replace(reading, ranked=tuple(kept))

    def _reading(self, asked: Asked, text: str, frame: Frame) -> Reading:
        found = self._ranker.rank(text, frame, self._areas(asked.scope))
        kept = (
            r
            for r in found
            if r.is_served(asked.today)
            and self._is_asked(r, asked.scope)
            and _is_of_kind(r, frame)
        )
        return Reading(text, frame, tuple(kept))

    def _areas(self, scope: Scope) -> frozenset[str]:
        """The packs to look in: the area's own and the common one; all where none is known."""
        areas = {scope.pack} if scope.pack else set(self._library.packs) - {COUNTRY}
        return frozenset(areas | {COMMON, COUNTRY})

    def _is_asked(self, ranked: Ranked, scope: Scope) -> bool:
        """Whether it is not the whole country's where an area's own papers speak of it."""
        candidate = ranked.candidate
        only_there = candidate.matter not in self._local
        return candidate.area != COUNTRY or scope.is_national or only_there

    def each(self, asked: Asked, reading: Reading) -> Iterator[Reading]:
        """Where a question lists several levels, forms or places: the reading for each of them."""
        frame = reading.frame
        singles = (
            [replace(frame, levels=frozenset({level})) for level in sorted(frame.levels)],
            [replace(frame, who=frozenset({form})) for form in sorted(frame.who)],
            [
                replace(frame, places=frozenset({place}), implied=frozenset())
                for place in sorted(frame.places)
            ],
            [replace(frame, terms=terms) for terms in sides(frame.terms)],
            [
                replace(frame, matters={m: n})
                for m, n in _listed(asked.heard.said, frame, self._library.wording)
            ],
        )
        for frames in singles:
            if len(frames) > 1:
                yield from (self._reading(asked, reading.text, single) for single in frames)
                return
