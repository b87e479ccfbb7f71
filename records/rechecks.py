"""Which released entries people have yet to be held against, and what each of them replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session

from records import policies
from records.policies import PageVersion, Stage

_TABLE = PageVersion.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Released:
    """A version that is live. `before` is what people were held against the last time, None for
    nothing; `follows_shipped` says that this was the file that the program came with.
    """

    id: int
    path: str
    number: int
    text: str
    before: str | None = None
    follows_shipped: bool = False


def waiting(session: Session) -> list[Released]:
    """Live versions of entries that nobody was held against yet, oldest first."""
    query = select(PageVersion).where(
        _TABLE.c.stage == Stage.LIVE,
        _TABLE.c.rechecked_at.is_(None),
        _TABLE.c.path.contains("/policies/"),
    )
    rows = session.execute(query.order_by(_TABLE.c.live_at, _TABLE.c.id)).scalars()
    return [_released(session, row) for row in rows]


def withdrawn(session: Session, since: datetime) -> list[str]:
    """The paths of entries withdrawn since a moment."""
    query = select(_TABLE.c.path).where(
        _TABLE.c.stage == Stage.WITHDRAWN, _TABLE.c.ended_at >= since
    )
    return list(session.execute(query.distinct()).scalars())


def done(session: Session, page: int, now: datetime) -> None:
    """Everyone was held against this version."""
    session.execute(update(_TABLE).where(_TABLE.c.id == page).values(rechecked_at=now))


def _released(session: Session, row: PageVersion) -> Released:
    """With the last version that was checked, unless nothing was served in between."""
    before: str | None = None
    follows_shipped = True
    for old in policies.versions(session, row.path):
        if old.number >= row.number or old.stage not in (Stage.REPLACED, Stage.WITHDRAWN):
            continue
        follows_shipped = False
        if old.stage == Stage.WITHDRAWN:
            break
        if old.rechecked_at is not None:
            before = old.text
            break
        follows_shipped = True  # nobody was held against it: look further back
    return Released(row.id or 0, row.path, row.number, row.text, before, follows_shipped)
