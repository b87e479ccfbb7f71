"""Consents: who agreed to what, in which wording, when it ended; kept as proof, nameless."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Index, delete, select, update
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime

CORE = "core"  # to keep the registration itself
PUSH = "push"  # to be sent fitting policies and projects
DIRECTORY = "directory"  # to stand in the address book of 乡贤 (domain S2-14)
DIRECTORY_PHONE = "directory_phone"  # with the phone
SHARE = "share"  # one case to one partner; one for each (records/sharing.py)
PROOF_LIFE = timedelta(days=3 * 365)  # domain P-16: proofs stay three years after the end


class Consent(SQLModel, table=True):
    """One yes or no of one person; `ended_at` when a yes was taken back."""

    __table_args__ = (  # the ledger is listed and counted by kind
        Index("ix_consent_kind", "kind", "id"),
        Index("ix_consent_counted", "kind", "given", "ended_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24, index=True)
    kind: str = Field(max_length=20)
    given: bool
    version: str = Field(default="", max_length=20)  # of the notice that was shown
    channel: str = Field(default="", max_length=20)
    given_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to a question of consent."""

    kind: str
    given: bool
    at: datetime
    version: str = ""


_TABLE = Consent.__table__  # type: ignore[attr-defined]


def note(session: Session, person_id: str, said: Iterable[Said], *, channel: str) -> None:
    """Write down what a person answered; a newer answer ends the older one of its kind."""
    for answer in said:
        end(session, person_id, at=answer.at, kinds=(answer.kind,))
        note_one(session, person_id, answer, channel=channel)


def note_one(session: Session, person_id: str, said: Said, *, channel: str) -> int:
    """An answer that stands beside others of its kind; its number."""
    row = Consent(
        person_id=person_id,
        kind=said.kind,
        given=said.given,
        version=said.version,
        channel=channel,
        given_at=said.at,
    )
    session.add(row)
    session.flush()
    return int(row.id or 0)


def end(
    session: Session, person_id: str, *, at: datetime, kinds: Sequence[str] | None = None
) -> None:
    """Consents are over: all of a person's, or those of some kinds."""
    ending = update(_TABLE).where(_TABLE.c.person_id == person_id, _TABLE.c.ended_at.is_(None))
    if kinds is not None:
        ending = ending.where(_TABLE.c.kind.in_(kinds))
    session.execute(ending.values(ended_at=at))


def in_force(session: Session, person_ids: Sequence[str]) -> dict[str, tuple[Said, ...]]:
    """The newest answer of each kind, yes or no, of each person; what is shared apart."""
    is_of_kind = _TABLE.c.ended_at.is_(None) & (_TABLE.c.kind != SHARE)
    query = (
        select(Consent).where(_TABLE.c.person_id.in_(person_ids), is_of_kind).order_by(_TABLE.c.id)
    )
    found: dict[str, tuple[Said, ...]] = {}
    for row in session.execute(query).scalars():
        said = Said(row.kind, row.given, row.given_at, row.version)
        found[row.person_id] = (*found.get(row.person_id, ()), said)
    return found


def prune(session: Session, now: datetime) -> int:
    """Remove proofs whose time is over; how many."""
    old = delete(_TABLE).where(_TABLE.c.ended_at <= now - PROOF_LIFE)
    return int(session.connection().execute(old).rowcount)
