"""Gaps: what people asked and we could not answer, grouped by meaning, for the editors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from records.types import BigId, UtcDateTime


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
    reason: str = Field(max_length=20)  # why the first of them came here (Reason)
    state: str = Field(max_length=12, index=True)
    asked: int = 1  # how often
    entry: str = Field(default="", max_length=120)  # the id of the entry that closed it
    closed_by: str = Field(default="", max_length=60)
    note: str = Field(default="", max_length=300)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
