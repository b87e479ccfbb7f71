"""From a reading to a decision: answer, ask back, another area's rule, or an honest no."""

import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import chain

from knowledge.areas import COMMON, COUNTRY, Area
from knowledge.aspects import asked_aspects, missing_aspect
from knowledge.candidates import Candidate
from knowledge.entry import Entry
from knowledge.preferring import ELSEWHERE, SAME_WORDS, is_beside, preferred
from knowledge.premises import Premises, is_injected
from knowledge.ranking import Ranked, Ranker
from knowledge.reader import EXACT, Asked, Reader, Reading
from knowledge.reply import Choice, Decision, Topic
from knowledge.rows import Compared, compared
from knowledge.shelf import Library
from knowledge.silences import Silences, is_yes_or_no, speaking, unsaid
from knowledge.telling import Teller, Told
from knowledge.text import letters, normalise
from knowledge.understand import FORMS, Frame
from knowledge.weights import NEAR, NEAR_ELSEWHERE, SURE, SURE_ELSEWHERE

UNREADABLE = "没看懂您发的。直接打字问就行，比如：开小店能贷多少钱？"
UNKNOWN = "这个我没查到，不敢乱说。回“人工”，我请工作人员来答。"
NOT_OURS = "这个我帮不上，我只懂返乡创业的政策和办事。"
WHICH = "您问的是哪一样？点一下，或者说细一点。"
GO_ON = "好，我按{0}的文件答。想问什么，直接打字，比如：开小店能贷多少钱？"
WHERE = "各地规定不一样。您老家是哪个县（市、区）？说县名就行。"
UNFOUNDED = "您说的这个数，{0}的文件没写。"
NO_PAPERS = "我这里没有{0}的文件，别处的数不能当{0}的用。可以打12333问当地人社部门。"

_ABROAD = re.compile(r"驻外|外省|长三角|珠三角|外地[^,。]{0,6}(站|点)")
INJECTION = "common-out-injection"
HERE = re.compile(r"我们|这[边里儿]|本[地县市区]|当地|老家|家里")
SHORT = 3  # so few letters are talk only if they are known ones
ROOM = 75  # characters that several facts for one question may fill
TOGETHER = 3  # facts told together
DOUBTFUL = 0.3  # below this probability we ask back rather than choose among like ones
GUESSED = 0.4  # a yes or no is not to be guessed below this probability
UNLIKE = 0.45  # where no known wording is more like the question than this
ALIKE = 0.6  # scores so close that the one or the other may be meant
WITHIN = 2.0  # how far behind the best a fact may be that is of the sort asked for


