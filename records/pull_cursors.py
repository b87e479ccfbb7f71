"""How far a provider's message store has been read, per account; one process reads at a time."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.types import UtcDateTime


class PullCursor(SQLModel, table=True):
    """One account of one channel; `cursor` is the provider's, opaque to us."""

    __tablename__ = "pull_cursor"

    account: str = Field(primary_key=True, max_length=120)  # channel:account
    cursor: str = Field(default="", max_length=200)
    holder: str = Field(default="", max_length=60)
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
