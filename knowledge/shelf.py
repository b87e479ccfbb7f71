"""The packs read from their folders, and from the pages that staff put in front of them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from knowledge.areas import COMMON, COUNTRY, Area, Gazetteer, PackArea
from knowledge.entry import Document, Entry, Unknown
from knowledge.pages import Fault, Page, Table
from knowledge.reading import read_documents, read_entry, read_unknowns, read_wording
from knowledge.references import joined
from knowledge.wording import Wording

_T = TypeVar("_T")
Edited = Mapping[str, str | None]  # path → its words, None where it was withdrawn
AS_SHIPPED: Edited = {}
WORDING = f"{COMMON}/wording.toml"
_PATH = re.compile(
    r"[a-z][a-z0-9-]*/(pack\.toml|unknowns\.toml|policies/[a-z0-9-]+\.toml)|" + re.escape(WORDING)
)

EVERYWHERE = frozenset({COMMON, COUNTRY})


@dataclass(frozen=True, slots=True)
class Pack:
    """The content of one area."""

    folder: str
    place: PackArea
    documents: Mapping[str, Document]
    entries: tuple[Entry, ...]
    unknowns: tuple[Unknown, ...]

    @property
    def code(self) -> str:
        """The administrative code of the pack's area."""
        return self.place.area.code


class NoPack(ValueError):
    """A place was named that no pack is for; `known` are those that there are."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name)
        self.name = name
        self.known = tuple(known)


class Library:
    """All packs together; `withdrawn` are shipped entries that nobody may be told any more."""

    def __init__(
        self, packs: Sequence[Pack], wording: Wording, withdrawn: Sequence[Entry] = ()
    ) -> None:
        self.withdrawn = tuple(withdrawn)
        self.packs = {pack.code: pack for pack in packs}
        self.wording = wording
        self.entries = {entry.id: entry for pack in packs for entry in pack.entries}
        self.areas = Gazetteer([p.place for p in packs if p.code not in EVERYWHERE])

    def document(self, area: str, key: str) -> Document | None:
        """The paper that an entry of this area names as its source."""
        pack = self.packs.get(area)
        return pack.documents.get(key) if pack else None

    def only(self, areas: Sequence[str]) -> "Library":
        """The same with the packs of these areas, and what holds everywhere; or NoPack."""
        wanted = {self._pack_of(name) for name in areas}
        kept = [p for p in self.packs.values() if p.code in wanted | EVERYWHERE]
        return Library(kept, self.wording, self.withdrawn)

    def _pack_of(self, name: str) -> str:
        found = self.areas.resolve(name)
        if found is None or found.code not in self.packs:
            raise NoPack(name, [area.area.short for area in self.areas.packs.values()])
        return found.code


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the library, the pages it stands on by path, and what is wrong in them."""

    library: Library
    pages: Mapping[str, Page]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page and what it says; `words` are an edited page's, None a shipped one's."""

    words: str | None
    area: str
    page: Page
    value: Any


class Shelf:
    """Reads a folder of packs, again and again with other edited pages in front of it.

    What has not changed is not read twice, and is the very same object in the next library.
    """

    def __init__(self, root: Traversable | Path | None = None) -> None:
        self._root = root or files("knowledge").joinpath("packs")
        self._shown = str(root or "knowledge/packs")
        self._kept: dict[str, _Kept] = {}
        self._joined: dict[str, Entry] = {}  # entries with the figures that stand in others
        self._turn = Lock()  # threads may read at once
        self._names: dict[str, tuple[str, ...]] | None = None

    def read(self, edited: Edited = AS_SHIPPED) -> Reading:
        """Everything that can be read."""
        with self._turn:
            round_ = _Round(self, edited)
            packs = [pack for folder in self._folders(edited) if (pack := round_.pack(folder))]
            wording = round_.wording()
            self._kept = {name: self._kept[name] for name in round_.pages}
        library = Library(packs, wording, round_.withdrawn)
        return Reading(library, round_.pages, tuple(round_.faults))

    def folders(self) -> list[str]:
        """The folders that the program is shipped with."""
        return sorted(self._shipped_names())

    def shipped(self, path: str) -> str | None:
        """The words of a file as it was shipped; None where there is none."""
        file = self._file(path)
        return file.read_text("utf-8") if file.is_file() else None

    def page(
        self, path: str, area: str, edited: Edited, read: Callable[[Page], _T]
    ) -> tuple[Page, _T | None]:
        """A page and what it says, as kept from the last time or read anew."""
        words, kept = edited.get(path), self._kept.get(path)
        if kept is None or (kept.words, kept.area) != (words, area):
            page = Page(*self._content(path, words))
            kept = _Kept(words, area, page, read(page) if page.is_parsed else None)
            self._kept[path] = kept
        return kept.page, kept.value

    def joined(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """An area's entries, each with the figures that stand in others."""
        others = {entry.id: entry for entry in entries}
        return tuple(self._put_in(e, others) if e.same_as else e for e in entries)

    def _put_in(self, entry: Entry, others: Mapping[str, Entry]) -> Entry:
        whole = joined(entry, others)
        kept = self._joined.get(entry.id)
        if kept != whole:
            self._joined[entry.id] = whole
            return whole
        return kept

    def withdrawn(self, folder: str, area: str, edited: Edited) -> list[Entry]:
        """An area's shipped entries that editors took out of service."""
        paths = [p for p in self._shipped_names().get(folder, ()) if edited.get(p, "") is None]
        return [read_entry(Page(*self._content(path, None)), area) for path in paths]

    def policies(self, folder: str, edited: Edited) -> list[str]:
        """The paths of an area's entries."""
        head = f"{folder}/policies/"
        own = [path for path in edited if path.startswith(head)]
        return self._there([*self._shipped_names().get(folder, ()), *own], edited)

    def is_there(self, path: str, edited: Edited) -> bool:
        """Whether there is such a page, shipped or edited, that was not withdrawn."""
        return edited[path] is not None if path in edited else self._file(path).is_file()

    def shown(self, path: str) -> str:
        """How a shipped page is named to people."""
        return f"{self._shown}/{path}"

    def _content(self, path: str, words: str | None) -> tuple[str, bytes]:
        if words is not None:
            return path, words.encode("utf-8", "surrogatepass")
        return self.shown(path), self._file(path).read_bytes()

    def _file(self, path: str) -> Traversable | Path:
        return self._root.joinpath(*path.split("/"))

    def _folders(self, edited: Edited) -> list[str]:
        return sorted({*self._shipped_names(), *(path.split("/")[0] for path in edited)})

    def _there(self, paths: Sequence[str], edited: Edited) -> list[str]:
        return sorted({path for path in paths if edited.get(path, "") is not None})

    def _shipped_names(self) -> dict[str, tuple[str, ...]]:
        """Folder → the paths of its entries; the program's own files stay as they are."""
        if self._names is None:
            folders = [folder for folder in self._root.iterdir() if folder.is_dir()]
            self._names = {folder.name: tuple(_entry_paths(folder)) for folder in folders}
        return self._names


