"""The wordings that people agreed to: a version in the ledger of consents leads to its words."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, Text, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import UtcDateTime


class ConsentWording(SQLModel, table=True):
    """One wording, kept from the day on which it was first served."""

    __tablename__ = "consent_wording"

    version: str = Field(primary_key=True, max_length=20)
    words: str = Field(sa_column=Column(Text, nullable=False))
    since: datetime = Field(sa_type=UtcDateTime)


_TABLE = ConsentWording.__table__  # type: ignore[attr-defined]


def keep(session: Session, version: str, words: str, *, at: datetime) -> bool:
    """Keep a wording; whether it is new."""
    row = {"version": version, "words": words, "since": at}
    made = session.connection().execute(insert_or_ignore(session, _TABLE, ["version"]), row)
    return bool(made.rowcount)


def version_of(session: Session, words: str, *, at: datetime) -> str:
    """The version of a wording that somebody answers to now; its words are kept with it."""
    version = hashlib.sha256(words.encode()).hexdigest()[:12]
    keep(session, version, words, at=at)
    return version


def of(session: Session, versions: Collection[str]) -> dict[str, ConsentWording]:
    """What these versions said, where it was kept."""
    query = select(ConsentWording).where(_TABLE.c.version.in_(set(versions)))
    return {row.version: row for row in session.execute(query).scalars()}


def everything(session: Session) -> list[ConsentWording]:
    """All wordings, oldest first."""
    return list(session.execute(select(ConsentWording).order_by(_TABLE.c.since)).scalars())
