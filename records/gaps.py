"""Gaps: what people asked and we could not answer, grouped by meaning, for the editors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, delete, select, update
from sqlmodel import Field, Session, SQLModel

from records.questions import QUESTION_LIFE, OpenQuestion
from records.types import BigId, Json, UtcDateTime


class GapState(StrEnum):
    """Where a gap stands."""

    OPEN = "open"
    ANSWERED = "answered"  # an entry was written or mended; the askers are told
    DISMISSED = "dismissed"  # nothing for us to answer


class Gap(SQLModel, table=True):
    """Questions of one meaning from one area; nothing here says who asked."""

    __tablename__ = "gap"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    area: str = Field(default="", max_length=12, index=True)
    text: str = Field(max_length=300)  # the question that stands for all of them
    reasons: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    state: str = Field(max_length=12, index=True)
    asked: int = 1  # how often
    tried: int = 0  # the knowledge revision that was last found not to answer it
    entry: str = Field(default="", max_length=120)  # the id of the entry that closed it
    closed_by: str = Field(default="", max_length=60)
    note: str = Field(default="", max_length=300)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Wording:
    """One question as it was asked, personal data masked, and what it was answered with."""

    id: int
    gap: int | None
    area: str
    text: str
    reason: str
    entries: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who waits for the answer to a gap."""

    question: int
    gap: int
    entry: str
    conversation: str
    area: str
    text: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """How a gap is closed."""

    state: GapState
    by: str
    at: datetime
    entry: str = ""
    note: str = ""


class NoSuchGap(LookupError):
    """There is no gap of this number, or it is not open any more."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


_GAPS = Gap.__table__  # type: ignore[attr-defined]
_ASKED = OpenQuestion.__table__  # type: ignore[attr-defined]
_WORDING = select(
    _ASKED.c.id,
    _ASKED.c.gap,
    _ASKED.c.area,
    _ASKED.c.text,
    _ASKED.c.reason,
    _ASKED.c.entries,
    _ASKED.c.asked_at,
).order_by(_ASKED.c.id)


def ungrouped(session: Session, limit: int) -> list[Wording]:
    """The oldest questions that belong to no gap yet."""
    return _wordings(session, _WORDING.where(_ASKED.c.gap.is_(None)).limit(limit))


def wordings(session: Session, gaps: Sequence[int]) -> dict[int, list[Wording]]:
    """The questions of each gap, oldest first."""
    found: dict[int, list[Wording]] = {number: [] for number in gaps}
    for wording in _wordings(session, _WORDING.where(_ASKED.c.gap.in_(gaps))):
        found[wording.gap or 0].append(wording)
    return found


def open_in(session: Session, areas: Sequence[str]) -> list[Gap]:
    """The open gaps of these areas, oldest first."""
    query = select(Gap).where(_GAPS.c.state == GapState.OPEN.value, _GAPS.c.area.in_(areas))
    return list(session.execute(query.order_by(_GAPS.c.id)).scalars())


def open_new(session: Session, first: Wording, area: str) -> int:
    """A gap of this area that begins with this question; its number."""
    gap = Gap(
        area=area,
        text=first.text,
        state=GapState.OPEN.value,
        asked=0,
        opened_at=first.at,
        last_at=first.at,
    )
    session.add(gap)
    session.flush()
    assert gap.id is not None
    join(session, gap.id, first)
    return gap.id


def join(session: Session, number: int, wording: Wording) -> None:
    """One more question of this gap; NoSuchGap if it was closed meanwhile."""
    gap = _open(session, number)
    _count(gap, wording.reason, 1)
    gap.last_at = max(gap.last_at, wording.at)
    session.execute(update(_ASKED).where(_ASKED.c.id == wording.id).values(gap=number))
    session.flush()


def release(session: Session, number: int, wordings: Sequence[Wording]) -> None:
    """These questions do not mean the same as the others of their gap: they wait once more."""
    gap = _open(session, number)
    for wording in wordings:
        _count(gap, wording.reason, -1)
    ids = [wording.id for wording in wordings]
    session.execute(update(_ASKED).where(_ASKED.c.id.in_(ids)).values(gap=None))
    session.flush()


def listed(session: Session, state: GapState, areas: Sequence[str] | None = None) -> list[Gap]:
    """The gaps in this state, what is asked most often first."""
    query = select(Gap).where(_GAPS.c.state == state.value)
    if areas is not None:
        query = query.where(_GAPS.c.area.in_(areas))
    ordered = query.order_by(_GAPS.c.asked.desc(), _GAPS.c.last_at.desc(), _GAPS.c.id)
    return list(session.execute(ordered).scalars())


def get(session: Session, number: int) -> Gap:
    """One gap; NoSuchGap where there is none."""
    gap = session.get(Gap, number)
    if gap is None:
        raise NoSuchGap(number)
    return gap


def close(session: Session, number: int, closing: Closing) -> None:
    """An open gap is answered or dismissed; who asked what is dismissed is forgotten at once."""
    gap = _open(session, number)
    gap.state, gap.entry = closing.state.value, closing.entry
    gap.closed_by, gap.note, gap.closed_at = closing.by[:60], closing.note[:300], closing.at
    session.flush()
    if closing.state is GapState.DISMISSED:
        session.execute(update(_ASKED).where(_ASKED.c.gap == number).values(conversation=""))


def merge(session: Session, number: int, into: int) -> None:
    """Two open gaps mean the same: the first one's questions go to the second."""
    gone, kept = _open(session, number), _open(session, into)
    reasons: Mapping[str, int] = gone.reasons
    kept.reasons = {
        name: kept.reasons.get(name, 0) + reasons.get(name, 0)
        for name in sorted({*kept.reasons, *reasons})
    }
    kept.asked += gone.asked
    kept.opened_at = min(kept.opened_at, gone.opened_at)
    kept.last_at = max(kept.last_at, gone.last_at)
    session.execute(update(_ASKED).where(_ASKED.c.gap == number).values(gap=into))
    session.delete(gone)
    session.flush()