class _Round:
    """One reading of a shelf."""

    def __init__(self, shelf: Shelf, edited: Edited) -> None:
        self._shelf = shelf
        self._edited = edited
        self.faults: list[Fault] = []
        self.pages: dict[str, Page] = {}
        self.withdrawn: list[Entry] = []

    def pack(self, folder: str) -> Pack | None:
        """The pack of a folder; None, and a fault, where its first page cannot be used."""
        path = f"{folder}/pack.toml"
        if not self._shelf.is_there(path, self._edited):
            self.faults.append(Fault(self._shelf.shown(path), 0, "没有这个文件"))
            return None
        head = self._read(path, "", lambda page: (_place(page.top), read_documents(page.top)))
        if head is None:
            return None
        place, documents = head
        code = place.area.code
        paths = self._shelf.policies(folder, self._edited)
        found = [self._read(path, code, lambda page: _entry(page, code)) for path in paths]
        self.withdrawn += self._shelf.withdrawn(folder, code, self._edited)
        entries = self._shelf.joined([entry for entry in found if entry])
        return Pack(folder, place, documents, entries, self._unknowns(folder, code))

    def wording(self) -> Wording:
        """How people speak; nothing where no page says it."""
        if not self._shelf.is_there(WORDING, self._edited):
            return Wording()
        return self._read(WORDING, "", read_wording) or Wording()

    def _unknowns(self, folder: str, area: str) -> tuple[Unknown, ...]:
        path = f"{folder}/unknowns.toml"
        if not self._shelf.is_there(path, self._edited):
            return ()
        return self._read(path, area, lambda page: read_unknowns(page, area)) or ()

    def _read(self, path: str, area: str, read: Callable[[Page], _T]) -> _T | None:
        page, value = self._shelf.page(path, area, self._edited, read)
        self.pages[path] = page
        self.faults += page.faults
        return value


def is_page(path: str) -> bool:
    """Whether a page of the packs may have this name."""
    return bool(_PATH.fullmatch(path))


def _entry(page: Page, area: str) -> Entry:
    entry = read_entry(page, area)
    if not page.path.endswith(f"/{entry.id}.toml"):
        page.note("", "id", f"id“{entry.id}”和文件名不一样")
    return entry


def _entry_paths(folder: Traversable | Path) -> Iterator[str]:
    policies = folder.joinpath("policies")
    for file in policies.iterdir() if policies.is_dir() else ():
        if file.name.endswith(".toml"):
            yield f"{folder.name}/policies/{file.name}"


def _place(top: Table) -> PackArea:
    top.allow("area", "name", "short", "called", "level", "places", "documents")
    area = Area(top.said("area"), top.said("name"), top.said("short"), top.said("level"))
    places = tuple(_inner(t) for t in top.tables("places"))
    return PackArea(area, top.texts("called"), places)


def _inner(table: Table) -> tuple[Area, tuple[str, ...]]:
    name, called = table.said("name"), table.texts("called")
    short = min((c for c in (*called, name) if c), key=len, default=name)
    return Area(table.said("code"), name, short, "county"), called
