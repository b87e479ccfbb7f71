"""«为什么» and «详细» about the last answer: where it is written, and all that is written."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from knowledge import compose
from knowledge.areas import COMMON, COUNTRY, Area
from knowledge.compose import Paper, source_of
from knowledge.entry import SILENT, TALK, Document, Entry, Kind, Status, Unknown
from knowledge.joining import joined
from knowledge.reply import Decision, Topic
from knowledge.shelf import Library
from knowledge.telling import Teller, Told
from knowledge.text import letters, normalise

LONGEST = 16  # letters of a message that asks for nothing else
QUOTED = 3  # figures in the paper's own words
_WHY = re.compile(
    r"(那|那你|你|您|这|这个|这话|到底|请问)*("
    r"为(什么|啥)(这么说|这样说|是这样)?|凭(什么|啥)(这么|这样|那么)?(说|讲)?|"
    r"(有|是|的)?(什么|啥)?(依据|根据|凭据|出处)(是|在)?(什么|啥|哪|哪里|哪儿|哪个文件|哪份文件|有没有)?|"
    r"(有没有|有无)(依据|根据|凭据|文件)|有(文件|依据|根据)|"
    r"(是)?真的?(还是)?假的?|(是|这是|说的是)?(真的|实话)|当真|"
    r"(从|打)?哪(里|儿)?(来|看来|听来)的|(哪个|哪份|哪条|什么|啥)(文件|规定|政策|红头文件)(上|里)?(面)?(说|写|规定|讲|定)?的|"
    r"文件(上|里)?(怎么|咋|是怎么|是咋)(写|说|规定)的|原文(是)?(什么|啥|怎么写的|咋写的|怎么说的)?|"
    r"谁(说|讲|定|规定)的|(你|您)?(怎么|咋)(知道|晓得)的?|(这)?(靠谱|可靠|可信|准)(不|吗|不准|不靠谱)?|"
    r"(不会(是)?|是不是)?骗(我|人)的?|白纸黑字(在哪|写在哪)?|写在哪(里|儿|一条)?|第几条"
    r")(吗|么|嘛|呢|啊|呀|吧|哦|咧|哩|不|的|没有|没|了)*"
)
_DETAIL = re.compile(
    r"(那|你|您|请|麻烦|能不能|能|可以|可不可以|给我|再|帮我)*("
    r"(说|讲|问|介绍)?(得|的)?(更|再)?(详细|具体|细致|仔细)[一1]?(点|些|下|说说|讲讲|介绍|内容)?|"
    r"(详细|具体|细细|仔细)(地|的)?(说|讲|介绍)(说|讲)?([一1]?下|说|讲|看)?|(说|讲)?(得|的)?(再|更)?细[一1]?(点|些)(说|讲)?|"
    r"细(说|讲)([一1]?下)?|展开(说|讲)?(说|讲)?|(有没有|还有)?(更|再)(详细|细|具体)(点|些)?的?|看详细"
    r")(吗|么|嘛|呢|啊|呀|吧|的|行不|好不|行吗|好吗|不)*"
)
_FORCE = {
    Status.IN_FORCE: "这是文件里写明的，不是打算。",
    Status.PLANNED: "文件写的是打算，还没定下来。",
    Status.POOL: "这是总数，不是一个人能拿的。",
    Status.NOT_STATED: "这一样文件里没写清。",
    Status.NOT_HELD: "原文我手里没有。",
    Status.BACKGROUND: "这是全国的说法，各地以当地文件为准。",
}
_USUAL = "这是通常的意思，不是哪份文件的规定。"
_ALL_SAID = "文件里写到的就这些。"
_MEANT = "就是这个意思。本地怎么规定的，直接问我就行。"
# What people need to get something, and the sides of a matter that tell it.
_NEEDED = (
    ("条件", "要什么条件", frozenset({"条件", "对象"})),
    ("要带", "要带什么材料", frozenset({"材料"})),
    ("去哪办", "去哪办", frozenset({"地点", "流程"})),
)


class Depth(StrEnum):
    """What a message asks of the last answer."""

    WHY = "why"
    DETAIL = "detail"


def depth_of(message: str) -> Depth | None:
    """Whether a message, as a whole, asks on about the last answer."""
    said = letters(normalise(message))
    if len(said) > LONGEST:
        return None
    if _WHY.fullmatch(said):
        return Depth.WHY
    return Depth.DETAIL if _DETAIL.fullmatch(said) else None


class Deeper:
    """Tells more about the entries of the last answer, from their data."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._teller = Teller(library)

    def told(self, depth: Depth, topic: Topic, home: Area | None, now: datetime) -> Told | None:
        """The answer to «为什么» or «详细»; None where nothing was told that has a source."""
        entries = [self._library.entries.get(name) for name in topic.told.split()]
        held = [e for e in entries if e and e.kind not in TALK and e.is_served(now.date())]
        if held and depth is Depth.WHY:
            parts = [self._reasons(group, home, now) for group in self._by_paper(held)]
        else:
            parts = [self._full(entry, home, now) for entry in held]
        if not parts:
            unknown = self._unknown(topic)
            parts = [_silence(unknown, self._library)] if unknown else []
        if not parts:
            return None
        whole = joined(parts, parts[0])
        told = " ".join(e.id for e in held) or topic.told
        return replace(whole, topic=replace(topic, told=told))

    def _by_paper(self, entries: Sequence[Entry]) -> list[list[Entry]]:
        groups: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            groups.setdefault((entry.area, entry.source), []).append(entry)
        return list(groups.values())

    def _reasons(self, entries: Sequence[Entry], home: Area | None, now: datetime) -> Told:
        """Why we say so, for all that one paper says."""
        first = entries[0]
        document = self._library.document(first.area, first.source)
        return self._teller.labelled(
            Told(
                _decision(first),
                _reasons(entries, document, now) if document else (_USUAL,),
                1.0,
                entries=tuple(e.id for e in entries),
                sources=(source_of(document),) if document else (),
            ),
            first.area,
            home,
        )

    def _full(self, entry: Entry, home: Area | None, now: datetime) -> Told:
        """All that is written on one entry, and what is not."""
        document = self._library.document(entry.area, entry.source)
        beside = self._beside(entry, now.date())
        return self._teller.labelled(
            Told(
                _decision(entry),
                _full(entry, beside) if document else (entry.spoken(entry.detail) or _MEANT,),
                1.0,
                papers=self._teller.papers([entry, *beside], now),
                entries=(entry.id, *(e.id for e in beside)),
                sources=(source_of(document),) if document else (),
            ),
            entry.area,
            home,
        )

    def _beside(self, entry: Entry, today: date) -> tuple[Entry, ...]:
        """For each thing needed that an entry does not tell: another of its matter that does."""
        if entry.kind is not Kind.POLICY or entry.area in (COMMON, COUNTRY):
            return ()
        own = _own(entry)
        others = [
            other
            for other in self._library.packs[entry.area].entries
            if other.matter == entry.matter and other.id != entry.id and _is_for(other, entry)
            if other.status not in SILENT and other.is_served(today)
        ]
        found = (
            next((other for other in others if other.slot in slots), None)
            for name, _, slots in _NEEDED
            if not own[name] and entry.slot not in slots
        )
        return tuple({other.id: other for other in found if other}.values())

    def _unknown(self, topic: Topic) -> Unknown | None:
        pack = self._library.packs.get(topic.area)
        known = (u for u in (pack.unknowns if pack else ()) if u.matter == topic.matter)
        return next((u for u in known if topic.slot in u.slots), None)


