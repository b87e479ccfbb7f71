"""The editors' verbs: drafts that can be read, reviews and releases that leave no fault."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from knowledge.entry import Entry
from knowledge.library import faults_in, in_service, our_shelf
from knowledge.pages import Fault
from knowledge.pages import Page as ReadPage
from knowledge.reading import read_entry
from knowledge.references import users
from knowledge.shelf import Edited, Shelf, is_page
from knowledge.skeleton import refusal
from records import page_edits, policies
from records.database import Database
from records.edit_refusals import EditRefused, Moved, StillTold
from records.page_edits import Page
from records.policies import PageVersion, Stage, fingerprint

_IN_FOLDER = "/policies/"


class Faulty(EditRefused):
    """The page has faults; `faults` names each with its file and line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it was stored, and what must be mended before it can be reviewed."""

    version: PageVersion
    faults: tuple[Fault, ...]


class Editor:
    """Drafts, reviews, releases and withdraws pages; every act names who does it."""

    def __init__(
        self, database: Database, *, now: Callable[[], datetime], shelf: Shelf | None = None
    ) -> None:
        self._database = database
        self._now = now
        self._shelf = shelf or our_shelf()

    async def draft(
        self, path: str, text: str, *, author: str, owner: str = "", note: str = ""
    ) -> Drafted:
        """Keep a new version; EditRefused, and nothing kept, where it cannot be parsed."""
        if not is_page(path):
            raise EditRefused(f"内容文件不能叫 {path}：要像 dingtao/policies/dingtao-xxx.toml")
        if unfilled := refusal(text):
            raise EditRefused(unfilled)
        page = await asyncio.to_thread(self._page, path, text, owner)
        served = await self._database.read(policies.served)
        faults = await asyncio.to_thread(self.faults_of, {path: text}, served.pages)
        now = self._now()
        version = await self._database.run(
            lambda session: page_edits.draft(session, page, author=author, at=now, note=note)
        )
        return Drafted(version, tuple(faults))

    async def review(self, *numbers: int, reviewer: str) -> list[PageVersion]:
        """Agree to somebody else's drafts; Faulty where together they would bring a fault."""
        await self._checked(numbers, Stage.DRAFT, "审")
        now = self._now()
        return await self._database.run(
            lambda session: [
                page_edits.review(session, number, reviewer=reviewer, at=now) for number in numbers
            ]
        )

    async def release(self, *numbers: int, by: str) -> list[PageVersion]:
        """Serve reviewed versions from now on; Faulty where together they would bring a fault."""
        now = self._now()
        while True:
            versions, revision = await self._checked(numbers, Stage.REVIEWED, "上线")
            bases = {v.path: _mark(self._shelf.shipped(v.path)) for v in versions}
            try:
                return await self._database.run(
                    lambda session, bases=bases, seen=revision: page_edits.release(
                        session, numbers, by=by, at=now, bases=bases, checked=seen
                    )
                )
            except Moved:
                continue  # somebody released another page: check the whole library anew

    async def withdraw(
        self, path: str, *, by: str, note: str, with_referring: bool = False
    ) -> list[PageVersion]:
        """Serve nothing in a page's place from now on: an entry, or an area's unknowns.

        Other entries that tell a figure of it would have none: they are withdrawn together with
        it, its own version first, or else EditRefused names them.
        """
        if not is_page(path) or not (_IN_FOLDER in path or path.endswith("/unknowns.toml")):
            raise EditRefused(f"{path} 不能撤下，只能改：少了它，别的条目就用不了。")
        now = self._now()
        while True:
            served = await self._database.read(policies.served)
            if served.pages.get(path, self._shelf.shipped(path)) is None:
                raise EditRefused(f"{path} 本来就没有在用。")
            referring = await asyncio.to_thread(self._referring, path, served.pages)
            if referring and not with_referring:
                raise StillTold(_id(path), [_id(each) for each in referring])
            pages = [self._front(each) for each in (path, *referring)]
            try:
                return await self._database.run(
                    lambda session, pages=pages, seen=served.revision: page_edits.withdraw(
                        session, pages, by=by, at=now, note=note, checked=seen
                    )
                )
            except Moved:
                continue

    async def drop(self, number: int, *, by: str) -> PageVersion:
        """Take a draft no further."""
        now = self._now()
        return await self._database.run(
            lambda session: page_edits.drop(session, number, by=by, at=now)
        )

    async def pick_up(self, number: int, *, by: str) -> PageVersion:
        """Go on with a draft that was given up."""
        now = self._now()
        return await self._database.run(
            lambda session: page_edits.pick_up(session, number, by=by, at=now)
        )

    async def send_back(self, number: int, *, by: str, why: str) -> PageVersion:
        """Ask its author to write a version otherwise."""
        now = self._now()
        return await self._database.run(
            lambda session: page_edits.send_back(session, number, by=by, why=why, at=now)
        )

    def faults_of(self, changed: Edited, served: Edited) -> list[Fault]:
        """What is wrong in these pages, and what would be wrong elsewhere because of them."""
        folders = {path.split("/")[0] for path in changed}  # no check goes from area to area
        before = {(f.file, f.fault) for f in faults_in(self._shelf.read(served), folders)}
        after = faults_in(self._shelf.read({**served, **changed}), folders)
        return [f for f in after if f.file in changed or (f.file, f.fault) not in before]

    def _referring(self, path: str, served: Edited) -> list[str]:
        """The pages, as they are answered from, that tell a figure of this one."""
        if _IN_FOLDER not in path:
            return []
        library, _ = in_service(served, self._shelf)
        folder = path.split("/")[0]  # no figure is told in another area
        told = users(_id(path), library.entries.values())
        return [f"{folder}{_IN_FOLDER}{entry.id}.toml" for entry in told]

    def _front(self, path: str) -> Page:
        words = self._shelf.shipped(path)
        return Page(path, words or "", base=_mark(words))

    def _page(self, path: str, text: str, owner: str) -> Page:
        read = ReadPage(path, text.encode("utf-8", "surrogatepass"))
        if not read.is_parsed:
            raise Faulty(read.faults)
        entry = read_entry(read, "") if _IN_FOLDER in path else None
        base = _mark(self._shelf.shipped(path))
        return _described(Page(path, text, base=base, owner=owner), entry)

    async def _checked(
        self, numbers: Sequence[int], stage: Stage, act: str
    ) -> tuple[list[PageVersion], int]:
        """Versions that stand there and bring no fault; the revision this was found at."""
        read = self._database.read
        versions = [await read(policies.standing, number, (stage,), act) for number in numbers]
        served = await read(policies.served)
        changed = {v.path: None if v.withdraws else v.text for v in versions}
        faults = await asyncio.to_thread(self.faults_of, changed, served.pages)
        if faults:
            raise Faulty(faults)
        return versions, served.revision


def _id(path: str) -> str:
    return PurePosixPath(path).stem


def _mark(words: str | None) -> str:
    return "" if words is None else fingerprint(words)


def _described(page: Page, entry: Entry | None) -> Page:
    if entry is None:
        return page
    return Page(
        page.path,
        page.text,
        base=page.base,
        owner=page.owner or entry.owner,
        review_by=entry.review_by,
        ends_on=entry.valid_until,
    )
