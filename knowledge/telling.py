"""The words of an answer: what the paper says, that it is silent, or whose rule it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from knowledge import compose
from knowledge.areas import COMMON, COUNTRY, Area
from knowledge.aspects import Aspect
from knowledge.candidates import Candidate
from knowledge.compose import Paper, Source, is_stale, source_of
from knowledge.entry import SILENT, Document, Entry, Kind, Status
from knowledge.reply import Answer, Choice, Decision, Topic
from knowledge.scope import Scope
from knowledge.shelf import Library
from knowledge.understand import FORMS, Frame, is_for, kin

_TALK = {
    Kind.SMALLTALK: Decision.SMALLTALK,
    Kind.OUT_OF_SCOPE: Decision.OUT_OF_SCOPE,
    Kind.HUMAN: Decision.HUMAN,
    Kind.SAFETY: Decision.HUMAN,
}


_HOW_MUCH = frozenset({"额度", "数量", "名额"})  # a silence on one may answer for another
_WHOLE = frozenset({"内容", "状态", "对象"})  # sides that speak of the matter as a whole


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in its parts, so that several can share one last line."""

    decision: Decision
    lines: tuple[str, ...]
    score: float = 0.0
    more: tuple[str, ...] = ()  # conditions and the like, where there is room for them
    papers: tuple[Paper, ...] = ()
    choices: tuple[Choice, ...] = ()
    entries: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    topic: Topic | None = None
    details: tuple[str, ...] = field(default=())
    missing_area: bool = False
    is_silent: bool = False

    def answer(self) -> Answer:
        """The whole as one message."""
        ending = compose.ending(self.papers)
        said = "\n".join(filter(None, (*self.lines, *self.more)))
        gloss = compose.plainly(said) if self.papers else ""
        return Answer(
            decision=self.decision,
            text="\n".join(filter(None, (said, gloss, ending))),
            choices=self.choices,
            entries=self.entries,
            sources=self.sources,
            score=round(self.score, 4),
            topic=self.topic,
            detail="\n".join(filter(None, self.details)),
            missing_area=self.missing_area,
            ending=ending,
            brief=compose.brief_ending(self.papers),
            is_silent=self.is_silent,
        )


