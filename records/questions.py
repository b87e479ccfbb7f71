"""Questions that we could not answer well, and whether answers helped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, Column, delete, update
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime

QUESTION_LIFE = timedelta(days=180)  # half a year, two festivals: what nobody took up by then
_MOST_ENTRIES = 4  # of one answer


class Reason(StrEnum):
    """Why a question came to the editors."""

    UNANSWERED = "unanswered"
    DOUBTFUL = "doubtful"  # answered, but we were not sure
    USELESS = "useless"  # answered, and it did not help


class OpenQuestion(SQLModel, table=True):
    """A question for the editors, personal data masked.

    `conversation` is there only to tell the asker once there is an answer: no list shows it, and
    it is emptied then, or when they delete what we hold of them.
    """

    __tablename__ = "open_question"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    text: str = Field(max_length=300)
    area: str = Field(default="", max_length=12)
    decision: str = Field(max_length=20)
    score: float = 0.0
    reason: str = Field(default=Reason.UNANSWERED.value, max_length=12)
    entries: str = Field(default="", max_length=500)  # what it was answered with, ids with blanks
    asked_at: datetime = Field(sa_type=UtcDateTime)
    gap: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    conversation: str = Field(default="", max_length=200, index=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way to the editors; `conversation` where the asker may be told."""

    text: str
    area: str
    decision: str
    score: float
    at: datetime
    reason: Reason = Reason.UNANSWERED
    entries: tuple[str, ...] = ()
    conversation: str = ""


class Feedback(SQLModel, table=True):
    """One "有用" or "没用" for one entry."""

    __tablename__ = "answer_feedback"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    entry: str = Field(max_length=120, index=True)
    area: str = Field(default="", max_length=12)
    is_useful: bool
    given_at: datetime = Field(sa_type=UtcDateTime)


def note(session: Session, asked: Asked) -> None:
    """Keep a question for the editors."""
    session.add(
        OpenQuestion(
            text=asked.text[:300],
            area=asked.area,
            decision=asked.decision,
            score=asked.score,
            reason=asked.reason.value,
            entries=" ".join(asked.entries[:_MOST_ENTRIES]),
            asked_at=asked.at,
            conversation=asked.conversation,
        )
    )
    session.flush()


def forget_asker(session: Session, conversation: str) -> None:
    """Who asked these questions is no longer known."""
    table = OpenQuestion.__table__  # type: ignore[attr-defined]
    mine = table.c.conversation == conversation
    session.execute(update(table).where(mine).values(conversation=""))


def rate(
    session: Session, entries: Sequence[str], *, area: str, is_useful: bool, at: datetime
) -> None:
    """Keep what a reader thought of an answer."""
    session.add_all(
        Feedback(entry=entry[:120], area=area, is_useful=is_useful, given_at=at)
        for entry in entries
    )
    session.flush()


def prune(session: Session, now: datetime) -> int:
    """Remove questions that have waited too long; how many."""
    table = OpenQuestion.__table__  # type: ignore[attr-defined]
    old = delete(table).where(table.c.asked_at <= now - QUESTION_LIFE)
    return int(session.connection().execute(old).rowcount)
