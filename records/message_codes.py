"""The codes by which anybody can check that a message is ours: nothing personal stands here.

A campaign has one code for all its messages; any other message has its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import UtcDateTime

KEPT = timedelta(days=180)  # as long as the messages themselves (domain P-16)


class MessageCode(SQLModel, table=True):
    """That a message with this code left, and of which campaign it was; 0: of none."""

    __tablename__ = "message_code"

    code: str = Field(primary_key=True, max_length=8)
    campaign: int = 0
    sent_at: datetime = Field(sa_type=UtcDateTime, index=True)


@dataclass(frozen=True, slots=True)
class Known:
    """A message of ours; `campaign` 0: it was for one person alone."""

    campaign: int
    sent_at: datetime


_TABLE = MessageCode.__table__  # type: ignore[attr-defined]


def note(session: Session, codes: Mapping[str, int], at: datetime) -> None:
    """These left, each with the number of its campaign or 0; the first time counts."""
    rows = [{"code": c, "campaign": n, "sent_at": at} for c, n in sorted(codes.items())]
    if rows:
        statement = insert_or_ignore(session, _TABLE, ["code"])
        session.connection().execute(statement, rows)


def find(session: Session, code: str) -> Known | None:
    """The message of a code; None where there is none of ours."""
    query = select(_TABLE.c.campaign, _TABLE.c.sent_at).where(_TABLE.c.code == code)
    row = session.execute(query).one_or_none()
    return Known(row.campaign, row.sent_at) if row else None


def lately(session: Session, since: datetime, limit: int) -> list[int]:
    """The campaigns that began to leave since a moment, the newest first."""
    query = select(_TABLE.c.campaign).where(_TABLE.c.campaign > 0, _TABLE.c.sent_at >= since)
    rows = session.execute(query.order_by(_TABLE.c.sent_at.desc()).limit(limit))
    return [row[0] for row in rows]


def prune(session: Session, now: datetime) -> int:
    """Drop the codes of messages that are gone as well; how many."""
    old = delete(_TABLE).where(_TABLE.c.sent_at < now - KEPT)
    return int(session.connection().execute(old).rowcount)
