"""Faults that show only between files: unknown papers, doubled wordings, unreadable rules."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from knowledge.agreement import disagreements
from knowledge.areas import COMMON
from knowledge.entry import TALK, Bound, Entry, Figure
from knowledge.numerals import digits, plain
from knowledge.pages import Fault, Page
from knowledge.references import misled
from knowledge.shelf import Pack, Reading
from knowledge.text import letters, normalise
from matching.conditions import from_rules

FEWEST_WORDINGS = 6
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_HOW_TO_AGREE = "两条都要改的，一起审、一起上线；真是两回事的，写进 apart_from"
_Pages = Mapping[str, Page]


def faults_between(reading: Reading, folders: Collection[str] | None = None) -> list[Fault]:
    """All faults of a library whose files can be read one by one; or those of some folders."""
    checks = (_of_facts, _of_references, _of_rules, _of_figures, _of_unknowns, _of_wordings)
    return _found(reading, *checks, folders=folders)


def faults_of_facts(reading: Reading) -> list[Fault]:
    """Only what would make an answer wrong: cheap enough for every start."""
    return _found(reading, _of_facts, _of_references)


def _found(
    reading: Reading,
    *checks: Callable[[Pack, _Pages], Iterator[Fault]],
    folders: Collection[str] | None = None,
) -> list[Fault]:
    packs = [p for p in _with_pages(reading) if folders is None or p.folder in folders]
    return [fault for check in checks for pack in packs for fault in check(pack, reading.pages)]


def _with_pages(reading: Reading) -> Iterator[Pack]:
    """The packs without entries that have no page: an id unlike its file's name."""
    for whole in reading.library.packs.values():
        named = (entry for entry in whole.entries if _path(whole, entry.id) in reading.pages)
        yield replace(whole, entries=tuple(named))


def _path(pack: Pack, entry: str) -> str:
    return f"{pack.folder}/policies/{entry}.toml"


def _of_facts(pack: Pack, pages: _Pages) -> Iterator[Fault]:
    for entry in pack.entries:
        page = pages[_path(pack, entry.id)]
        yield from (page.fault(*place) for place in _in_entry(entry, pack))


def _in_entry(entry: Entry, pack: Pack) -> Iterator[tuple[str, str, str]]:
    """(table, key, fault)"""
    if not entry.id.startswith(f"{pack.folder}-"):
        yield "", "id", f"id 要以“{pack.folder}-”开头"
    own = pack.code == COMMON and not entry.source  # our own words rest on no paper
    if entry.kind not in TALK and not own and entry.source not in pack.documents:
        yield "", "source", f"pack.toml 里没有文件“{entry.source}”"
    if entry.kind not in TALK and not entry.matter:
        yield "", "matter", "“matter”不能空着"
    if len(set(entry.asked_as)) < FEWEST_WORDINGS:
        yield "", "asked_as", f"问法不到{FEWEST_WORDINGS}种"
    if entry.valid_from and entry.valid_until and entry.valid_until < entry.valid_from:
        yield "", "valid_until", "“valid_until”早于“valid_from”"
    for name, figure in entry.figures.items():
        if name not in entry.same_as and not _is_printed(figure):
            yield f"figures.{name}", "printed", f"“{figure.printed}”里找不到这个数"


def _is_printed(figure: Figure) -> bool:
    """Whether the document's own wording holds the value; a count of rows needs no digits."""
    if figure.value is None or figure.bound is Bound.NOT_STATED:
        return True
    numbers = _DIGITS.findall(digits(normalise(figure.printed)))
    return not numbers or plain(figure.value) in numbers


def _of_references(pack: Pack, pages: _Pages) -> Iterator[Fault]:
    """What is said to stand in another entry must stand there."""
    others = {entry.id: entry for entry in pack.entries}
    for entry in pack.entries:
        for name, fault in misled(entry, others, pack.folder):
            yield pages[_path(pack, entry.id)].fault(f"figures.{name}", "same_as", fault)


def _of_rules(pack: Pack, pages: _Pages) -> Iterator[Fault]:
    for entry in pack.entries:
        for rule in entry.rules:
            if not all(clause.is_readable for clause in from_rules([rule]).clauses):
                fault = f"“{rule.attr} {rule.op}”和它的值对不上，程序判断不了"
                yield pages[_path(pack, entry.id)].fault("rules", "value", fault)


def _of_figures(pack: Pack, pages: _Pages) -> Iterator[Fault]:
    """Two entries that may be served on one day must not disagree on a figure."""
    for entry, other in disagreements(pack.entries):
        fault = f"和 {other.id} 说的是一回事，数字却不一样：{_HOW_TO_AGREE}"
        yield pages[_path(pack, entry.id)].fault("", "figures", fault)


def _of_unknowns(pack: Pack, pages: _Pages) -> Iterator[Fault]:
    page = pages.get(f"{pack.folder}/unknowns.toml")
    for unknown in pack.unknowns:
        if page and unknown.source and unknown.source not in pack.documents:
            yield page.fault("", "source", f"pack.toml 里没有文件“{unknown.source}”")


def _of_wordings(pack: Pack, pages: _Pages) -> Iterator[Fault]:
    """The same question must not lead to two entries."""
    first: dict[str, str] = {}
    for entry in pack.entries:
        for text in (entry.title, *entry.asked_as):
            other = first.setdefault(letters(normalise(text)), entry.id)
            if other != entry.id:
                fault = f"“{text}”也是 {other} 的问法"
                yield pages[_path(pack, entry.id)].fault("", "asked_as", fault)
