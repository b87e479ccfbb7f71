"""Faults that show only between files: unknown papers, doubled wordings, figures that disagree."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from knowledge.areas import COMMON
from knowledge.entry import TALK, Bound, Entry, Figure
from knowledge.numerals import digits, plain
from knowledge.reading import Fault, Page
from knowledge.shelf import Library, Pack
from knowledge.text import letters, normalise

FEWEST_WORDINGS = 6
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


def faults_between(library: Library, pages: Mapping[str, Page]) -> list[Fault]:
    """All faults of a library whose files can be read one by one."""
    known = {path: len(page.faults) for path, page in pages.items()}
    for pack in _with_pages(library, pages):
        _check_facts(pack, pages)
        _check_unknowns(pack, pages)
        _check_wordings(pack, pages)
    return [fault for path, page in pages.items() for fault in page.faults[known[path] :]]


def faults_of_facts(library: Library, pages: Mapping[str, Page]) -> list[Fault]:
    """Only what would make an answer wrong: cheap enough for every start."""
    known = {path: len(page.faults) for path, page in pages.items()}
    for pack in _with_pages(library, pages):
        _check_facts(pack, pages)
    return [fault for path, page in pages.items() for fault in page.faults[known[path] :]]


def _with_pages(library: Library, pages: Mapping[str, Page]) -> Iterator[Pack]:
    """The packs without entries that have no page: an id unlike its file's name."""
    for whole in library.packs.values():
        named = [entry for entry in whole.entries if _path(whole, entry.id) in pages]
        yield replace(whole, entries=type(whole.entries)(named))


def _check_facts(pack: Pack, pages: Mapping[str, Page]) -> None:
    for entry in pack.entries:
        _check_entry(entry, pack, pages[_path(pack, entry.id)])
    _check_figures(pack, pages)


def _path(pack: Pack, entry: str) -> str:
    return f"{pack.folder}/policies/{entry}.toml"


def _check_entry(entry: Entry, pack: Pack, page: Page) -> None:
    if not entry.id.startswith(f"{pack.folder}-"):
        page.note("", "id", f"id 要以“{pack.folder}-”开头")
    own = pack.code == COMMON and not entry.source  # our own words rest on no paper
    if entry.kind not in TALK and not own and entry.source not in pack.documents:
        page.note("", "source", f"pack.toml 里没有文件“{entry.source}”")
    if entry.kind not in TALK and not entry.matter:
        page.note("", "matter", "“matter”不能空着")
    if len(set(entry.asked_as)) < FEWEST_WORDINGS:
        page.note("", "asked_as", f"问法不到{FEWEST_WORDINGS}种")
    if entry.valid_from and entry.valid_until and entry.valid_until < entry.valid_from:
        page.note("", "valid_until", "“valid_until”早于“valid_from”")
    for name, figure in entry.figures.items():
        if not _is_printed(figure):
            page.note(f"figures.{name}", "printed", f"“{figure.printed}”里找不到这个数")


def _is_printed(figure: Figure) -> bool:
    """Whether the document's own wording holds the value; a count of rows needs no digits."""
    if figure.value is None or figure.bound is Bound.NOT_STATED:
        return True
    numbers = _DIGITS.findall(digits(normalise(figure.printed)))
    return not numbers or plain(figure.value) in numbers


def _check_unknowns(pack: Pack, pages: Mapping[str, Page]) -> None:
    page = pages.get(f"{pack.folder}/unknowns.toml")
    for unknown in pack.unknowns:
        if page and unknown.source and unknown.source not in pack.documents:
            page.note("", "source", f"pack.toml 里没有文件“{unknown.source}”")


def _check_wordings(pack: Pack, pages: Mapping[str, Page]) -> None:
    """The same question must not lead to two entries."""
    first: dict[str, str] = {}
    for entry in pack.entries:
        for text in (entry.title, *entry.asked_as):
            other = first.setdefault(letters(normalise(text)), entry.id)
            if other != entry.id:
                fault = f"“{text}”也是 {other} 的问法"
                pages[_path(pack, entry.id)].note("", "asked_as", fault)


def _check_figures(pack: Pack, pages: Mapping[str, Page]) -> None:
    """Two live entries on the same thing must not disagree, unless they are a marked trap."""
    told: dict[tuple[str, ...], Entry] = {}
    for entry in _with_one_figure(pack.entries):
        key = (entry.matter, entry.slot, *sorted(entry.who), entry.title)
        other = told.setdefault(key, entry)
        if _values(other) != _values(entry) and not set(other.traps) & set(entry.traps):
            fault = f"和 {other.id} 的数字不一样"
            pages[_path(pack, entry.id)].note("", "figures", fault)


def _with_one_figure(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if len(entry.figures) == 1]


def _values(entry: Entry) -> set[object]:
    return {figure.value for figure in entry.figures.values()}
