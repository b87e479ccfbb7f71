"""Content files as staff edited them: drafts, reviews, what is live, and every version before."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import BigId, UtcDateTime


class Stage(StrEnum):
    """Where a version of a content file stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"  # read and agreed to by somebody else than its author
    LIVE = "live"
    REPLACED = "replaced"  # was live; a newer version is
    WITHDRAWN = "withdrawn"  # was live; nothing is served in its place
    DROPPED = "dropped"  # a draft that nobody took further


class PageVersion(SQLModel, table=True):
    """One version of one content file, in the words of the file format (docs/reference).

    `path` is relative to the packs' folder: "dingtao/policies/dingtao-loan.toml". A live version
    stands in front of the file that the program was shipped with; `base` is the fingerprint of
    that file when the version was made, "" where there was none.
    """

    __tablename__ = "policy_page"
    __table_args__ = (UniqueConstraint("path", "number"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    path: str = Field(max_length=200)
    number: int
    stage: str = Field(max_length=12, index=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    base: str = Field(default="", max_length=64)
    author: str = Field(default="", max_length=60)
    reviewer: str = Field(default="", max_length=60)
    owner: str = Field(default="", max_length=60)  # answers for it, and is warned before it ends
    note: str = Field(default="", max_length=300)
    review_by: date | None = None
    ends_on: date | None = None  # the entry's valid_until
    made_at: datetime = Field(sa_type=UtcDateTime)
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    live_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rechecked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # people re-checked
    corrected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # those told, told


class KnowledgeRevision(SQLModel, table=True):
    """One row: counts the changes to what is served, so that every process notices them."""

    __tablename__ = "knowledge_revision"

    id: int = Field(default=1, primary_key=True)
    number: int = 0
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
