"""Many content files stored at once, in a few statements: nobody else's write waits long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import insert, select, update
from sqlmodel import Session

from records import audit
from records.edit_refusals import Moved
from records.page_edits import Page, hold, new_version, raise_revision
from records.policies import FRONT, WAITING, PageVersion, Stage

_TABLE = PageVersion.__table__  # type: ignore[attr-defined]
_TOGETHER = 500  # SQLite takes only so many values in a list
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Import:
    """The pages to be stored, and those to be served no more, in the words they are served in."""

    pages: Sequence[Page]
    gone: Sequence[Page]
    author: str
    actor: str  # in the trail
    at: datetime
    note: str
    checked: int  # the revision that all this was held against


@dataclass(frozen=True, slots=True)
class _Front:
    """Where a page stands: its newest number, and the version that counts."""

    newest: int
    number: int = 0
    id: int = 0
    stage: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drafts:
    """The ids of an import's drafts: stored now; there before in the same words, by stage."""

    new: Sequence[int]
    waiting: Sequence[int]
    reviewed: Sequence[int]


_NONE = _Front(0)


def draft(session: Session, brought: Import) -> Drafts:
    """Keep one draft of each page's words. Moved where something was released meanwhile."""
    fronts = _begun(session, brought)
    before = _drafted(session, fronts, brought)
    pages = [page for page in brought.pages if page.path not in before]
    ids = _inserted(session, [_row(page, fronts, Stage.DRAFT, brought) for page in pages])
    _trail(session, "draft_page", ids, brought)
    waiting, reviewed = (
        [number for number, stage in before.values() if stage == each] for each in WAITING
    )
    return Drafts(ids, waiting, reviewed)


def serve(session: Session, brought: Import, reviewer: str) -> list[int]:
    """Serve each page from now on, all or none; their ids. Moved as above.

    Nobody but `reviewer` has agreed to them: the trail says that they were imported.
    """
    fronts = _begun(session, brought)
    at = brought.at
    live = {"reviewer": reviewer[:60], "reviewed_at": at, "live_at": at}
    rows = [_row(page, fronts, Stage.LIVE, brought) | live for page in brought.pages]
    replaced = [fronts[page.path].id for page in brought.pages if _is_live(fronts[page.path])]
    _update(session, replaced, {"stage": Stage.REPLACED, "ended_at": at})
    ids = _inserted(session, rows)
    gone = _withdrawn(session, fronts, brought)
    _trail(session, "release_page", ids, brought)
    _trail(session, "withdraw_page", gone, brought)
    subject = f"pages:{len(ids) + len(gone)}"
    audit.write(session, "import_live", at=at, actor=brought.actor, subject=subject)
    raise_revision(session, at)
    return ids


def _begun(session: Session, brought: Import) -> dict[str, _Front]:
    """Where each page stands, with other editors kept waiting from here on."""
    if hold(session) != brought.checked:
        raise Moved
    paths = [page.path for page in (*brought.pages, *brought.gone)]
    fronts = dict.fromkeys(paths, _NONE)
    columns = (_TABLE.c.path, _TABLE.c.number, _TABLE.c.id, _TABLE.c.stage, _TABLE.c.ended_at)
    for some in _pieces(paths):
        query = select(*columns).where(_TABLE.c.path.in_(some)).order_by(_TABLE.c.number)
        for path, number, id_, stage, ended_at in session.execute(query):
            if stage in FRONT:
                fronts[path] = _Front(number, number, id_, stage, ended_at)
            else:
                fronts[path] = replace(fronts[path], newest=number)
    return fronts


def _drafted(
    session: Session, fronts: Mapping[str, _Front], brought: Import
) -> dict[str, tuple[int, str]]:
    """Drafts of the same words that can still go live: path → (id, stage)."""
    wanted = {(p.path, p.text, p.withdraws, p.base, fronts[p.path].number) for p in brought.pages}
    names = ("path", "text", "withdraws", "base", "follows", "id", "stage", "made_at")
    columns = [_TABLE.c[name] for name in names]
    found: dict[str, tuple[int, str]] = {}
    for some in _pieces([page.path for page in brought.pages]):
        query = select(*columns).where(_TABLE.c.path.in_(some), _TABLE.c.stage.in_(WAITING))
        for row in session.execute(query.order_by(_TABLE.c.number)):
            ended = fronts[row.path].ended_at
            is_late = ended is not None and ended > row.made_at
            if tuple(row)[:5] in wanted and not is_late:
                found[row.path] = (row.id, row.stage)
    return found


def _is_live(front: _Front) -> bool:
    return front.stage == Stage.LIVE


def _row(
    page: Page, fronts: Mapping[str, _Front], stage: Stage, brought: Import
) -> dict[str, object]:
    front = fronts[page.path]
    version = new_version(
        page,
        stage,
        number=front.newest + 1,
        follows=front.number,
        author=brought.author,
        at=brought.at,
        note=brought.note,
    )
    return version.model_dump(exclude={"id"})


def _withdrawn(session: Session, fronts: Mapping[str, _Front], brought: Import) -> list[int]:
    """The ids of the versions that are withdrawn; a page that has none gets one."""
    fresh = [page for page in brought.gone if not _is_live(fronts[page.path])]
    live = [fronts[page.path].id for page in brought.gone if _is_live(fronts[page.path])]
    ended = {"ended_at": brought.at, "note": brought.note[:300]}
    _update(session, live, {"stage": Stage.WITHDRAWN} | ended)
    rows = [_row(page, fronts, Stage.WITHDRAWN, brought) | ended for page in fresh]
    return [*live, *_inserted(session, rows)]


def _update(session: Session, ids: Sequence[int], values: Mapping[str, object]) -> None:
    for some in _pieces(ids):
        session.execute(update(_TABLE).where(_TABLE.c.id.in_(some)).values(**values))


def _inserted(session: Session, rows: Sequence[Mapping[str, object]]) -> list[int]:
    """The ids of the new rows, in their order."""
    if not rows:
        return []
    query = insert(_TABLE).returning(_TABLE.c.id, sort_by_parameter_order=True)
    return list(session.execute(query, [dict(row) for row in rows]).scalars())


def _trail(session: Session, act: str, ids: Sequence[int], brought: Import) -> None:
    subjects = [f"page:{number}" for number in ids]
    audit.write_all(session, act, subjects, at=brought.at, actor=brought.actor)


def _pieces(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (values[start : start + _TOGETHER] for start in range(0, len(values), _TOGETHER))
