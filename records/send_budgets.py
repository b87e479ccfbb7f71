"""What may still be sent to a chat whose provider counts: so many within so long of a message."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.types import UtcDateTime


class SendBudget(SQLModel, table=True):
    """One chat: since when it is open, how much of it is used, and what closed it."""

    __tablename__ = "send_budget"

    conversation: str = Field(primary_key=True, max_length=200)
    opened_at: datetime = Field(sa_type=UtcDateTime)  # the person's last message
    used: int = 0
    closed: str = Field(
        default="", max_length=20
    )  # handed_over, ended, expired, refused; "" = open
    servicer: str = Field(default="", max_length=80)  # who of the staff has the talk