def _is_for(other: Entry, entry: Entry) -> bool:
    """Whether what holds for the one holds for those of the other too."""
    return not other.who or not entry.who or bool(set(other.who) & set(entry.who))


def _own(entry: Entry) -> dict[str, tuple[str, ...]]:
    """What an entry itself says of each thing needed."""
    where = (entry.where,) if entry.where else ()
    return {"条件": entry.conditions, "要带": entry.materials, "去哪办": where}


def _full(entry: Entry, beside: Sequence[Entry]) -> tuple[str, ...]:
    """Detail, conditions, papers, where; and in one line what is not stated."""
    lines, missing, own = [entry.spoken(entry.detail)], [], _own(entry)
    for name, asked, slots in _NEEDED:
        told = [e.spoken(e.answer) for e in beside if e.slot in slots]
        lines += [f"{name}：{'；'.join(own[name])}。"] if own[name] else told
        if not own[name] and not told and entry.slot not in slots:
            missing.append(asked)
    if missing and entry.kind is Kind.POLICY and entry.area != COUNTRY:
        lines.append(f"文件没写：{'、'.join(missing)}。")
    return tuple(dict.fromkeys(filter(None, lines))) or (_ALL_SAID,)


def _decision(entry: Entry) -> Decision:
    return Decision.NOT_STATED if entry.status in SILENT else Decision.ANSWER


def _reasons(entries: Sequence[Entry], document: Document, now: datetime) -> tuple[str, ...]:
    """The paper, the clause, its own words for the figure, whether it holds, whom to ask."""
    day = compose.spoken_day(document.date) or compose.NO_DATE
    places = "".join(f"“{place}”" for place in dict.fromkeys(e.place for e in entries) if place)
    figures = [f for e in entries for f in e.figures.values() if f.value is not None]
    printed = "、".join(f"“{f.printed}”" for f in figures[:QUOTED])
    lines = [
        f"写在《{document.title}》{document.number}，{day}{f'，见{places}' if places else ''}。"
    ]
    lines += [f"原文写的是{printed}。"] if printed else []
    lines.append("".join(dict.fromkeys(_FORCE[e.status] + _validity(e) for e in entries)))
    lines.append(_whom(entries, document, now))
    is_excerpt = entries[0].status is Status.BACKGROUND and document.note
    return tuple([*lines, f"{document.note}。"] if is_excerpt else lines)


def _whom(entries: Sequence[Entry], document: Document, now: datetime) -> str:
    """Whom to ask, most of all where the paper is old."""
    named = dict.fromkeys(name for e in entries for name in e.agency.split("、") if name)
    agencies = "、".join(named) or compose.ANYONE
    phone = next((e.phone for e in entries if e.phone), compose.NO_PHONE)
    age = compose.advice(document, now).removesuffix("。")
    return f"{age}：{agencies}，{phone}。" if age else f"想核实就问{agencies}，{phone}。"


def _validity(entry: Entry) -> str:
    """Until when it holds, where it is a rule."""
    if entry.valid_until:
        return f"管到{compose.spoken_day(entry.valid_until.isoformat())}。"
    return "管到哪天没写。" if entry.status is Status.IN_FORCE else ""


def _silence(unknown: Unknown, library: Library) -> Told:
    """What was looked through, and that it is silent."""
    document = library.document(unknown.area, unknown.source)
    whom = f"可以问{unknown.agency or compose.ANYONE}，{compose.NO_PHONE}。"
    title = f"《{document.title}》" if document else "文件"
    return Told(
        Decision.NOT_STATED,
        (f"{title}从头到尾查过，没写。{unknown.note}", whom),
        1.0,
        papers=(Paper(document, is_silent=True),) if document else (),
        sources=(source_of(document),) if document else (),
    )
