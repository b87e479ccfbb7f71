"""Content files as staff edited them: drafts, reviews, what is live, and every version before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, Text, UniqueConstraint, inspect, or_, select
from sqlmodel import Field, Session, SQLModel

from records import audit
from records.edit_refusals import NoSuchVersion, WrongStage
from records.types import BigId, UtcDateTime


class Stage(StrEnum):
    """Where a version of a content file stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"  # read and agreed to by somebody else than its author
    LIVE = "live"
    REPLACED = "replaced"  # was live; a newer version is
    WITHDRAWN = "withdrawn"  # was live; nothing is served in its place
    DROPPED = "dropped"  # a draft that nobody took further


STAGE_WORDS = {
    Stage.DRAFT: "草稿",
    Stage.REVIEWED: "已审",
    Stage.LIVE: "在用",
    Stage.REPLACED: "已被替换",
    Stage.WITHDRAWN: "已撤下",
    Stage.DROPPED: "已放弃",
}


class PageVersion(SQLModel, table=True):
    """One version of one content file, in the words of the file format (docs/reference).

    `path` is relative to the packs' folder: "dingtao/policies/dingtao-loan.toml". A live version
    stands in front of the file that the program was shipped with, a withdrawn one hides it; of
    several the highest number counts. `follows` is the number that counted when this version was
    made, 0 for none; `base` the fingerprint of the shipped file then, "" where there was none.
    """

    __tablename__ = "policy_page"
    __table_args__ = (UniqueConstraint("path", "number"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    path: str = Field(max_length=200)
    number: int
    stage: str = Field(max_length=12, index=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    withdraws: bool = False  # once it is released nothing is served in this page's place
    follows: int = 0
    base: str = Field(default="", max_length=64)
    author: str = Field(default="", max_length=60)
    reviewer: str = Field(default="", max_length=60)
    owner: str = Field(default="", max_length=60)  # answers for it, and is warned before it ends
    note: str = Field(default="", max_length=300)
    sent_back: str = Field(  # why `reviewer` wants it written otherwise; "" where nobody does
        default="", max_length=200, sa_column_kwargs={"server_default": ""}
    )
    review_by: date | None = None
    ends_on: date | None = None  # the entry's valid_until
    made_at: datetime = Field(sa_type=UtcDateTime)
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    live_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rechecked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # people re-checked
    corrected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # those told, told

    @property
    def stands(self) -> str:
        """Where it stands, and that it is to take its page out of service, if it is."""
        return stands(Stage(self.stage), self.withdraws, self.sent_back)


class KnowledgeRevision(SQLModel, table=True):
    """One row: counts the changes to what is served, so that every process notices them."""

    __tablename__ = "knowledge_revision"

    id: int = Field(default=1, primary_key=True)
    number: int = 0
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Served:
    """What stands in front of the shipped files: path → text, or None where it is withdrawn."""

    revision: int
    pages: Mapping[str, str | None]


FRONT = (Stage.LIVE, Stage.WITHDRAWN)
WAITING = (Stage.DRAFT, Stage.REVIEWED)
_TABLE = PageVersion.__table__  # type: ignore[attr-defined]
_REVISION = KnowledgeRevision.__table__  # type: ignore[attr-defined]


def stands(stage: Stage, withdraws: bool, sent_back: str) -> str:
    """Where a version stands, in words."""
    if sent_back and stage is Stage.DRAFT:
        return "退回来改"
    return STAGE_WORDS[stage] + ("，要撤下" if withdraws and stage in WAITING else "")


def fingerprint(text: str) -> str:
    """What tells two versions of a text apart."""
    return hashlib.sha256(text.encode()).hexdigest()


def revision(session: Session) -> int:
    """How often what is served has changed; 0 if never."""
    return session.execute(select(_REVISION.c.number)).scalar() or 0


def served(session: Session) -> Served:
    """Every page that stands in front of a shipped one."""
    number = revision(session)  # first: what is released in between is then read once more
    rows = session.execute(
        select(_TABLE.c.path, _TABLE.c.stage, _TABLE.c.text)
        .where(_TABLE.c.stage.in_(FRONT))
        .order_by(_TABLE.c.path, _TABLE.c.number)
    )
    return Served(
        number, {row.path: row.text if row.stage == Stage.LIVE else None for row in rows}
    )


def served_if_any(session: Session) -> Served:
    """The same in a database whose schema may be older than edited pages."""
    is_there = inspect(session.connection()).has_table(PageVersion.__tablename__)
    return served(session) if is_there else Served(0, {})


def earlier(session: Session, paths: Sequence[str]) -> dict[str, list[str | None]]:
    """For each page what was served before, newest first; it ends where one was withdrawn."""
    found: dict[str, list[str | None]] = {path: [] for path in paths}
    for path, texts in found.items():
        for row in versions(session, path):
            if row.stage == Stage.REPLACED:
                texts.append(row.text)
            elif row.stage == Stage.WITHDRAWN:
                texts.append(None)
                break
    return found


def version(session: Session, number: int) -> PageVersion:
    """The version with this id; NoSuchVersion if there is none."""
    row = session.get(PageVersion, number)
    if row is None:
        raise NoSuchVersion(number)
    return row


def owners(session: Session) -> dict[str, str]:
    """Who answers for each page that is live, where somebody was named."""
    return {row.path: row.owner for row in at_stages(session, Stage.LIVE) if row.owner}


def warn_once(
    session: Session, warnings: Sequence[tuple[str, str]], at: datetime
) -> list[tuple[str, str]]:
    """Those of these warnings, (entry, what), that nobody was given before; now they were."""
    acts = {f"warn_{what}" for _, what in warnings}
    given = {(row.subject, row.act) for row in audit.with_acts(session, acts)}
    new = [each for each in warnings if (f"entry:{each[0]}"[:60], f"warn_{each[1]}") not in given]
    for entry, what in new:
        audit.write(session, f"warn_{what}", at=at, actor="system", subject=f"entry:{entry}"[:60])
    return new


def standing(session: Session, number: int, stages: tuple[Stage, ...], act: str) -> PageVersion:
    """A version that stands at one of these stages; WrongStage, saying what cannot be done."""
    row = version(session, number)
    if row.stage not in stages:
        raise WrongStage(number, STAGE_WORDS[Stage(row.stage)], act)
    return row


def versions(session: Session, path: str) -> list[PageVersion]:
    """Every version of a page, newest first."""
    query = select(PageVersion).where(_TABLE.c.path == path).order_by(_TABLE.c.number.desc())
    return list(session.execute(query).scalars())


def front_of(session: Session, path: str) -> PageVersion | None:
    """The version that counts: live, or withdrawn; None where the shipped file counts."""
    return next((row for row in versions(session, path) if row.stage in FRONT), None)


def at_stages(session: Session, *stages: Stage) -> list[PageVersion]:
    """All versions that stand there, by path."""
    query = (
        select(PageVersion)
        .where(_TABLE.c.stage.in_(stages))
        .order_by(_TABLE.c.path, _TABLE.c.number)
    )
    return list(session.execute(query).scalars())


def waiting(session: Session) -> list[PageVersion]:
    """Drafts, and reviewed versions that are not yet live."""
    return at_stages(session, *WAITING)


def due(session: Session, today: date, days: int) -> list[PageVersion]:
    """Live versions that end, or are to be reviewed, by so many days from today."""
    last = today + timedelta(days=days)
    query = select(PageVersion).where(
        _TABLE.c.stage == Stage.LIVE, or_(_TABLE.c.ends_on <= last, _TABLE.c.review_by <= last)
    )
    return list(session.execute(query.order_by(_TABLE.c.path)).scalars())
