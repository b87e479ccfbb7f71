"""Who was told what no longer holds, and the message that offers them what holds now (J13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import PurePath

from knowledge.changes import substance
from knowledge.entry import Entry
from knowledge.library import our_shelf
from knowledge.references import joined, users
from knowledge.shelf import Library
from outreach.calendars import spoken
from outreach.recheck import entry_of
from outreach.texts import say
from records import told
from records.changed_pages import ChangedPage, Served
from records.database import Session
from records.told import TOLD_LIFE, Span, Told

_LONGEST_TITLE = 20
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that somebody was told and that is no longer so; whom to ask if it is gone."""

    told: Told
    title: str
    agency: str
    phone: str


@dataclass(frozen=True, slots=True)
class Offer:
    """All that has changed for one conversation, what was told last first."""

    conversation: str
    dues: tuple[Due, ...]

    @property
    def text(self) -> str:
        """The one message that offers the correction."""
        first = self.dues[0]
        title = first.title[:_LONGEST_TITLE]
        key = "changed.one" if len(self.dues) == 1 else "changed.several"
        return say(key, day=spoken(first.told.at), title=title, count=len(self.dues))


class Changes:
    """The entries that have changed, and how each of them was told at any time.

    An entry that tells a figure of a changed one has changed with it.
    """

    def __init__(self, pages: Iterable[ChangedPage], library: Library) -> None:
        self._library = library
        found = [_noted(page) for page in pages if "/policies/" in page.path]
        self._pages = {PurePath(page.path).stem: page for page in found}
        entries = library.entries.values()
        self._users = {user.id for name in self._pages for user in users(name, entries)}
        self._read: dict[tuple[str, str], Entry | None] = {}

    @property
    def entries(self) -> list[str]:
        """The ids of the entries."""
        return sorted(self._pages.keys() | self._users)

    def due(self, one: Told) -> Due | None:
        """What has changed of what was told; None where it is still so, or its page unreadable."""
        old, new = self._whole(one.entry, one.at), self._whole(one.entry, None)
        if old is None or (new is not None and substance(old) == substance(new)):
            return None
        return Due(one, old.title, old.agency, old.phone)

    def _whole(self, name: str, moment: datetime | None) -> Entry | None:
        """The entry with the figures that stood in others, as served then; None: as it is now."""
        entry = self._at(name, moment)
        if entry is None or not entry.same_as:
            return entry
        others = {r.entry: self._at(r.entry, moment) for r in entry.same_as.values()}
        return joined(entry, {key: other for key, other in others.items() if other})

    def _at(self, name: str, moment: datetime | None) -> Entry | None:
        page = self._pages.get(name)
        if page is None:
            return self._library.entries.get(name)
        words = page.words(moment) or ""
        if (name, words) not in self._read:
            self._read[name, words] = entry_of(page.path, words, self._library)
        return self._read[name, words]


def _noted(page: ChangedPage) -> ChangedPage:
    """With the file that this program brings, where none was noted at a start."""
    if page.shipped:
        return page
    return replace(page, shipped=(Served(_EVER, our_shelf().shipped(page.path)),))


def offers(found: Sequence[Told], changes: Changes) -> list[Offer]:
    """The offers to these conversations."""
    dues = filter(None, map(changes.due, found))
    by_conversation = groupby(dues, key=lambda due: due.told.conversation)
    return [Offer(conversation, tuple(each)) for conversation, each in by_conversation]


def told_of(
    session: Session, changes: Changes, now: datetime, after: str, limit: int
) -> list[Told]:
    """What was told within a year of the entries that have changed, some conversations at once."""
    within = Span(now - TOLD_LIFE, now)
    return told.of_entries(session, changes.entries, within=within, after=after, limit=limit)
