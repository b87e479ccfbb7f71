"""The packs read from their folders: areas, documents, entries, unknowns, wording."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from knowledge.areas import COMMON, COUNTRY, Area, Gazetteer, PackArea
from knowledge.entry import Document, Entry, Unknown
from knowledge.reading import Fault, Page, Table, read_documents, read_entry, read_unknowns
from knowledge.wording import Wording

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
    """All packs together."""

    def __init__(self, packs: Sequence[Pack], wording: Wording) -> None:
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
        return Library(kept, self.wording)

    def _pack_of(self, name: str) -> str:
        found = self.areas.resolve(name)
        if found is None or found.code not in self.packs:
            raise NoPack(name, [area.area.short for area in self.areas.packs.values()])
        return found.code


class Shelf:
    """The folder of packs, with the faults met while reading it."""

    def __init__(self, root: Traversable | Path | None) -> None:
        self._root = root or files("knowledge").joinpath("packs")
        self._shown = str(root or "knowledge/packs")
        self.faults: list[Fault] = []
        self.pages: dict[str, Page] = {}  # by folder and name

    def library(self) -> Library:
        """Everything that could be read."""
        packs = [pack for folder in _folders(self._root) if (pack := self._pack(folder))]
        return Library(packs, self._wording())

    def _page(self, file: Traversable, *names: str) -> Page:
        name = "/".join(names)
        page = self.pages[name] = Page(file, f"{self._shown}/{name}")
        return page

    def _close(self, page: Page) -> bool:
        self.faults += page.faults
        return page.is_parsed

    def _wording(self) -> Wording:
        file = self._root.joinpath(COMMON).joinpath("wording.toml")
        if not file.is_file():
            return Wording()
        page = self._page(file, COMMON, "wording.toml")
        data = page.top.data
        self._close(page)
        return Wording(
            fillers=data.get("fillers", ()),
            openers=data.get("openers", ()),
            everyday=data.get("everyday", ()),
            dialect=data.get("dialect", {}),
            synonyms=data.get("synonyms", ()),
            slots=data.get("slots", ()),
            who=data.get("who", ()),
        )

    def _pack(self, folder: Traversable) -> Pack | None:
        head = folder.joinpath("pack.toml")
        if not head.is_file():
            self.faults.append(Fault(f"{self._shown}/{folder.name}/pack.toml", 0, "没有这个文件"))
            return None
        page = self._page(head, folder.name, "pack.toml")
        place, documents = _place(page.top), read_documents(page.top)
        if not self._close(page):
            return None
        entries = tuple(self._entries(folder, place.area.code))
        return Pack(
            folder.name, place, documents, entries, self._unknowns(folder, place.area.code)
        )

    def _entries(self, folder: Traversable, area: str) -> Iterator[Entry]:
        policies = folder.joinpath("policies")
        if not policies.is_dir():
            return
        for file in sorted(policies.iterdir(), key=lambda f: f.name):
            if not file.name.endswith(".toml"):
                continue
            page = self._page(file, folder.name, "policies", file.name)
            entry = read_entry(page, area) if page.is_parsed else None
            if entry and f"{entry.id}.toml" != file.name:
                page.note("", "id", f"id“{entry.id}”和文件名不一样")
            self._close(page)
            if entry:
                yield entry

    def _unknowns(self, folder: Traversable, area: str) -> tuple[Unknown, ...]:
        file = folder.joinpath("unknowns.toml")
        if not file.is_file():
            return ()
        page = self._page(file, folder.name, "unknowns.toml")
        unknowns = read_unknowns(page, area)
        self._close(page)
        return unknowns


def _folders(root: Traversable | Path) -> list[Traversable]:
    return sorted((f for f in root.iterdir() if f.is_dir()), key=lambda f: f.name)


def _place(top: Table) -> PackArea:
    top.allow("area", "name", "short", "called", "level", "places", "documents")
    area = Area(top.said("area"), top.said("name"), top.said("short"), top.said("level"))
    places = tuple(_inner(t) for t in top.tables("places"))
    return PackArea(area, top.texts("called"), places)


def _inner(table: Table) -> tuple[Area, tuple[str, ...]]:
    name, called = table.said("name"), table.texts("called")
    short = min((c for c in (*called, name) if c), key=len, default=name)
    return Area(table.said("code"), name, short, "county"), called