class Teller:
    """Puts candidates into words."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._spoken_of = {(e.area, e.matter) for e in library.entries.values()}

    def talk(self, entry: Entry, sure: float) -> Told:
        """Small talk, a warning, a way to a human."""
        lines = (entry.spoken(entry.answer),)
        details = (entry.spoken(entry.detail),)
        return Told(_TALK[entry.kind], lines, sure, entries=(entry.id,), details=details)

    def stated(
        self, candidates: Sequence[Candidate], sure: float, now: datetime, *, frame: Frame
    ) -> Told:
        """What one or several entries say, with the papers they rest on."""
        entries = [c.entry for c in candidates if c.entry is not None]
        papers = self.papers(entries, now)
        documents = list(dict.fromkeys(p.document for p in papers))
        said = "".join(e.spoken(e.answer) + compose.intent(e) for e in entries)
        said = _only_for(candidates[0], frame, said, self._written(candidates[0], now)) + said
        background = self._background(entries[0], documents, now)
        return Told(
            Decision.ANSWER,
            (said, background if entries[0].status is Status.IN_FORCE else ""),
            sure,
            more=compose.circumstances(entries[0]) if len(entries) == 1 else (),
            papers=papers,
            entries=tuple(e.id for e in entries),
            sources=tuple(map(source_of, documents)),
            topic=replace(_asked_of(candidates[0], frame), told=" ".join(e.id for e in entries)),
            details=(*(compose.detail(e, self._document(e)) for e in entries), background),
        )

    def papers(self, entries: Sequence[Entry], now: datetime) -> tuple[Paper, ...]:
        """What each entry rests on and whom it names, as the last line tells it."""
        found = [(e, self._document(e)) for e in entries]
        return tuple(
            Paper(d, tuple(filter(None, e.agency.split("、"))), e.phone, is_stale(d.date, now))
            for e, d in found
            if d is not None
        )

    def _written(self, candidate: Candidate, now: datetime) -> list[Entry]:
        """What was told of the same side of the matter, and has been withdrawn or has ended."""
        today, pack = now.date(), self._library.packs.get(candidate.area)
        ended = [e for e in pack.entries if not e.is_served(today)] if pack else []
        about = (candidate.area, candidate.matter)
        return [
            e
            for e in (*self._library.withdrawn, *ended)
            if (e.area, e.matter) == about and e.slot in kin(candidate.slot)
        ]

    def _is_withdrawn(self, candidate: Candidate, slot: str) -> bool:
        """Whether the papers did say it, for those asked about, and editors took that back."""
        forms = candidate.who & FORMS
        return any(
            (e.area, e.matter) == (candidate.area, candidate.matter)
            and (e.slot in kin(slot) or {e.slot, slot} <= _HOW_MUCH)
            and (not forms or (bool(e.who) and is_for(forms, frozenset(e.who))))
            for e in self._library.withdrawn
        )

    def _document(self, entry: Entry) -> Document | None:
        return self._library.document(entry.area, entry.source)

    def _background(self, entry: Entry, documents: Sequence[Document], now: datetime) -> str:
        """The country's card on the same thing, where the local paper is old."""
        old = any(is_stale(d.date, now) for d in documents)
        pack = self._library.packs.get(COUNTRY)
        if not old or pack is None or entry.area in (COMMON, COUNTRY):
            return ""
        for card in pack.entries:
            same = (card.matter, card.slot) == (entry.matter, entry.slot)
            holds = card.status is Status.BACKGROUND and card.is_served(now.date())
            if same and holds and set(card.who) & set(entry.who):
                return card.spoken(card.answer)
        return ""

    def silent(
        self,
        candidate: Candidate,
        slot: str,
        sure: float,
        *,
        when: str = "",
        aspect: Aspect | None = None,
    ) -> Told:
        """That the papers do not say it, without any figure, and whom to ask."""
        entry, unknown = candidate.entry, candidate.unknown
        asked_for = aspect.open if aspect else self._asked_for(candidate, slot)
        if entry is not None and entry.status in SILENT and entry.slot in kin(slot) and not when:
            slot = ""  # the entry itself says that this is left open
        short = self._library.packs[candidate.area].place.area.short
        what = ("" if unknown else when) + compose.named(candidate.matter) + asked_for
        is_gone = not when and self._is_withdrawn(candidate, slot or candidate.slot)
        said = f"{short}的文件没写{what}。"
        if is_gone:
            said = f"{short}{what}，原来的说法已经撤下，现在没有新的。"
        if unknown is not None:
            said += "" if is_gone else unknown.note
            agency, source = unknown.agency, unknown.source
        elif entry is not None and _leaves_open(entry, slot, aspect):
            said, agency, source = entry.spoken(entry.answer), entry.agency, entry.source
        else:
            assert entry is not None
            agency, source = entry.agency, entry.source
        document = self._library.document(candidate.area, source)
        return Told(
            Decision.NOT_STATED,
            (said, f"可以问{agency or compose.ANYONE}，{compose.NO_PHONE}。"),
            sure,
            papers=(Paper(document, is_silent=True),) if document else (),
            entries=(entry.id,) if entry else (),
            sources=(source_of(document),) if document else (),
            topic=topic_of(candidate, slot),
            details=(compose.detail(entry, document),) if entry and not slot else (),
        )

    def _asked_for(self, candidate: Candidate, slot: str) -> str:
        """The side in words; none where the papers do not speak of the matter at all."""
        is_whole = slot in _WHOLE and (candidate.area, candidate.matter) not in self._spoken_of
        return "" if is_whole else compose.ASKED_FOR.get(slot, "的详细规定")

    def left_open(self, area: Area, topic: Topic) -> Told:
        """That this area's papers do not speak of what was talked of."""
        what = topic.matter + compose.ASKED_FOR.get(topic.slot, "")
        asked = replace(topic, area=area.code, entry="")
        whom = f"可以问{compose.ANYONE}，{compose.NO_PHONE}。"
        lines = (f"{area.short}的文件没写{what}。", whom)
        return Told(Decision.NOT_STATED, lines, 1.0, topic=asked)

    def labelled(self, told: Told, area: str, home: Area | None) -> Told:
        """The same, said to be another area's where it is."""
        if home is None or area in (self._library.areas.pack_for(home.code), COMMON, COUNTRY):
            return told
        theirs = self._library.packs[area].place.area.short
        line = f"这是{theirs}的规定，不是{home.short}的："
        is_silent = told.decision is Decision.NOT_STATED
        lines = (line, *told.lines)
        return replace(told, decision=Decision.OTHER_AREA, lines=lines, is_silent=is_silent)

    def foreign(self, told: Told, scope: Scope) -> Told:
        """The same, said clearly to be another area's."""
        assert scope.home is not None
        theirs = self._library.packs[scope.pack or ""].place.area.short
        line = f"这是{theirs}的规定，不是{scope.home.short}的："
        is_silent = told.decision is Decision.NOT_STATED
        lines = (line, *told.lines)
        return replace(told, decision=Decision.OTHER_AREA, lines=lines, is_silent=is_silent)


def _only_for(candidate: Candidate, frame: Frame, said: str, written: Sequence[Entry]) -> str:
    """That the papers speak of other people, or of another county, than those asked about.

    `written` stands in the papers too, and is not told any more.
    """
    forms, places = candidate.who & FORMS, candidate.places
    if frame.who and forms and not is_for(frame.who, forms):
        others = any(not e.who or is_for(frame.who, frozenset(e.who)) for e in written)
        only = "现在能告诉您的只有" if others else "文件只写了"
        return f"{only}{'、'.join(sorted(forms))}的："
    if (
        places
        and not places & (frame.places | frame.implied)
        and not any(p in said for p in places)
    ):
        return f"文件里说的是{'、'.join(sorted(places))}："
    return ""


def _leaves_open(entry: Entry, slot: str, aspect: Aspect | None) -> bool:
    """Whether the entry itself says that just this is not written."""
    if aspect is not None:
        return aspect.is_left_open(entry)
    return entry.status in SILENT and not slot


def topic_of(candidate: Candidate, slot: str = "") -> Topic:
    """What the talk is about after this answer."""
    who = min(candidate.who, default="")
    entry = candidate.entry.id if candidate.entry else ""
    return Topic(candidate.area, candidate.matter, slot or candidate.slot, who, entry, entry)


def _asked_of(candidate: Candidate, frame: Frame) -> Topic:
    """The topic, for those that were asked about: not for those whom the entry alone names."""
    topic = topic_of(candidate)
    return topic if topic.who not in FORMS else replace(topic, who=min(frame.who, default=""))