def untried(session: Session, revision: int, limit: int) -> list[Gap]:
    """Open gaps that entries of this revision have not been tried on, oldest first."""
    query = select(Gap).where(_GAPS.c.state == GapState.OPEN.value, _GAPS.c.tried < revision)
    return list(session.execute(query.order_by(_GAPS.c.id).limit(limit)).scalars())


def mark_tried(session: Session, numbers: Sequence[int], revision: int) -> None:
    """The entries of this revision do not answer these gaps."""
    session.execute(update(_GAPS).where(_GAPS.c.id.in_(numbers)).values(tried=revision))


def askers(session: Session, limit: int, after: int = 0) -> list[Asker]:
    """Who waits for the answer to a gap that has one, in the order in which they asked."""
    query = (
        select(
            _ASKED.c.id,
            _GAPS.c.id,
            _GAPS.c.entry,
            _ASKED.c.conversation,
            _ASKED.c.area,
            _ASKED.c.text,
            _ASKED.c.asked_at,
        )
        .join(_GAPS, _GAPS.c.id == _ASKED.c.gap)
        .where(
            _GAPS.c.state == GapState.ANSWERED.value,
            _ASKED.c.conversation != "",
            _ASKED.c.id > after,
        )
        .order_by(_ASKED.c.id)
        .limit(limit)
    )
    return [Asker(*row) for row in session.execute(query)]


def forget_asker(session: Session, number: int, conversation: str) -> None:
    """This asker of a gap has been told, or is not to be."""
    session.execute(
        update(_ASKED)
        .where(_ASKED.c.gap == number, _ASKED.c.conversation == conversation)
        .values(conversation="")
    )


def has_work(session: Session, revision: int) -> bool:
    """Whether a question waits for its gap, or a gap for entries of this revision."""
    return bool(ungrouped(session, 1)) or bool(untried(session, revision, 1))


def prune(session: Session, now: datetime) -> int:
    """Remove gaps that nobody has asked about for half a year; how many."""
    old = delete(_GAPS).where(_GAPS.c.last_at <= now - QUESTION_LIFE)
    return int(session.connection().execute(old).rowcount)


def _count(gap: Gap, reason: str, more: int) -> None:
    gap.reasons = {**gap.reasons, reason: gap.reasons.get(reason, 0) + more}
    gap.asked += more


def _open(session: Session, number: int) -> Gap:
    gap = session.get(Gap, number)
    if gap is None or gap.state != GapState.OPEN:
        raise NoSuchGap(number)
    return gap


def _wordings(session: Session, query: Any) -> list[Wording]:
    return [
        Wording(id_, gap, area, text, reason, tuple(entries.split()), at)
        for id_, gap, area, text, reason, entries, at in session.execute(query)
    ]
