"""What stands in an area's booklet, and in which order."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from knowledge import compose
from knowledge.entry import SILENT, SLOTS, TALK, Document, Entry, Status, Unknown
from knowledge.exchange.booklet.glossary import GLOSSARY
from knowledge.exchange.labels import EIGHT, TOPICS
from knowledge.shelf import Library, Pack

NAME = "返乡创业政策一本通"
OTHER = "其他"
UNMENTIONED = "文件一句没提的事"
_WHOLE = frozenset({"内容", "状态"})  # sides that speak of a matter as a whole
_SHOWN_SLOTS = 4  # of a silence; more are counted
_WHOM, _LOOKED = "可以问", "查过"
_Note = tuple[str, str]  # label, text
_ORDER = {slot: number for number, slot in enumerate(SLOTS)}
_FOR_ONE = ("一个人", "个人", "不是")  # the answer says itself that it is a sum for the area


@dataclass(frozen=True, slots=True)
class Question:
    """An entry as it is printed: what is asked, what is answered, and lines under it."""

    entry: str
    text: str
    answer: str
    notes: tuple[_Note, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """What the documents say of one thing."""

    name: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One heading of the contents."""

    title: str
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """In whose name the booklet is handed out, and a number to ask; "" where none is set."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Booklet:
    """Everything that is printed."""

    area: str
    now: datetime
    office: Office
    contacts: tuple[tuple[str, str], ...]  # agency, phone
    chapters: tuple[Chapter, ...]
    silences: tuple[Matter, ...]
    glossary: tuple[tuple[str, str], ...]
    papers: tuple[str, ...]
    name: str = NAME

    @property
    def count(self) -> int:
        """How many questions it answers."""
        return sum(len(m.questions) for chapter in self.chapters for m in chapter.matters)


def booklet_of(library: Library, pack: Pack, office: Office, now: datetime) -> Booklet:
    """The booklet of one area as of now: nothing of another area, nothing expired, no talk."""
    served = [e for e in pack.entries if e.kind not in TALK and e.is_served(now.date())]
    told = [entry for entry in served if entry.status not in SILENT]
    silent = [entry for entry in served if entry.status in SILENT]
    chapters = tuple(_chapters(told, pack, now))
    silences = tuple(_silences(silent, pack, {entry.matter for entry in told}))
    return Booklet(
        area=pack.place.area.name,
        now=now,
        office=office,
        contacts=tuple(_contacts(told)),
        chapters=chapters,
        silences=silences,
        glossary=tuple(_glossary(chapters, silences)),
        papers=tuple(_paper(document) for document in pack.documents.values()),
    )


def _chapters(entries: Sequence[Entry], pack: Pack, now: datetime) -> Iterable[Chapter]:
    """The eight headings first, in their order and even if empty, then the rest."""
    for topic in TOPICS:
        own = [e for e in entries if (e.topic if e.topic in TOPICS else OTHER) == topic]
        if own or topic in EIGHT:
            yield Chapter(topic, tuple(_matters(own, pack, now)))


def _matters(entries: Sequence[Entry], pack: Pack, now: datetime) -> Iterable[Matter]:
    for name in dict.fromkeys(entry.matter for entry in entries):
        own = sorted(
            (e for e in entries if e.matter == name), key=lambda e: _ORDER.get(e.slot, 99)
        )
        yield Matter(name, tuple(_question(e, pack.documents.get(e.source), now) for e in own))


def _question(entry: Entry, document: Document | None, now: datetime) -> Question:
    answer = entry.spoken(entry.answer) + compose.intent(entry) + _for_all(entry)
    notes = [
        ("补充", entry.spoken(entry.detail)),
        ("条件", _listed(entry.conditions)),
        ("要带的材料", _listed(entry.materials)),
        ("去哪里办", entry.where),
        ("文件没写", _open(entry)),
        ("找谁", f"{entry.agency or compose.ANYONE}，{entry.phone or compose.NO_PHONE}"),
        ("依据", _basis(entry, document)),
        ("提醒", compose.advice(document, now) if document else ""),
    ]
    return Question(entry.id, entry.title, answer, tuple(n for n in notes if n[1]))


def _for_all(entry: Entry) -> str:
    """That a sum is the whole area's, unless the answer says so."""
    said = any(words in entry.answer for words in _FOR_ONE)
    return "这是整个地方的数，不是给一个人的。" if entry.status is Status.POOL and not said else ""


def _open(entry: Entry) -> str:
    """What people must know before they set out, and the paper does not say."""
    left = [
        name
        for name, value in (("要带的材料", entry.materials), ("去哪里办", entry.where))
        if not value
    ]
    return "、".join(left)


def _listed(items: Sequence[str]) -> str:
    return "；".join(items)


def _basis(entry: Entry, document: Document | None) -> str:
    if document is None:
        return ""
    return "，".join(filter(None, (compose.cited(document), entry.place)))


