"""How the bot would say a page if it were live, beside what it says today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from knowledge.answer import Answerer
from knowledge.library import in_service
from knowledge.pages import Fault
from knowledge.shelf import Library

POLICIES = "/policies/"
Pages = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Said:
    """What the bot says; `note` is for the editor, "" where there is nothing to note."""

    text: str
    note: str = ""
    entries: tuple[str, ...] = ()


class Preview:
    """The library as it would be with a page in place; None for a page that is taken out."""

    def __init__(self, served: Pages, path: str, text: str | None) -> None:
        library, left_out = in_service({**served, path: text})
        self.path = path
        self.library: Library = library
        self.fault: Fault | None = left_out.get(path)
        self._answerer: Answerer | None = None

    @property
    def entry(self) -> str:
        """The id of the page's entry."""
        return PurePosixPath(self.path).stem

    def told(self, now: datetime) -> Said:
        """The entry's own question asked."""
        if POLICIES not in self.path:
            return Said("", "这一页不是条目，不会直接说出来。")
        if self.fault is not None:
            return Said("", f"还有错，说不出来：{self.fault.fault}")
        return told(self._ready(), self.entry, now)

    def asked(self, question: str, area: str, now: datetime) -> Said:
        """Any question asked, by somebody of an area."""
        return asked(self._ready(), question, area, now)

    def _ready(self) -> Answerer:
        if self._answerer is None:
            self._answerer = Answerer(self.library)
        return self._answerer


def told(answerer: Answerer, entry_id: str, now: datetime) -> Said:
    """How an entry is said to who asks its own question."""
    entry = answerer.library.entries.get(entry_id)
    if entry is None:
        return Said("", "不再说这一条。")
    place = answerer.library.areas.area(entry.area)
    said = asked(answerer, entry.title, entry.area if place else "", now)
    if entry.id in said.entries:
        return said
    return Said(entry.spoken(entry.answer), "注意：照标题问，现在答的不是这一条。")


def asked(answerer: Answerer, question: str, area: str, now: datetime) -> Said:
    """What somebody of an area is answered."""
    answer = answerer.answer(question, area=area or None, now=now)
    return Said(answer.text, entries=answer.entries)
