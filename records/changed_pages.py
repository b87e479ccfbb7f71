"""Entries that were changed or withdrawn, and whose listeners nobody has told yet (J13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlmodel import Session

from records import policies, shipped_pages
from records.policies import PageVersion, Stage


@dataclass(frozen=True, slots=True)
class Served:
    """From when on what was served; `words` None where nothing was."""

    since: datetime
    words: str | None


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """A page that was changed in service, or by a new program, with all that it ever was.

    `history` is what was served in front of the shipped file; before that, and where there is
    none, what was `shipped` served. Both are in order.
    """

    path: str
    versions: tuple[int, ...]  # the ids of those that brought the change
    history: tuple[Served, ...]
    shipped: tuple[Served, ...] = ()
    brought: tuple[int, ...] = ()  # the ids of shipped versions that brought it

    def words(self, moment: datetime | None) -> str | None:
        """What was served at a moment, None: now; None too where nothing was."""
        served = _begun(self.history, moment) or _begun(self.shipped, moment) or self.shipped[:1]
        return served[-1].words if served else None


_TABLE = PageVersion.__table__  # type: ignore[attr-defined]
_SERVED = (Stage.LIVE.value, Stage.REPLACED.value, Stage.WITHDRAWN.value)


def pending(session: Session) -> list[ChangedPage]:
    """The changes that nobody has been told of."""
    untold = or_(
        _TABLE.c.corrected_at.is_(None),
        and_(_TABLE.c.stage == Stage.WITHDRAWN, _TABLE.c.corrected_at < _TABLE.c.ended_at),
    )
    query = select(_TABLE.c.path, _TABLE.c.id).where(_TABLE.c.stage.in_(_SERVED), untold)
    found: dict[str, list[int]] = {}
    for path, number in session.execute(query.order_by(_TABLE.c.path, _TABLE.c.id)):
        found.setdefault(path, []).append(number)
    brought = shipped_pages.pending(session)
    return [
        ChangedPage(
            path,
            tuple(found.get(path, ())),
            _history(session, path),
            tuple(Served(since, words) for since, words in shipped_pages.history(session, path)),
            tuple(brought.get(path, ())),
        )
        for path in sorted(found.keys() | brought.keys())
    ]


def mark_told(session: Session, pages: Sequence[ChangedPage], now: datetime) -> None:
    """Everybody who was to be told of these changes has been."""
    ids = [number for page in pages for number in page.versions]
    session.execute(update(_TABLE).where(_TABLE.c.id.in_(ids)).values(corrected_at=now))
    shipped_pages.mark_told(session, [number for page in pages for number in page.brought], now)


def _begun(versions: Sequence[Served], moment: datetime | None) -> Sequence[Served]:
    return [one for one in versions if moment is None or one.since <= moment]


def _history(session: Session, path: str) -> tuple[Served, ...]:
    served: list[Served] = []
    for row in policies.versions(session, path):
        if row.live_at is not None:
            served.append(Served(row.live_at, row.text))
        if row.stage == Stage.WITHDRAWN and row.ended_at is not None:
            served.append(Served(row.ended_at, None))
    return tuple(sorted(served, key=lambda one: one.since))
