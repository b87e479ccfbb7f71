"""Which conversation was told which entry: so that a withdrawn answer can be put right (J13)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.types import UtcDateTime


class ToldEntry(SQLModel, table=True):
    """The last time that a conversation was answered from an entry."""

    __tablename__ = "told_entry"

    conversation: str = Field(primary_key=True, max_length=200)
    entry: str = Field(primary_key=True, max_length=120, index=True)
    told_at: datetime = Field(sa_type=UtcDateTime, index=True)
