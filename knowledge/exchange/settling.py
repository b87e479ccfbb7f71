"""Pages that would make what is served faulty are left out, each with the reason at its rows."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from knowledge.exchange.columns import COLUMNS, Block
from knowledge.exchange.content import HEAD, SILENCES
from knowledge.exchange.edits import Edits
from knowledge.library import faults_in
from knowledge.pages import Fault, named_in
from knowledge.references import users
from knowledge.shelf import Shelf
from records.edit_refusals import StillTold

_KEY_LINE = re.compile(r'\s*"?([a-z_]+)"?\s*=')
_TABLE_LINE = re.compile(r"\s*\[+\s*(figures|rules|apart_from)\b")


@dataclass(frozen=True)
class Ground:
    """What is served now: the shipped packs, and the edited pages in front of them."""

    shelf: Shelf
    edited: Mapping[str, str | None]

    @cached_property
    def pages(self) -> dict[str, str]:
        """Every page that is served, by its path."""
        paths = self.shelf.read(self.edited).pages
        texts = {path: self.edited.get(path) or self.shelf.shipped(path) for path in paths}
        return {path: text for path, text in texts.items() if text is not None}

    def new_faults(self, pages: Mapping[str, str | None]) -> list[Fault]:
        """What these pages make wrong that is not wrong now."""
        folders = {path.split("/")[0] for path in pages}  # no check goes from area to area
        known = {(fault.file, fault.fault) for fault in self._faults({}, folders)}
        found = self._faults(pages, folders)
        return [f for f in found if f.file in pages or (f.file, f.fault) not in known]

    def _faults(self, pages: Mapping[str, str | None], folders: Collection[str]) -> list[Fault]:
        return faults_in(self.shelf.read({**self.edited, **pages}), folders)


def settle(edits: Edits, ground: Ground) -> None:
    """Take out the pages at fault until the rest is sound."""
    while edits.pages:
        _keep_told(edits, ground)
        faults = ground.new_faults(edits.pages)
        if not faults:
            return
        before = dict(edits.pages)
        for fault in faults:
            for path in _due_to(fault, before):
                edits.refuse(path, *_in_the_table(path, before[path] or "", fault))


def _keep_told(edits: Edits, ground: Ground) -> None:
    """Refuse to withdraw an entry whose figures others would still tell."""
    gone = [path for path, text in edits.pages.items() if text is None]
    entries = ground.shelf.read({**ground.edited, **edits.pages}).library.entries if gone else {}
    for path in gone:
        referring = [entry.id for entry in users(_id(path), entries.values())]
        if referring:
            more = "（也可以把它们都写上“撤回”）"
            edits.refuse(path, "状态", f"{StillTold(_id(path), referring)}{more}")


def _due_to(fault: Fault, pages: Mapping[str, str | None]) -> list[str]:
    """The changed pages behind a fault: its own, those that it names, or all of the area."""
    if fault.file in pages:
        return [fault.file]
    named = [p for p in pages if _id(p) in named_in(fault)]
    folder = fault.file.split("/policies/")[0].rsplit("/", 2)[-1]
    return (
        named
        or [p for p in pages if p.split("/")[0] in (folder, *fault.file.split("/"))]
        or list(pages)
    )


def _in_the_table(path: str, text: str, fault: Fault) -> tuple[str, str]:
    """(heading, sentence): the column that a line of the file stands for."""
    if fault.file != path:
        name = _id(fault.file) if "/policies/" in fault.file else fault.file
        return "", fault.fault if name in fault.fault else f"{name}：{fault.fault}"
    headings = {column.key: column.heading for column in COLUMNS[block_of_page(path)]}
    sentence = re.sub(
        r"“([a-z_]+)”", lambda found: f"“{headings.get(found[1], found[1])}”", fault.fault
    )
    sentence = sentence.replace("apart_from", headings.get("apart_from", "apart_from"))
    key = _key(text, fault.line)
    is_whole = key == "id" and "id" not in fault.fault  # no line of its own: the page's first
    return "" if is_whole else headings.get(key, ""), sentence


def _id(file: str) -> str:
    return PurePosixPath(file).stem


def block_of_page(path: str) -> Block:
    """What the rows are that a page is made of."""
    if path.endswith(HEAD):
        return Block.DOCUMENTS
    return Block.SILENCES if path.endswith(SILENCES) else Block.ENTRIES


def _key(text: str, number: int) -> str:
    """The key of the line, or the table it stands in."""
    lines = text.splitlines()[:number]
    for line in reversed(lines):
        table = _TABLE_LINE.match(line)
        if table:
            return table[1]
    found = _KEY_LINE.match(lines[-1]) if lines else None
    return found[1] if found else ""
