"""What the county alone knows of people: a tier among 乡贤, and who vouches for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlmodel import Field, Session, SQLModel

from records import audit
from records.types import UtcDateTime

HOLDS = timedelta(days=365)  # a word for somebody (domain 5.4)


class Tier(StrEnum):
    """Where a business person from here stands (domain S2-12)."""

    REGISTERED = "registered"
    SELECTED = "selected"
    KEY = "key"


class Word(StrEnum):
    """What a named human says of somebody whom they know."""

    VOUCHED = "vouched"
    UNKNOWN = "unknown"
    DOUBTED = "doubted"  # to be talked to first


class SageTier(SQLModel, table=True):
    """A person's tier, and who keeps in touch with them."""

    __tablename__ = "sage_tier"

    person_id: str = Field(primary_key=True, max_length=24)
    tier: str = Field(max_length=12, index=True)
    owner: str = Field(default="", max_length=40, index=True)
    contacted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


class Voucher(SQLModel, table=True):
    """有信誉: what a named human said of a person, and when it is over."""

    __tablename__ = "voucher"

    person_id: str = Field(primary_key=True, max_length=24)
    word: str = Field(max_length=10)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    objected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Vouched:
    """A word for somebody that holds."""

    word: Word
    by: str
    at: datetime
    until: datetime
    is_objected: bool


@dataclass(frozen=True, slots=True)
class Sage:
    """A person's tier as the county sees it."""

    person_id: str
    tier: Tier
    owner: str
    contacted_at: datetime | None


_TIERS = SageTier.__table__  # type: ignore[attr-defined]
_VOUCHERS = Voucher.__table__  # type: ignore[attr-defined]


def place(
    session: Session, person_id: str, tier: Tier, *, owner: str, by: str, at: datetime
) -> None:
    """A person is of this tier from now on; the owner stays where none is named."""
    known = session.get(SageTier, person_id)
    if known is None:
        session.add(SageTier(person_id=person_id, tier=tier, owner=owner, by=by, at=at))
    else:
        known.tier, known.owner = tier.value, owner or known.owner
        known.by, known.at = by, at
    session.flush()
    audit.write(session, "sage.placed", at=at, actor=f"staff:{by}"[:60], subject=person_id)


def contacted(session: Session, person_id: str, *, by: str, at: datetime) -> bool:
    """Somebody has been in touch; False where the person is of no tier."""
    known = session.get(SageTier, person_id)
    if known is None:
        return False
    known.contacted_at = at
    session.flush()
    audit.write(session, "sage.contacted", at=at, actor=f"staff:{by}"[:60], subject=person_id)
    return True


def pair(session: Session, person_id: str, owner: str, *, by: str, at: datetime) -> bool:
    """A leader keeps in touch from now on (domain S2-08); False where they are of no tier."""
    known = session.get(SageTier, person_id)
    if known is None:
        return False
    known.owner, known.by, known.at = owner, by, at
    session.flush()
    audit.write(session, "sage.paired", at=at, actor=f"staff:{by}"[:60], subject=person_id)
    return True


def sage(session: Session, person_id: str) -> Sage | None:
    """How it stands with one; None where they are of no tier."""
    row = session.get(SageTier, person_id)
    return Sage(row.person_id, Tier(row.tier), row.owner, row.contacted_at) if row else None


def among_sages(session: Session, person_ids: Sequence[str]) -> frozenset[str]:
    """Those of these people who are of a tier."""
    query = select(_TIERS.c.person_id).where(_TIERS.c.person_id.in_(person_ids))
    return frozenset(session.execute(query).scalars())


def sages(session: Session, tier: Tier | None = None) -> list[Sage]:
    """Everybody of a tier, or of any."""
    query = select(_TIERS).order_by(_TIERS.c.at, _TIERS.c.person_id)
    if tier is not None:
        query = query.where(_TIERS.c.tier == tier.value)
    return [
        Sage(row.person_id, Tier(row.tier), row.owner, row.contacted_at)
        for row in session.execute(query)
    ]


def vouch(session: Session, person_id: str, word: Word, *, by: str, at: datetime) -> None:
    """A named human says what they know of somebody; what was said before is replaced."""
    session.execute(delete(_VOUCHERS).where(_VOUCHERS.c.person_id == person_id))
    session.add(Voucher(person_id=person_id, word=word, by=by, at=at, until=at + HOLDS))
    session.flush()
    audit.write(session, "person.vouched", at=at, actor=f"staff:{by}"[:60], subject=person_id)


def vouched(session: Session, person_ids: Sequence[str], now: datetime) -> dict[str, Vouched]:
    """What holds of these people now."""
    query = select(_VOUCHERS).where(_VOUCHERS.c.person_id.in_(person_ids), _VOUCHERS.c.until > now)
    return {
        row.person_id: Vouched(
            Word(row.word), row.by, row.at, row.until, row.objected_at is not None
        )
        for row in session.execute(query)
    }


def objects(session: Session, person_id: str, *, at: datetime) -> None:
    """The person does not agree with what was said of them: it counts no more until looked at."""
    change = update(_VOUCHERS).where(_VOUCHERS.c.person_id == person_id)
    session.execute(change.values(objected_at=at))
    audit.write(session, "voucher.objected", at=at, subject=person_id)


def hand_on(session: Session, gone: str, kept: str) -> None:
    """One person had two records: the kept one has what it has not of its own."""
    for table in (_TIERS, _VOUCHERS):
        has_own = session.execute(select(table.c.person_id).where(table.c.person_id == kept))
        if has_own.first() is None:
            change = update(table).where(table.c.person_id == gone)
            session.execute(change.values(person_id=kept))
