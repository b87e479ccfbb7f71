"""Staff by the account they write from: who they are to the corporation, and what they may do."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.types import UtcDateTime


class StaffAccount(SQLModel, table=True):
    """One account of a member of staff or a mentor, bound by the corporation's own user id."""

    __tablename__ = "staff_account"

    account: str = Field(primary_key=True, max_length=200)  # a conversation's key
    name: str = Field(max_length=60, index=True)  # as staff are named at the desk
    role: str = Field(max_length=20)  # staff, mentor
    area: str = Field(default="", max_length=12)
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
