"""Which figures an answer may tell: those of the entries it names, and of their papers."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from importlib.resources import files

from handlers.texts import table
from knowledge import elsewhere, following, judge
from knowledge.answer import Answer
from knowledge.areas import COMMON, COUNTRY
from knowledge.compose import ASKED_FOR
from knowledge.entry import Document, Entry
from knowledge.library import Library
from tests.fuzz.figures import Figure, figures

ASKED_YEAR = re.compile(r"没写(20\d\d年)")  # the year asked about, of which nothing is said
_ASPECTS = files("knowledge").joinpath("tables/aspects.toml")
_SILENT = "没写"
_SAYS_HOME = re.compile(r"我|俺|咱|户口|家|本人|嫁")
_OWN = (vars(judge), vars(elsewhere), vars(following))
_UNITS = {"months_operating": "个月", "headcount_incl_founder": "人"}  # of a rule's bare number
_FIXED = " ".join(text for own in _OWN for text in own.values() if isinstance(text, str))


def told_rightly(library: Library, answer: Answer) -> frozenset[Figure]:
    """The figures that this answer may tell, and no others."""
    texts = [_FIXED, *(f"{s.title} {s.number} {_day(s.date)}" for s in answer.sources)]
    entries = [library.entries[name] for name in answer.entries]
    entries += _cards(library, entries)
    texts += _of_silences(library, answer.text) if _SILENT in answer.text else []
    texts += [e.answer for e in library.packs[COMMON].entries if e.answer in answer.text]
    held = figures(" ".join(texts)).union(*(of_entry(e, library) for e in entries))
    return held | sums(answer.text, held)


def sums(text: str, held: frozenset[Figure]) -> frozenset[Figure]:
    """What two figures told side by side come to, where it is rightly worked out; and a rank."""
    worked = re.findall(r"(?:两处合计|比\w+?多)(\d+)(\w)", text)
    found = frozenset((Decimal(number), unit) for number, unit in worked)
    told = held & figures(text)
    pairs = [(a, b, unit) for a, unit in told for b, other in told if unit == other]
    right = {(n, unit) for a, b, unit in pairs for n in (a + b, abs(a - b))}
    words = figures("两处按前一个数算")
    ranks = frozenset((Decimal(n), "") for n in re.findall(r"第(\d+)的是", text))
    return (found & right) | ranks | (words if found & right else frozenset())


def unmarked(library: Library, answer: Answer, area: str | None, said: str) -> frozenset[Figure]:
    """Figures of another area than the asker's that are told without saying so.

    Who says in the message itself where home is, is not taken for somebody of `area`.
    """
    home = None if _SAYS_HOME.search(bare(said)) else library.areas.resolve(area or "")
    if home is None or f"不是{home.short}的" in answer.text:
        return frozenset()
    own = {library.areas.pack_for(home.code), COMMON, COUNTRY}
    told = [library.entries[name] for name in answer.entries]
    theirs = frozenset().union(*(_stated(e) for e in told if e.area not in own))
    ours = frozenset().union(*(of_entry(e, library) for e in told if e.area in own))
    return figures(answer.text) & (theirs - ours)


def bare(text: str) -> str:
    """A text in plain characters: no marks, no widths, no pictures."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def all_of(library: Library) -> frozenset[Figure]:
    """Every figure that an entry, a paper or a sentence of ours holds."""
    entries = [of_entry(entry, library) for entry in library.entries.values()]
    notes = [u.note for pack in library.packs.values() for u in pack.unknowns]
    papers = [_paper(d) for pack in library.packs.values() for d in pack.documents.values()]
    return figures(" ".join((_FIXED, *notes, *papers, *_open_sides(), *ours()))).union(*entries)


def of_entry(entry: Entry, library: Library) -> frozenset[Figure]:
    """What an entry's own fields hold, read from its data and not from what we make of them."""
    words = (
        entry.answer,
        entry.detail,
        entry.where,
        entry.agency,
        entry.phone,
        entry.place,
        entry.title,
    )
    rules = [f"{rule.printed} {rule.value}{_UNITS.get(rule.attr, '')}" for rule in entry.rules]
    printed = [figure.printed for figure in entry.figures.values()]
    text = " ".join((*words, *entry.conditions, *entry.materials, *rules, *printed))
    document = library.document(entry.area, entry.source)
    return figures(f"{text} {_paper(document) if document else ''}") | _stated(entry)


def _stated(entry: Entry) -> frozenset[Figure]:
    """The figures that an entry keeps as data."""
    return frozenset((f.value, f.unit) for f in entry.figures.values() if f.value is not None)


def _of_silences(library: Library, text: str) -> list[str]:
    """What may stand in a line that says what the papers leave open: names and notes."""
    unknowns = [u for pack in library.packs.values() for u in pack.unknowns]
    matters = {u.matter for u in unknowns} | {e.matter for e in library.entries.values()}
    words = (*matters, *ASKED_FOR.values(), *_open_sides(), *(u.note for u in unknowns))
    return [*(word for word in words if word and word in text), *ASKED_YEAR.findall(text)]


def _open_sides() -> list[str]:
    return [aspect["open"] for aspect in tomllib.loads(_ASPECTS.read_text("utf-8")).values()]


def ours() -> list[str]:
    """Every sentence and every option that we say by ourselves."""
    return [*_strings(table("zh")), *_strings(table("choices")), *_strings(table("self_check"))]


def _cards(library: Library, entries: Iterable[Entry]) -> list[Entry]:
    """The country's cards on the same matter, which stand beside an old local paper."""
    country = library.packs.get("100000")
    matters = {entry.matter for entry in entries}
    return [card for card in country.entries if card.matter in matters] if country else []


def _paper(document: Document) -> str:
    return f"{document.title} {document.number} {_day(document.date)} {document.note}"


def _day(printed: str) -> str:
    return " ".join(n + unit for n, unit in zip(printed.split("-"), "年月日", strict=False) if n)


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in (*value, *value.values()) for text in _strings(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _strings(part))
