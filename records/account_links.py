"""Accounts on several channels that belong to one person: linked after proof, never by guess."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.types import UtcDateTime


class AccountLink(SQLModel, table=True):
    """An account that speaks for the people registered under another account, its `home`."""

    __tablename__ = "account_link"

    account: str = Field(primary_key=True, max_length=200)
    home: str = Field(max_length=200, index=True)
    proof: str = Field(max_length=12)  # code, phone
    linked_at: datetime = Field(sa_type=UtcDateTime)


class LinkCode(SQLModel, table=True):
    """A short code shown on one account and typed on another; only its fingerprint is kept."""

    __tablename__ = "link_code"

    code_print: str = Field(primary_key=True, max_length=64)
    home: str = Field(max_length=200, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class LinkTry(SQLModel, table=True):
    """Failed proofs of one account: after a few it must wait."""

    __tablename__ = "link_try"

    account: str = Field(primary_key=True, max_length=200)
    failed: int = 0
    since: datetime = Field(sa_type=UtcDateTime)
