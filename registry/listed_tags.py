"""Tags as lists bring them: added to those that somebody has, or taken away with a minus."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from records import audit, tags
from records.database import Session
from registry.people_rows import Listed


class ListedTags:
    """What changes in the tags of some people; written at the end."""

    def __init__(self, session: Session, known: Sequence[str]) -> None:
        self._session = session
        held = tags.of(session, known) if known else {}
        self._held = {who: set(held.get(who, ())) for who in known}
        self._put: dict[str, list[str]] = {}  # tag → people
        self._taken: dict[str, list[str]] = {}

    def take(self, one: Listed, who: str, *, is_new: bool = False) -> tuple[str, ...]:
        """What becomes of somebody's tags, in words; nothing where the list says what is so."""
        if not (one.tags or one.untags):
            return ()
        if who not in self._held:
            self._held[who] = set() if is_new else set(tags.of(self._session, [who]).get(who, ()))
        held = self._held[who]
        new = [tag for tag in one.tags if tag not in held]
        gone = [tag for tag in one.untags if tag in held]
        for tag in new:
            self._put.setdefault(tag, []).append(who)
        for tag in gone:
            self._taken.setdefault(tag, []).append(who)
        held |= set(new)
        held -= set(gone)
        added = (f"加了标签“{'、'.join(new)}”",) if new else ()
        return (*added, f"去掉标签“{'、'.join(gone)}”") if gone else added

    def write(self, *, by: str, at: datetime) -> None:
        """A statement for each tag."""
        actor = f"staff:{by}"[:60]
        for tag, ids in self._put.items():
            tags.put(self._session, ids, tag, by=by[:40], at=at)
            audit.write_all(self._session, "person.tagged", ids, at=at, actor=actor)
        for tag, ids in self._taken.items():
            tags.take(self._session, ids, tag)
            audit.write_all(self._session, "person.untagged", ids, at=at, actor=actor)
