"""Access tokens of providers, sealed and shared; one process refreshes at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from records.types import UtcDateTime


class AccessToken(SQLModel, table=True):
    """One token. `key` tells whose it is; who refreshes holds it until `held_until`."""

    __tablename__ = "access_token"

    key: str = Field(primary_key=True, max_length=64)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires_at: datetime = Field(sa_type=UtcDateTime)
    holder: str = Field(default="", max_length=60)
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