class Judge:
    """Decides on one question."""

    def __init__(self, library: Library, ranker: Ranker) -> None:
        self._areas = library.areas
        self._library = library
        self._reader = Reader(library, ranker)
        self._teller = Teller(library)
        self._premises = Premises(ranker.candidates)
        self._subjects = {c.matter for c in ranker.candidates if not c.is_talk}
        self._of_matter: dict[tuple[str, str], list[Candidate]] = {}
        for candidate in ranker.candidates:
            self._of_matter.setdefault((candidate.area, candidate.matter), []).append(candidate)
        self._silences = Silences(library, self._of_matter)
        self._is_outward = cache(self._tells_of_elsewhere)  # seldom asked, costly for all at once

    def judge(self, asked: Asked, now: datetime) -> Told:
        """The decision and its words."""
        if not asked.heard.plain.strip():
            return Told(Decision.UNKNOWN, (UNREADABLE,))
        refusal = self._library.entries.get(INJECTION)
        if refusal and is_injected(asked.heard.said):
            return self._teller.talk(refusal, 1.0)
        if asked.heard.is_place and asked.scope.target:
            pack = asked.scope.pack
            return self._there(asked, pack, now) if pack else self._placeless(asked, 1.0)
        asked, reading = self._at_home(self._abroad(asked))
        reading = preferred(reading)
        best = reading.best
        ours = self._is_ours(reading.frame)
        unheld = self._unheld(asked, reading)
        if unheld:
            return unheld
        if best is None or is_beside(reading) or reading.sure < (SURE if ours else SURE_ELSEWHERE):
            return self._unsure(asked, reading, ours=ours)
        named = best.candidate.matter in reading.frame.matters
        if best.nearest < SAME_WORDS and not named and _is_scrap(asked.heard.said, best):
            return Told(Decision.UNKNOWN, (UNREADABLE,), reading.sure)
        if best.candidate.is_talk and best.candidate.entry:
            return self._teller.talk(best.candidate.entry, reading.sure)
        if asked.scope.pack is None and best.candidate.area not in (COMMON, COUNTRY):
            if not ours and best.nearest < SAME_WORDS and asked.scope.target is None:
                return Told(Decision.OUT_OF_SCOPE, (NOT_OURS,), reading.sure)
            return self._placeless(asked, reading.sure)
        told = self._which(asked, reading, best) or self._told(asked, reading, best, now)
        told = self._questioned(asked, told)
        is_local = best.candidate.area not in (COMMON, COUNTRY)
        return (
            self._teller.foreign(told, asked.scope)
            if asked.scope.is_foreign and is_local
            else told
        )

    def warned(self, entry: Entry) -> Told:
        """The warning of an entry about safety, whatever else was asked."""
        return self._teller.talk(entry, 1.0)

    def reading(self, asked: Asked) -> Reading:
        """How a question is understood, before anything is decided."""
        return self._reader.read(asked)

    def _unheld(self, asked: Asked, reading: Reading) -> Told | None:
        """That the area's papers do not speak at all of what was named."""
        scope, best = asked.scope, reading.best
        if scope.pack is None or scope.is_national or (best and _is_settled(best)):
            return None
        matter = self._premises.unheld(reading.frame, (scope.pack, COMMON, COUNTRY))
        if not matter:
            return None
        area = self._library.packs[scope.pack].place.area
        told = self._teller.left_open(area, Topic(area=scope.pack, matter=matter))
        return self._teller.foreign(told, scope) if scope.is_foreign else told

    def _questioned(self, asked: Asked, told: Told) -> Told:
        """The answer, after a word on a sum taken for granted that the papers do not hold."""
        pack = asked.scope.pack
        if pack is None or told.decision is not Decision.ANSWER:
            return told
        told_sums = any(
            figure.unit == "元" and figure.value
            for key in told.entries
            for figure in self._library.entries[key].figures.values()
        )
        if told_sums or not self._premises.is_unfounded(asked.heard.plain, pack):
            return told
        line = UNFOUNDED.format(self._library.packs[pack].place.area.short)
        return replace(told, decision=Decision.NOT_STATED, lines=(line, *told.lines))

    def _there(self, asked: Asked, pack: str, now: datetime) -> Told:
        """Only a place was named: what was talked of, as its papers have it."""
        area, topic = self._library.packs[pack].place.area, asked.topic
        if topic is None or not topic.matter:
            return Told(Decision.CLARIFY, (GO_ON.format(area.short),), topic=Topic(area=pack))
        reading = preferred(self._reader.read(asked), ELSEWHERE)
        told = (
            self._told(asked, reading, reading.best, now)
            if reading.best
            else self._teller.left_open(area, topic)
        )
        return self._teller.foreign(told, asked.scope) if asked.scope.is_foreign else told

    def _abroad(self, asked: Asked) -> Asked:
        """What only goes on with another area's rules is still about that area."""
        scope, topic = asked.scope, asked.topic
        pack = self._library.packs.get(topic.area) if topic else None
        if (
            pack is None
            or scope.home is None
            or asked.heard.mentions
            or HERE.search(asked.heard.said)
        ):
            return asked
        area = pack.place.area
        if area.code in (scope.pack, COMMON, COUNTRY) or not self._reader.goes_on(asked):
            return asked
        there = replace(scope, pack=area.code, target=area, places=(), is_foreign=True)
        return replace(asked, scope=there)

    def _at_home(self, asked: Asked) -> tuple[Asked, Reading]:
        """A city far away may be part of what the home area's papers say (the station in 长春)."""
        reading = self._reader.read(asked)
        scope = asked.scope
        own = self._areas.pack_for(scope.home.code) if scope.home else None
        if not scope.is_foreign or scope.pack is not None or own is None or scope.target is None:
            return asked, reading
        there = replace(scope, pack=own, target=scope.home, is_foreign=False)
        home = replace(asked, scope=there)
        at_home = self._reader.read(home)
        best = at_home.best.candidate if at_home.best else None
        named = best is not None and (
            self._is_outward(best.area, best.matter)
            or any(scope.target.short in text for text in best.texts)
        )
        return (home, at_home) if named and at_home.sure >= SURE else (asked, reading)

    def _is_ours(self, frame: Frame) -> bool:
        """Whether a word of it belongs to going home and starting a business."""
        return frame.is_ours and bool(
            frame.kinds or frame.about & {"返乡创业"} or frame.matters.keys() & self._subjects
        )

    def _tells_of_elsewhere(self, area: str, matter: str) -> bool:
        return any(map(self._looks_outward, self._of_matter[area, matter]))

    def _looks_outward(self, candidate: Candidate) -> bool:
        """Whether it tells of places far from its area, as a station in 广州 is."""
        entry = candidate.entry
        if entry is None or candidate.area in (COMMON, COUNTRY):
            return False
        lineage = self._areas.lineage(candidate.area)
        told = normalise(entry.title + entry.spoken(entry.answer))
        named = self._areas.mentions(told)
        return bool(_ABROAD.search(told)) or any(
            m.area.code not in lineage and candidate.area not in self._areas.lineage(m.area.code)
            for m in named
        )

    def _placeless(self, asked: Asked, sure: float) -> Told:
        """A question that needs an area, where none is known or we have no papers of it."""
        target = asked.scope.target
        if target is None:
            return Told(Decision.CLARIFY, (WHERE,), sure, missing_area=True)
        below = self._areas.packs_below(target.code)
        if below:
            return self._ask_below(asked, target, below, sure)
        text = NO_PAPERS.format(target.short)
        return Told(Decision.OTHER_AREA, (text,), sure, topic=Topic(area=target.code))

    def _ask_below(self, asked: Asked, target: Area, below: tuple[str, ...], sure: float) -> Told:
        areas = [self._library.packs[code].place.area for code in below][:TOGETHER]
        names = "、".join(area.short for area in areas)
        text = f"{target.short}我只有{names}的文件。您问的是{names}吗？"
        said = asked.heard.said.replace(target.name, "").replace(target.short, "")
        choices = tuple(Choice(area.short, f"{area.short}{said}") for area in areas)
        return Told(Decision.CLARIFY, (text,), sure, choices=choices)

    def _unsure(self, asked: Asked, reading: Reading, *, ours: bool) -> Told:
        """Not enough to answer: our subject or not?"""
        scope = asked.scope
        if not ours:
            return Told(Decision.OUT_OF_SCOPE, (NOT_OURS,), reading.sure)
        if scope.pack is None and not scope.is_national:
            return self._placeless(asked, reading.sure)
        return Told(Decision.UNKNOWN, (UNKNOWN,), reading.sure, choices=(Choice("人工", "人工"),))

    def _which(self, asked: Asked, reading: Reading, best: Ranked) -> Told | None:
        """Where several matters fit alike and none well: which of them was meant?"""
        if missing_aspect(asked_aspects(asked.heard.plain, reading.frame.slots), best.candidate):
            return None
        alike = {
            (r.candidate.matter, r.candidate.slot): r.candidate.entry.title
            for r in reversed(reading.ranked)
            if r.score > best.score - ALIKE and r.candidate.entry and not r.candidate.is_talk
        }
        matters = {matter for matter, _ in alike}
        if reading.sure >= DOUBTFUL or len(matters) < 2 or best.candidate.is_silent:
            return None
        titles = list(dict.fromkeys(reversed(alike.values())))[:TOGETHER]
        choices = tuple(Choice(title, title) for title in titles)
        return Told(Decision.CLARIFY, (WHICH,), reading.sure, choices=choices)

    def _told(self, asked: Asked, reading: Reading, best: Ranked, now: datetime) -> Told:
        if best.nearest < UNLIKE and reading.sure < GUESSED and is_yes_or_no(asked.heard.plain):
            return self._unsure(asked, reading, ours=True)
        fitting = [r for r in reading.ranked if r.score > best.score - WITHIN]
        aspects = asked_aspects(asked.heard.plain, reading.frame.slots)
        rows = self._compared(asked, reading, best)
        if rows:
            told = self._teller.stated(rows.rows, reading.sure, now, frame=reading.frame)
            return replace(told, lines=(rows.line, *told.lines), more=())
        serving = [r for r in fitting if self._silences.serves(r, reading, aspects)]
        if not serving or not _may_follow(serving[0], best):
            return self._left_open(asked, reading, best.candidate)
        serving = speaking(serving[0], reading, aspects) + serving
        first = serving[0].candidate
        if first.is_silent:
            slot = "" if first.entry else first.slot
            return self._teller.silent(first, slot, reading.sure, aspect=unsaid(first, aspects))
        served = replace(reading, ranked=(*serving, *reading.ranked[len(fitting) :]))
        together = self._together(asked, served)
        return self._teller.stated(together, reading.sure, now, frame=reading.frame)

    def _compared(self, asked: Asked, reading: Reading, best: Ranked) -> Compared | None:
        """The rows of a table that are asked to be compared, unless the very words are known."""
        if best.nearest >= EXACT or best.candidate.is_talk:
            return None
        matters = {**reading.frame.matters, best.candidate.matter: 0}
        area = best.candidate.area
        rows = chain.from_iterable(self._of_matter.get((area, m), ()) for m in matters)
        return compared(asked.heard.plain, reading.frame, rows)

    def _left_open(self, asked: Asked, reading: Reading, best: Candidate) -> Told:
        """That the best fitting fact does not say what was asked."""
        if best.area in (COMMON, COUNTRY):
            own = (r.candidate for r in reading.ranked if r.candidate.area == asked.scope.pack)
            best = next(own, best)
        is_stray = reading.sure < DOUBTFUL and best.matter not in reading.frame.matters
        if is_stray or best.area in (COMMON, COUNTRY):
            return self._unsure(asked, reading, ours=True)
        aspect = missing_aspect(asked_aspects(asked.heard.plain, reading.frame.slots), best)
        slot, when = self._silences.side(reading, best)
        return self._teller.silent(best, slot, reading.sure, when=when, aspect=aspect)

    def _together(self, asked: Asked, reading: Reading) -> list[Candidate]:
        """The best fact, with those that answer the same question for others or in part."""
        best = reading.ranked[0].candidate
        each = map(preferred, self._reader.each(asked, reading))
        listed = [r.best.candidate for r in each if r.best]
        alike = [c for c in listed if _of_one_kind(c, best) and not c.is_silent]
        if len({c.id for c in alike}) > 1:
            return list({c.id: c for c in alike}.values())[:TOGETHER]
        return _fitting([best, *_siblings(reading)])


