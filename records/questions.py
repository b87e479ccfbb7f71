"""Questions that we could not answer well, and whether answers helped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, delete
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime

QUESTION_LIFE = timedelta(days=180)  # half a year, two festivals: what nobody took up by then


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
    asked_at: datetime = Field(sa_type=UtcDateTime)
    gap: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    conversation: str = Field(default="", max_length=200, index=True)


class Feedback(SQLModel, table=True):
    """One "有用" or "没用" for one entry."""

    __tablename__ = "answer_feedback"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    entry: str = Field(max_length=120, index=True)
    area: str = Field(default="", max_length=12)
    is_useful: bool
    given_at: datetime = Field(sa_type=UtcDateTime)


def note(
    session: Session, text: str, *, area: str, decision: str, score: float, at: datetime
) -> None:
    """Keep a question for the editors."""
    session.add(
        OpenQuestion(text=text[:300], area=area, decision=decision, score=score, asked_at=at)
    )
    session.flush()


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