def _silences(entries: Sequence[Entry], pack: Pack, told: Set[str]) -> Iterable[Matter]:
    """Matters in the order of the pages, each with what the papers leave open about it; at the
    end in a few lines what they do not speak of at all."""
    spoken = told | {entry.matter for entry in entries}
    bare = [u for u in pack.unknowns if u.matter not in spoken and _is_bare(u)]
    open_ = [u for u in pack.unknowns if u not in bare]
    for name in dict.fromkeys([*(e.matter for e in entries), *(u.matter for u in open_)]):
        asked = [_unsaid(e, pack.documents.get(e.source)) for e in entries if e.matter == name]
        asked += [_left_open(u, pack) for u in open_ if u.matter == name]
        yield Matter(name, tuple(_once(asked)))
    if bare:
        yield Matter(UNMENTIONED, tuple(_unmentioned(bare, pack)))


def _is_bare(unknown: Unknown) -> bool:
    """Whether there is no more to say of a matter than that nothing is said."""
    return not (unknown.note or unknown.who) and not _WHOLE.isdisjoint(unknown.slots)


def _once(asked: Sequence[Question]) -> Iterable[Question]:
    """Whom to ask and where it was looked for are said with the last that they hold for."""
    for number, question in enumerate(asked):
        later = [note for other in asked[number + 1 :] for note in other.notes]
        earlier = [note for other in asked[:number] for note in other.notes]
        yield replace(
            question,
            notes=tuple(n for n in question.notes if not _is_said(n, later, earlier)),
        )


def _is_said(note: _Note, later: Sequence[_Note], earlier: Sequence[_Note]) -> bool:
    """Whether another says the same, or names the very place of the same paper."""
    label, text = note
    exact = [*later, *earlier] if label == _LOOKED else []
    is_closer = any(other[0] == label and other[1].startswith(f"{text}，") for other in exact)
    return label in (_WHOM, _LOOKED) and (note in later or is_closer)


def _unmentioned(unknowns: Sequence[Unknown], pack: Pack) -> Iterable[Question]:
    """Their names, together by whom to ask."""
    together: dict[tuple[_Note, ...], list[str]] = {}
    for unknown in unknowns:
        together.setdefault(_open_notes(unknown, pack), []).append(unknown.matter)
    for notes, matters in together.items():
        yield Question("", "", f"{'、'.join(dict.fromkeys(matters))}。", notes)


def _unsaid(entry: Entry, document: Document | None) -> Question:
    notes = (
        ("条件", _listed(entry.conditions)),
        (_WHOM, f"{entry.agency or compose.ANYONE}，{entry.phone or compose.NO_PHONE}"),
        (_LOOKED, _basis(entry, document)),
    )
    answer = entry.spoken(entry.answer)
    return Question(entry.id, entry.title, answer, tuple(n for n in notes if n[1]))


def _left_open(unknown: Unknown, pack: Pack) -> Question:
    whom = "、".join(unknown.who)
    asked_for = [compose.ASKED_FOR.get(s, s).removeprefix("的") for s in unknown.slots]
    more = f"等{len(asked_for)}样" if len(asked_for) > _SHOWN_SLOTS else ""
    slots = "、".join(asked_for[:_SHOWN_SLOTS]) + more
    return Question("", whom, f"没写：{slots}。", _open_notes(unknown, pack))


def _open_notes(unknown: Unknown, pack: Pack) -> tuple[_Note, ...]:
    document = pack.documents.get(unknown.source)
    notes = (
        ("说明", unknown.note),
        (_WHOM, f"{unknown.agency or compose.ANYONE}，{compose.NO_PHONE}"),
        (_LOOKED, compose.cited(document) if document else ""),
    )
    return tuple(note for note in notes if note[1])


def _contacts(entries: Sequence[Entry]) -> Iterable[tuple[str, str]]:
    """The agencies that answer for most, with a phone where one of their entries has it."""
    count: dict[str, int] = {}
    phones: dict[str, str] = {}
    for entry in entries:
        for agency in filter(None, entry.agency.split("、")):
            count[agency] = count.get(agency, 0) + 1
            if entry.phone:
                phones.setdefault(agency, entry.phone)
    most = sorted(count, key=lambda agency: -count[agency])[:4]
    return [(agency, phones.get(agency, compose.NO_PHONE)) for agency in most]


def _paper(document: Document) -> str:
    day = compose.spoken_day(document.date) or "没印日期"
    parts = (f"《{document.title}》", document.number or "没印文号", day, document.issuer)
    return "，".join(filter(None, parts)) + (f"（{document.note}）" if document.note else "")


def _glossary(
    chapters: Sequence[Chapter], silences: Sequence[Matter]
) -> Iterable[tuple[str, str]]:
    """The words of officials that occur in the booklet, in plain ones."""
    matters = [*(matter for chapter in chapters for matter in chapter.matters), *silences]
    text = "\n".join(line for matter in matters for line in _lines(matter))
    return [(word, meaning) for word, meaning in GLOSSARY if word in text]


def _lines(matter: Matter) -> Iterable[str]:
    yield matter.name
    for question in matter.questions:
        yield from (question.text, question.answer, *(text for _, text in question.notes))