def _is_settled(best: Ranked) -> bool:
    """Whether it is asked for in known words."""
    return best.nearest >= SAME_WORDS


def _is_scrap(said: str, best: Ranked) -> bool:
    """Whether it is too little to say anything about: a name, a number."""
    spoken = letters(said)
    return len(spoken) <= SHORT and (best.candidate.is_talk or spoken.isdecimal())


def _may_follow(other: Ranked, best: Ranked) -> bool:
    """Whether a fact may be told where a better fitting one lacks the side asked for."""
    near = other.score > best.score - NEAR and not other.candidate.is_talk
    return near or other.candidate.matter == best.candidate.matter


def _siblings(reading: Reading) -> list[Candidate]:
    """Other facts that belong to the answer: for other people, or fitting nearly as well."""
    first, *rest = (r for r in reading.ranked if not r.candidate.is_silent)
    best = first.candidate
    others = [r for r in rest if r.candidate.area == best.area]
    if best.who & FORMS and not reading.frame.who:
        alike = [r.candidate for r in others if _side(r.candidate) == _side(best)]
        each = {c.who: c for c in reversed(alike) if c.who & FORMS}
        return [c for who, c in each.items() if who != best.who]
    return [r.candidate for r in others if _is_near(r, first, reading.frame)][:1]


