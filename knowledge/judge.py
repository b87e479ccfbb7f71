"""From a reading to a decision: answer, ask back, another area's rule, or an honest no."""

from dataclasses import replace
from datetime import datetime
from itertools import chain

from knowledge.areas import COMMON, COUNTRY
from knowledge.aspects import asked_aspects, missing_aspect
from knowledge.candidates import Candidate
from knowledge.companions import TOGETHER, fitting, is_of_one_kind, siblings
from knowledge.elsewhere import Elsewhere
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
from knowledge.text import letters
from knowledge.understand import Frame
from knowledge.weights import NEAR, SURE, SURE_ELSEWHERE

UNREADABLE = "没看懂您发的。直接打字问就行，比如：开小店能贷多少钱？"
UNKNOWN = "这个我没查到，不敢乱说。回“人工”，我请工作人员来答。"
NOT_OURS = "这个我帮不上，我只懂返乡创业的政策和办事。"
WHICH = "您问的是哪一样？点一下，或者说细一点。"
GO_ON = "好，我按{0}的文件答。想问什么，直接打字，比如：开小店能贷多少钱？"
UNHEARD_OF = "{0}的文件没写“{1}”。可以打12345问这件事归哪个部门管。"
UNFOUNDED = "您说的这个数，{0}的文件没写。"

INJECTION = "common-out-injection"
SHORT = 3  # so few letters are talk only if they are known ones
DOUBTFUL = 0.3  # below this probability we ask back rather than choose among like ones
GUESSED = 0.4  # a yes or no is not to be guessed below this probability
UNLIKE = 0.45  # where no known wording is more like the question than this
ALIKE = 0.6  # scores so close that the one or the other may be meant
WITHIN = 2.0  # how far behind the best a fact may be that is of the sort asked for


class Judge:
    """Decides on one question."""

    def __init__(self, library: Library, ranker: Ranker) -> None:
        self._library = library
        self._reader = Reader(library, ranker)
        self._teller = Teller(library)
        self._premises = Premises(ranker.candidates)
        self._subjects = {c.matter for c in ranker.candidates if not c.is_talk}
        self._of_matter: dict[tuple[str, str], list[Candidate]] = {}
        for candidate in ranker.candidates:
            self._of_matter.setdefault((candidate.area, candidate.matter), []).append(candidate)
        self._silences = Silences(library, self._of_matter)
        self._elsewhere = Elsewhere(library, self._reader, self._of_matter)

    def judge(self, asked: Asked, now: datetime) -> Told:
        """The decision and its words."""
        if not asked.heard.plain.strip():
            return Told(Decision.UNKNOWN, (UNREADABLE,))
        refusal = self._library.entries.get(INJECTION)
        if refusal and is_injected(asked.heard.said):
            return self._teller.talk(refusal, 1.0)
        if asked.heard.is_place and asked.scope.target:
            pack = asked.scope.pack
            return self._there(asked, pack, now) if pack else self._elsewhere.placeless(asked, 1.0)
        asked, reading = self._elsewhere.at_home(self._elsewhere.abroad(asked))
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
            return self._elsewhere.placeless(asked, reading.sure)
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

    def _is_ours(self, frame: Frame) -> bool:
        """Whether a word of it belongs to going home and starting a business."""
        return frame.is_ours and bool(
            frame.kinds or frame.about & {"返乡创业"} or frame.matters.keys() & self._subjects
        )

    def _unsure(self, asked: Asked, reading: Reading, *, ours: bool) -> Told:
        """Not enough to answer: our subject or not?"""
        scope = asked.scope
        if not ours:
            return Told(Decision.OUT_OF_SCOPE, (NOT_OURS,), reading.sure)
        if scope.pack is None and not scope.is_national:
            return self._elsewhere.placeless(asked, reading.sure)
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
        wanted = self._silences.wanted(asked.heard, reading)
        aspects = wanted.aspects
        rows = self._compared(asked, reading, best)
        if rows:
            told = self._teller.stated(rows.rows, reading.sure, now, frame=reading.frame)
            return replace(told, lines=(rows.line, *told.lines), more=())
        serving = [r for r in fitting if self._silences.serves(r, reading, wanted)]
        serving = list(self._silences.answering(serving, reading.frame, wanted))
        if not serving or not _may_follow(serving[0], best):
            return self._left_open(asked, reading, best.candidate)
        serving = speaking(serving[0], reading, aspects) + serving
        first = serving[0].candidate
        stranger = first.is_silent and self._silences.stranger(serving[0], reading.frame, wanted)
        if stranger and asked.scope.pack:
            return self._unheard_of(asked.scope.pack, stranger, reading.sure)
        if first.is_silent:
            slot = "" if first.entry else first.slot
            return self._teller.silent(first, slot, reading.sure, aspect=unsaid(first, aspects))
        served = replace(reading, ranked=(*serving, *reading.ranked[len(fitting) :]))
        together = self._together(asked, served)
        return self._teller.stated(together, reading.sure, now, frame=reading.frame)

    def _unheard_of(self, pack: str, word: str, sure: float) -> Told:
        """That the area's papers do not speak of a thing that we have no name for."""
        short = self._library.packs[pack].place.area.short
        return Told(Decision.NOT_STATED, (UNHEARD_OF.format(short, word),), sure)

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
        alike = [c for c in listed if is_of_one_kind(c, best) and not c.is_silent]
        if len({c.id for c in alike}) > 1:
            return list({c.id: c for c in alike}.values())[:TOGETHER]
        return fitting([best, *siblings(reading)])


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
