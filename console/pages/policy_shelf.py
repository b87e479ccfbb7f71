"""What the pages on entries share: where an entry's page is, its words, who may change it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import PurePosixPath

from sqlalchemy import select

from console.desk import Desk, NotHere
from knowledge.editing import Editor
from knowledge.exchange.content import HEAD, Section
from knowledge.exchange.toml_text import parsed
from knowledge.exchange.values import Papers
from knowledge.library import our_shelf
from knowledge.previewing import POLICIES
from knowledge.references import users
from knowledge.shelf import Library, Pack, is_page
from records import policies, scope, told
from records.database import Session
from records.policies import FRONT, PageVersion, Served, Stage, fingerprint
from records.rights import Right
from records.told import TOLD_LIFE

_TABLE = PageVersion.__table__  # type: ignore[attr-defined]
_SHOWN = (
    *(_TABLE.c.id, _TABLE.c.path, _TABLE.c.number, _TABLE.c.stage, _TABLE.c.author),
    *(_TABLE.c.withdraws, _TABLE.c.owner, _TABLE.c.review_by, _TABLE.c.ends_on, _TABLE.c.made_at),
    _TABLE.c.sent_back,
)

TONES = {
    Stage.DRAFT: "warn",
    Stage.REVIEWED: "info",
    Stage.LIVE: "good",
    Stage.REPLACED: "plain",
    Stage.WITHDRAWN: "bad",
    Stage.DROPPED: "plain",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A version without its text."""

    id: int
    path: str
    number: int
    stage: str
    author: str
    withdraws: bool
    owner: str
    review_by: date | None
    ends_on: date | None
    made_at: datetime
    sent_back: str

    @property
    def stands(self) -> str:
        return policies.stands(Stage(self.stage), self.withdraws, self.sent_back)

    @property
    def entry(self) -> str:
        return id_of(self.path)


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the packs: its path, its words as they are served, and as they were shipped."""

    path: str
    pack: Pack
    served: Served
    shipped: str | None

    @property
    def entry(self) -> str:
        return id_of(self.path)

    @property
    def is_entry(self) -> bool:
        return POLICIES in self.path

    @property
    def text(self) -> str | None:
        """What is answered from; None where nothing is."""
        return self.served.pages.get(self.path, self.shipped)

    @property
    def mark(self) -> str:
        """Another one as soon as other words are served: what an editor has begun from."""
        return fingerprint(self.text)[:16] if self.text is not None else "none"


def id_of(path: str) -> str:
    """The id of the entry on a page."""
    return PurePosixPath(path).stem


async def library(desk: Desk) -> Library:
    """The entries as they are answered from."""
    return (await desk.means.answerer()).library


async def place_of(desk: Desk, path: str) -> Place:
    """A page of one of our packs; NotHere for any other name."""
    known = await library(desk)
    folder = path.split("/")[0]
    pack = next((one for one in known.packs.values() if one.folder == folder), None)
    if pack is None or not is_page(path):
        raise NotHere
    served = await desk.read(policies.served)
    return Place(path, pack, served, await asyncio.to_thread(our_shelf().shipped, path))


async def place_of_entry(desk: Desk, entry: str) -> Place:
    """The page of an entry that is, was, or is drafted."""
    known = await library(desk)
    folders = [p.folder for p in known.packs.values() if entry.startswith(f"{p.folder}-")]
    if not folders:
        raise NotHere
    return await place_of(desk, f"{max(folders, key=len)}{POLICIES}{entry}.toml")


def may_edit(desk: Desk, pack: Pack) -> bool:
    """Whether an area's entries are theirs to change; what holds everywhere is nobody's alone."""
    return desk.may(Right.POLICIES) and scope.is_within(pack.code, desk.staff.area)


def need_edit(desk: Desk, pack: Pack) -> None:
    """NotHere for who may not."""
    if not may_edit(desk, pack):
        raise NotHere


def editor(desk: Desk) -> Editor:
    """The verbs, which name who does it and when."""
    return Editor(desk.means.database, now=lambda: desk.now)


def papers_of(place: Place) -> Papers:
    """The documents of an area, and the figures of its entries by reference."""
    folder, pages = place.pack.folder, place.served.pages
    entries = tuple(f"{folder}{POLICIES}{entry.id}.toml" for entry in place.pack.entries)
    edited = ((path, words or "") for path, words in pages.items() if path.startswith(folder))
    return _papers(folder, entries, tuple(edited))


@lru_cache(16)  # to parse a folder takes a tenth of a second
def _papers(folder: str, entries: tuple[str, ...], edited: tuple[tuple[str, str], ...]) -> Papers:
    shelf, own = our_shelf(), dict(edited)
    found = {path: own.get(path) or shelf.shipped(path) or "" for path in entries}
    head = f"{folder}/{HEAD}"
    found[head] = own.get(head) or shelf.shipped(head) or ""
    return Section(folder, found).papers


@cache
def codes() -> Mapping[str, str]:
    """The administrative code of each shipped folder."""
    shelf = our_shelf()
    heads = {folder: shelf.shipped(f"{folder}/{HEAD}") for folder in shelf.folders()}
    return {folder: str(data_of(head).get("area", "")) for folder, head in heads.items()}


def data_of(text: str | None) -> Mapping[str, object]:
    """The data of a page; nothing where it cannot be read."""
    return parsed(text or "")


def lines(session: Session, stages: Sequence[Stage]) -> list[Line]:
    """All versions that stand there, newest first, without their texts."""
    query = select(*_SHOWN).where(_TABLE.c.stage.in_(stages)).order_by(_TABLE.c.id.desc())
    return [Line(*row) for row in session.execute(query)]


def in_front(session: Session) -> dict[str, Line]:
    """The version that counts of each page that was edited."""
    found: dict[str, Line] = {}
    for one in lines(session, FRONT):
        if one.path not in found or found[one.path].number < one.number:
            found[one.path] = one
    return found


async def listeners(desk: Desk, place: Place, known: Library) -> tuple[int, tuple[str, ...]]:
    """How many conversations were told this within a year, and the entries that tell its figures.

    Those who were told what no longer holds are offered the correction (J13).
    """
    referring = [entry.id for entry in users(place.entry, known.entries.values())]
    since = desk.now - TOLD_LIFE
    count = await desk.read(told.count, [place.entry, *referring], since)
    return count, tuple(referring)