def _of_one_kind(other: Candidate, best: Candidate) -> bool:
    """Whether it answers the same for another of those that a question lists."""
    return other.matter == best.matter or other.slot == best.slot


def _side(candidate: Candidate) -> tuple[str, str]:
    return candidate.matter, candidate.slot


def _is_near(other: Ranked, first: Ranked, frame: Frame) -> bool:
    """Whether a fact fits so nearly that the first must not be told without it."""
    a, b = first.candidate, other.candidate
    if b.is_talk or b.places != a.places or (b.who & FORMS) != (a.who & FORMS):
        return False
    if _repeats(a, b):
        return False
    if frame.periods and b.periods and not frame.periods & b.periods:
        return False
    gap = first.score - other.score
    return gap < (NEAR if a.matter == b.matter else NEAR_ELSEWHERE)


def _repeats(a: Candidate, b: Candidate) -> bool:
    """Whether the second of two facts has the figures of the first, or on one side the reverse."""
    first, second = (
        {f.amount for f in c.entry.figures.values() if f.amount} if c.entry else set()
        for c in (a, b)
    )
    return bool(first and second) and (second <= first or (a.slot == b.slot and first < second))


def _fitting(candidates: list[Candidate]) -> list[Candidate]:
    """As many as one message holds."""
    kept: list[Candidate] = []
    size = 0
    for candidate in candidates[:TOGETHER]:
        size += len(candidate.entry.answer) if candidate.entry else 0
        if kept and size > ROOM:
            break
        kept.append(candidate)
    return kept
