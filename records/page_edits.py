"""What editors do with content files, each act in one transaction and in the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlmodel import Session

from records import audit
from records.dialect import insert_or_ignore
from records.edit_refusals import ChangedMeanwhile, Moved, OwnDraft, WrongStage
from records.policies import (
    FRONT,
    STAGE_WORDS,
    WAITING,
    KnowledgeRevision,
    PageVersion,
    Stage,
    front_of,
    standing,
    versions,
)

_REVISION = KnowledgeRevision.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Page:
    """A content file to be stored: its words, and what the table keeps beside them."""

    path: str
    text: str
    base: str = ""  # fingerprint of the shipped file
    owner: str = ""
    review_by: date | None = None
    ends_on: date | None = None
    withdraws: bool = False


def draft(
    session: Session, page: Page, *, author: str, at: datetime, note: str = ""
) -> PageVersion:
    """Keep a new version of a page, to be reviewed by somebody else."""
    hold(session)
    row = _new(session, page, Stage.DRAFT, author=author, at=at, note=note)
    _trail(session, "draft_page", row, by=author, at=at)
    return row


def review(session: Session, number: int, *, reviewer: str, at: datetime) -> PageVersion:
    """Somebody else than its author agrees to a draft."""
    hold(session)
    row = standing(session, number, (Stage.DRAFT,), "审")
    if row.author.strip().casefold() == reviewer.strip().casefold():
        raise OwnDraft
    row.stage, row.reviewer, row.reviewed_at = Stage.REVIEWED, reviewer[:60], at
    row.sent_back = ""
    _trail(session, "review_page", row, by=reviewer, at=at)
    return row


def send_back(session: Session, number: int, *, by: str, why: str, at: datetime) -> PageVersion:
    """Its author is to write it otherwise; one that was agreed to is a draft again."""
    hold(session)
    row = standing(session, number, WAITING, "退回")
    row.stage, row.reviewer, row.reviewed_at, row.sent_back = Stage.DRAFT, by[:60], None, why[:200]
    _trail(session, "send_back_page", row, by=by, at=at)
    return row


def release(
    session: Session,
    numbers: Sequence[int],
    *,
    by: str,
    at: datetime,
    bases: Mapping[str, str],
    checked: int,
) -> list[PageVersion]:
    """Reviewed versions are served from now on, or withdraw their pages, all of them or none.

    `bases` are the fingerprints of the shipped files now, by path; `checked` is the revision that
    the whole library was checked at with these versions: Moved if it is another by now.
    """
    if hold(session) != checked:
        raise Moved
    rows = [_put_in_front(session, number, bases=bases, at=at) for number in numbers]
    for row in rows:
        act = "withdraw_page" if row.withdraws else "release_page"
        _trail(session, act, row, by=by, at=at)
    raise_revision(session, at)
    return rows


def _put_in_front(
    session: Session, number: int, *, bases: Mapping[str, str], at: datetime
) -> PageVersion:
    row = standing(session, number, (Stage.REVIEWED,), "上线")
    front = front_of(session, row.path)
    _refuse_if_changed(row, front, bases.get(row.path, ""))
    if front is not None and front.stage == Stage.LIVE:
        front.stage, front.ended_at = Stage.REPLACED, at
        session.add(front)
    if row.withdraws:
        row.stage, row.ended_at = Stage.WITHDRAWN, at
    else:
        row.stage, row.live_at = Stage.LIVE, at
    session.add(row)
    session.flush()
    return row


def withdraw(
    session: Session, pages: Sequence[Page], *, by: str, at: datetime, note: str, checked: int
) -> list[PageVersion]:
    """Serve nothing in these pages' places from now on, all of them or none.

    A page is the shipped one, where it has no row.
    """
    if hold(session) != checked:
        raise Moved
    rows = [_withdrawn(session, page, by=by, at=at, note=note) for page in pages]
    for row in rows:
        _trail(session, "withdraw_page", row, by=by, at=at)
    raise_revision(session, at)
    return rows


def _withdrawn(session: Session, page: Page, *, by: str, at: datetime, note: str) -> PageVersion:
    row = front_of(session, page.path)
    if row is None:
        row = _new(session, page, Stage.WITHDRAWN, author=by, at=at, note=note)
    elif row.stage == Stage.WITHDRAWN:
        raise WrongStage(row.id, STAGE_WORDS[Stage.WITHDRAWN], "再撤下")
    row.stage, row.ended_at, row.note = Stage.WITHDRAWN, at, note[:300]
    return row


def drop(session: Session, number: int, *, by: str, at: datetime) -> PageVersion:
    """Nobody takes a draft further."""
    hold(session)
    row = standing(session, number, WAITING, "放弃")
    row.stage, row.ended_at = Stage.DROPPED, at
    _trail(session, "drop_page", row, by=by, at=at)
    return row


def pick_up(session: Session, number: int, *, by: str, at: datetime) -> PageVersion:
    """A draft that was given up waits again, as its author left it."""
    hold(session)
    row = standing(session, number, (Stage.DROPPED,), "捡回")
    row.stage, row.reviewer, row.reviewed_at, row.ended_at = Stage.DRAFT, "", None, None
    _trail(session, "pick_up_page", row, by=by, at=at)
    return row


def _new(
    session: Session, page: Page, stage: Stage, *, author: str, at: datetime, note: str
) -> PageVersion:
    known = versions(session, page.path)
    front = next((row for row in known if row.stage in FRONT), None)
    return new_version(
        page,
        stage,
        number=known[0].number + 1 if known else 1,
        follows=front.number if front else 0,
        author=author,
        at=at,
        note=note,
    )


def new_version(
    page: Page,
    stage: Stage,
    *,
    number: int,
    follows: int,
    author: str,
    at: datetime,
    note: str,
) -> PageVersion:
    """A version of a page, not stored yet."""
    return PageVersion(
        path=page.path,
        number=number,
        stage=stage,
        text=page.text,
        withdraws=page.withdraws,
        follows=follows,
        base=page.base,
        author=author[:60],
        owner=page.owner[:60],
        note=note[:300],
        review_by=page.review_by,
        ends_on=page.ends_on,
        made_at=at,
    )


def _refuse_if_changed(row: PageVersion, front: PageVersion | None, base: str) -> None:
    ended = front.ended_at if front else None
    if (front.number if front else 0) != row.follows or (ended and ended > row.made_at):
        by = f"编号 {front.id}，{front.author}" if front else ""
        raise ChangedMeanwhile(row.id, by)
    if row.base != base:
        raise ChangedMeanwhile(row.id, "程序自带的内容更新过")


def _trail(session: Session, act: str, row: PageVersion, *, by: str, at: datetime) -> None:
    session.add(row)
    session.flush()  # a new row has no id before
    audit.write(session, act, at=at, actor=f"staff:{by}"[:60], subject=f"page:{row.id}")


def hold(session: Session) -> int:
    """Keep other editors waiting until this transaction ends; the revision."""
    session.execute(insert_or_ignore(session, _REVISION, ("id",)).values(id=1, number=0))
    held = session.execute(select(_REVISION.c.number).where(_REVISION.c.id == 1).with_for_update())
    return int(held.scalar_one())


def raise_revision(session: Session, at: datetime) -> None:
    session.execute(
        update(_REVISION)
        .where(_REVISION.c.id == 1)
        .values(number=_REVISION.c.number + 1, changed_at=at)
    )
