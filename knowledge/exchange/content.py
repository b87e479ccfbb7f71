"""What is served, as files: the shipped pages with the edited ones in front of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from knowledge.areas import COMMON
from knowledge.entry import Document
from knowledge.exchange.toml_text import parsed
from knowledge.exchange.values import Papers
from knowledge.pages import Page
from knowledge.reading import read_documents

HEAD, SILENCES = "pack.toml", "unknowns.toml"


def entry_path(folder: str, entry: str) -> str:
    """Where an entry's file lies among the packs."""
    return f"{folder}/policies/{entry}.toml"


def silence_key(data: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells the silences of an area apart: the matter, and for whom."""
    return (str(data.get("matter", "")), *sorted(data.get("who", ())))


class Section:
    """An area's folder."""

    def __init__(self, folder: str, pages: Mapping[str, str]) -> None:
        self.folder = folder
        self.head = pages[f"{folder}/{HEAD}"]
        self.silent = pages.get(f"{folder}/{SILENCES}", "")
        start = f"{folder}/policies/"
        self._texts = {p[len(start) : -5]: t for p, t in pages.items() if p.startswith(start)}

    @cached_property
    def data(self) -> dict[str, Any]:
        """The data of pack.toml."""
        return parsed(self.head)

    @property
    def code(self) -> str:
        """The administrative code."""
        return str(self.data.get("area", ""))

    @property
    def short(self) -> str:
        """The name of the area's sheet."""
        return str(self.data.get("short", self.folder))

    @property
    def names(self) -> frozenset[str]:
        """Every way to name the area."""
        called = self.data.get("called", [])
        return frozenset({self.folder, self.code, self.short, str(self.data.get("name")), *called})

    @cached_property
    def documents(self) -> dict[str, dict[str, Any]]:
        """The papers by key, as written, each with its key."""
        documents = self.data.get("documents", {})
        return {key: {"key": key, **data} for key, data in documents.items()}

    @cached_property
    def papers(self) -> Papers:
        """The papers under their names."""
        return Papers(documents_of(self.head), self.figures)

    @cached_property
    def figures(self) -> dict[str, Mapping[str, Any]]:
        """The figures that stand in an entry, under the reference to them."""
        tables = ((entry, data.get("figures")) for entry, data in self.entries.items())
        return {
            f"{entry}.{name}": figure
            for entry, figures in tables
            if isinstance(figures, dict)
            for name, figure in figures.items()
            if isinstance(figure, dict) and "same_as" not in figure
        }

    @cached_property
    def silences(self) -> list[dict[str, Any]]:
        """What the papers leave open, as written."""
        return list(parsed(self.silent).get("unknown", []))

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """The entries by id, as written; those whose file is no TOML are left out."""
        read = {entry: parsed(text) for entry, text in sorted(self._texts.items())}
        return {entry: data for entry, data in read.items() if data}


def documents_of(head: str) -> dict[str, Document]:
    """The papers of a pack.toml."""
    return read_documents(Page(HEAD, head.encode()).top)


@dataclass(frozen=True)
class Content:
    """Every page that is served, by its path below the packs' folder."""

    pages: Mapping[str, str]

    @cached_property
    def sections(self) -> dict[str, Section]:
        """The areas by folder; what holds everywhere comes last."""
        folders = sorted({path.split("/")[0] for path in self.pages if path.endswith(f"/{HEAD}")})
        folders.sort(key=lambda folder: folder == COMMON)
        return {folder: Section(folder, self.pages) for folder in folders}

    def section_named(self, name: str) -> Section | None:
        """The area of this name."""
        return next((s for s in self.sections.values() if name in s.names), None)

    def section_of(self, entry: str) -> Section | None:
        """The area that an entry's id begins with."""
        fitting = [f for f in self.sections if entry.startswith(f"{f}-")]
        return self.sections[max(fitting, key=len)] if fitting else None

    def only(self, folders: frozenset[str]) -> "Content":
        """The pages of these areas."""
        return Content({p: t for p, t in self.pages.items() if p.split("/")[0] in folders})

    def with_pages(self, edits: Mapping[str, str | None]) -> "Content":
        """The same with some pages exchanged, or taken out."""
        pages = {**self.pages, **edits}
        return Content({path: text for path, text in pages.items() if text is not None})

    def __iter__(self) -> Iterator[Section]:
        return iter(self.sections.values())
