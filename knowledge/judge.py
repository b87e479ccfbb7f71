"""From ranked candidates to a decision: answer, ask back, another area's rule, or an honest no."""

from dataclasses import dataclass, replace
from datetime import datetime

from knowledge import compose
from knowledge.areas import COMMON, COUNTRY, Area
from knowledge.candidates import Candidate
from knowledge.compose import source_of
from knowledge.context import completed, leans
from knowledge.entry import SILENT, Entry, Kind
from knowledge.hearing import Heard
from knowledge.ranking import Ranked, Ranker
from knowledge.reply import Answer, Choice, Decision, Topic
from knowledge.scope import Scope
from knowledge.shelf import Library
from knowledge.understand import Frame, read_frame
from knowledge.weights import LEANING, SURE, probability

_TALK = {
    Kind.SMALLTALK: Decision.SMALLTALK,
    Kind.OUT_OF_SCOPE: Decision.OUT_OF_SCOPE,
    Kind.HUMAN: Decision.HUMAN,
    Kind.SAFETY: Decision.HUMAN,
}
UNREADABLE = "没看懂您发的。直接打字问就行，比如：开小店能贷多少钱？"
UNKNOWN = "这个我没查到，不敢乱说。回“人工”，我请工作人员来答。"
NOT_OURS = "这个我帮不上，我只懂返乡创业的政策和办事。"
WHERE = "各地规定不一样。您老家是哪个县（市、区）？说县名就行。"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the area it is about and what was talked of before."""

    heard: Heard
    scope: Scope
    topic: Topic | None


class Judge:
    """Decides on one question."""

    def __init__(self, library: Library, ranker: Ranker) -> None:
        self._library = library
        self._ranker = ranker

    def judge(self, asked: Asked, now: datetime) -> Answer:
        """The decision and its words."""
        if not asked.heard.plain.strip():
            return Answer(Decision.UNKNOWN, UNREADABLE)
        ranked, sure = self._ranked(asked, now)
        best = ranked[0].candidate if ranked else None
        if best is not None and best.is_talk and sure >= SURE:
            return self._talk(best, sure)
        if asked.scope.pack is None and not (best and best.area == COUNTRY and sure >= SURE):
            return self._placeless(asked, best, sure)
        if best is None or sure < SURE:
            return self._unsure(asked, sure)
        return self._say(asked, best, sure, now)

    def _ranked(self, asked: Asked, now: datetime) -> tuple[list[Ranked], float]:
        """The better of two readings: by itself, and leaning on what was said before."""
        heard, scope, topic = asked.heard, asked.scope, asked.topic
        home = scope.home
        implied = [home.name] if home and home.code != scope.pack else []
        frame = read_frame(heard.plain, self._library.wording, scope.places, implied)
        alone = self._rank(heard.plain, frame, scope, now)
        sure = confidence(alone)
        if topic is None or not (topic.entry or topic.matter):
            return alone, sure
        if frame.matters and frame.slots and not leans(heard.said):
            return alone, sure
        entry = self._library.entries.get(topic.entry)
        text, merged = completed(heard.plain, frame, topic, entry, self._library.wording)
        leaning = self._rank(text, merged, scope, now)
        bonus = LEANING if leans(heard.said) or not frame.matters else 0.0
        if leaning and confidence(leaning) + bonus > sure:
            return leaning, confidence(leaning)
        return alone, sure

    def _rank(self, text: str, frame: Frame, scope: Scope, now: datetime) -> list[Ranked]:
        areas = {COMMON} | ({scope.pack} if scope.pack else set(self._library.packs) - {COUNTRY})
        if scope.is_national:
            areas.add(COUNTRY)
        found = self._ranker.rank(text, frame, frozenset(areas))
        return [
            r
            for r in found
            if r.candidate.entry is None or r.candidate.entry.is_served(now.date())
        ]

    def _talk(self, best: Candidate, sure: float) -> Answer:
        entry = best.entry
        assert entry is not None
        return Answer(
            _TALK[entry.kind], entry.spoken(entry.answer), entries=(entry.id,), score=sure,
            detail=entry.spoken(entry.detail),
        )  # fmt: skip

    def _placeless(self, asked: Asked, best: Candidate | None, sure: float) -> Answer:
        """A question that needs an area, where we have none or no papers of it."""
        target = asked.scope.target
        if best is None or sure < SURE:
            return self._unsure(asked, sure)
        if target is None:
            return Answer(Decision.CLARIFY, WHERE, score=sure, missing_area=True)
        below = self._library.areas.packs_below(target.code)
        if below:
            return self._ask_below(asked, target, below, sure)
        text = f"我这里没有{target.short}的文件，别处的数不能当{target.short}的用。可以打12333问当地人社部门。"
        return Answer(Decision.OTHER_AREA, text, score=sure, topic=Topic(area=target.code))

    def _ask_below(
        self, asked: Asked, target: Area, below: tuple[str, ...], sure: float
    ) -> Answer:
        packs = [self._library.packs[code].place.area for code in below][:3]
        names = "、".join(area.short for area in packs)
        text = f"{target.short}我只有{names}的文件。您问的是{names}吗？"
        said = asked.heard.said.replace(target.short, "")
        choices = tuple(Choice(area.short, f"{area.short}{said}") for area in packs)
        return Answer(Decision.CLARIFY, text, choices, score=sure)

    def _unsure(self, asked: Asked, sure: float) -> Answer:
        frame = read_frame(asked.heard.plain, self._library.wording)
        if frame.matters:
            return Answer(Decision.UNKNOWN, UNKNOWN, (Choice("人工", "人工"),), score=sure)
        return Answer(Decision.OUT_OF_SCOPE, NOT_OURS, score=sure)

    def _say(self, asked: Asked, best: Candidate, sure: float, now: datetime) -> Answer:
        entry = best.entry
        if entry is None:
            frame = read_frame(asked.heard.plain, self._library.wording)
            answer = self._silent(best, frame, sure)
        else:
            answer = self._stated(entry, best, sure, now)
        if asked.scope.is_foreign and best.area not in (COMMON, COUNTRY):
            answer = self._foreign(asked.scope, answer)
        return answer

    def _stated(self, entry: Entry, best: Candidate, sure: float, now: datetime) -> Answer:
        document = self._library.document(entry.area, entry.source)
        silent = entry.status in SILENT
        lines = [entry.spoken(entry.answer) + compose.intent(entry)]
        if document and not silent:
            lines.append(
                compose.advice(document, now) + compose.tail(document, entry.agency, entry.phone)
            )
        elif silent and entry.agency:
            lines.append(f"可以问{entry.agency}，{compose.NO_PHONE}。")
        return Answer(
            Decision.NOT_STATED if silent else Decision.ANSWER,
            "\n".join(lines),
            entries=(entry.id,),
            sources=(source_of(document),) if document else (),
            score=sure,
            topic=_topic(best),
            detail=compose.detail(entry, document),
        )

    def _silent(self, best: Candidate, frame: Frame, sure: float) -> Answer:
        unknown = best.unknown
        assert unknown is not None
        document = self._library.document(best.area, unknown.source)
        short = self._library.packs[best.area].place.area.short
        slot = max(
            (s for s in frame.slots if s in best.slots), key=frame.slots.__getitem__, default=""
        )
        text = f"{short}的文件没写{best.matter}{compose.ASKED_FOR.get(slot, '的详细规定')}。{unknown.note}"
        ask = f"可以问{unknown.agency}，{compose.NO_PHONE}。" if unknown.agency else ""
        return Answer(
            Decision.NOT_STATED,
            "\n".join(filter(None, (text, ask))),
            sources=(source_of(document),) if document else (),
            score=sure,
            topic=_topic(best),
        )

    def _foreign(self, scope: Scope, answer: Answer) -> Answer:
        assert scope.target is not None and scope.home is not None
        pack = self._library.packs[scope.pack or ""].place.area
        text = f"这是{pack.short}的规定，不是{scope.home.short}的：\n{answer.text}"
        return replace(answer, decision=Decision.OTHER_AREA, text=text)


def confidence(ranked: list[Ranked]) -> float:
    """How likely the best of the candidates is right."""
    return probability(ranked[0].score) if ranked else 0.0


def _topic(best: Candidate) -> Topic:
    who = next(iter(best.who), "")
    return Topic(best.area, best.matter, best.slot, who, best.entry.id if best.entry else "")
