"""What one partner may see of one person: asked for, agreed to by them alone, taken back at once.

It holds only while the consent that it names holds (domain P-08).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, Select, delete, func, select, update
from sqlmodel import Field, Session, SQLModel

from records import consents
from records.consents import SHARE, Consent, Said
from records.people import Person, Status
from records.types import BigId, Json, UtcDateTime

ANSWERED_WITHIN = timedelta(days=7)


class SharingState(StrEnum):
    """Where it stands at a moment."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    SILENT = "silent"  # they did not answer in time
    OVER = "over"  # taken back, or its days are over


class SharingRow(SQLModel, table=True):
    """One partner, some fields, one purpose, some days; `version` is of the words asked."""

    __tablename__ = "sharing"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24, index=True)
    ticket: str = Field(default="", max_length=12)
    partner: str = Field(max_length=40, index=True)
    fields: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    purpose: str = Field(max_length=16)
    days: int
    version: str = Field(max_length=20)
    asked_by: str = Field(max_length=40)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    consent: int | None = Field(default=None, sa_type=BigId)  # what they said; the proof outlives
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What staff would like to show to whom, what for, for how long."""

    person_id: str
    partner: str
    fields: tuple[str, ...]
    purpose: str
    days: int
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class Sharing:
    """One of them, with where it stands."""

    number: int
    wanted: Wanted
    version: str
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None
    until: datetime | None
    state: SharingState


_TABLE, _CONSENTS = SharingRow.__table__, Consent.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
SINCE = func.coalesce(_TABLE.c.until, _TABLE.c.answered_at, _TABLE.c.asked_at)  # its last day


def ask(session: Session, wanted: Wanted, *, version: str, by: str, at: datetime) -> int:
    """Keep what somebody is asked; its number."""
    row = SharingRow(
        person_id=wanted.person_id,
        ticket=wanted.ticket,
        partner=wanted.partner,
        fields=list(wanted.fields),
        purpose=wanted.purpose,
        days=wanted.days,
        version=version,
        asked_by=by,
        asked_at=at,
    )
    session.add(row)
    session.flush()
    return int(row.id or 0)


def answer(session: Session, number: int, *, is_given: bool, channel: str, at: datetime) -> bool:
    """Their word, into the ledger of consents too; False where nothing is asked any more."""
    query = select(SharingRow).where(_TABLE.c.id == number).with_for_update()
    row = session.execute(query).scalars().first()
    if row is None or row.answered_at is not None or row.asked_at + ANSWERED_WITHIN <= at:
        return False
    said = Said(SHARE, is_given, at, row.version)
    row.consent = consents.note_one(session, row.person_id, said, channel=channel)
    row.answered_at = at
    row.until = at + timedelta(days=row.days) if is_given else None
    session.flush()
    return True


def end(session: Session, numbers: Sequence[int], at: datetime) -> None:
    """Taken back: from now on nothing is shown."""
    mine = select(_TABLE.c.consent).where(_TABLE.c.id.in_(numbers))
    ending = update(_CONSENTS).where(_CONSENTS.c.id.in_(mine), _CONSENTS.c.ended_at.is_(None))
    session.execute(ending.values(ended_at=at))
    asked = _TABLE.c.id.in_(numbers) & _TABLE.c.answered_at.is_(None)
    session.execute(update(_TABLE).where(asked).values(answered_at=at))


def end_due(session: Session, now: datetime) -> int:
    """Consents end with their days; how many."""
    due = select(_TABLE.c.consent).where(_TABLE.c.until <= now)
    ending = update(_CONSENTS).where(_CONSENTS.c.id.in_(due), _CONSENTS.c.ended_at.is_(None))
    return int(session.connection().execute(ending.values(ended_at=now)).rowcount)


def prune(session: Session, now: datetime) -> int:
    """Drop what was over, refused or met with silence three years ago, as its proof; how many."""
    old = delete(_TABLE).where(now - consents.PROOF_LIFE > SINCE)
    return int(session.connection().execute(old).rowcount)


def of_people(session: Session, person_ids: Collection[str], now: datetime) -> list[Sharing]:
    """Everything that was asked of these, the newest first."""
    found = _query().where(_TABLE.c.person_id.in_(list(person_ids)))
    return _read(session, found, now)


def of_partner(session: Session, partner: str, now: datetime) -> list[Sharing]:
    """What a partner may see at this moment, the newest first."""
    found = _read(session, _query().where(_TABLE.c.partner == partner), now)
    return [one for one in found if one.state is SharingState.GIVEN]


def find(session: Session, number: int, now: datetime) -> Sharing | None:
    """One of them."""
    return next(iter(_read(session, _query().where(_TABLE.c.id == number), now)), None)


def _query() -> Select[tuple[SharingRow, Consent | None, str]]:
    return (
        select(SharingRow, Consent, _PEOPLE.c.status)
        .join(Person, _PEOPLE.c.id == _TABLE.c.person_id)
        .outerjoin(Consent, _CONSENTS.c.id == _TABLE.c.consent)
        .order_by(_TABLE.c.id.desc())
    )


def _read(
    session: Session, query: Select[tuple[SharingRow, Consent | None, str]], now: datetime
) -> list[Sharing]:
    return [
        Sharing(
            number=int(row.id or 0),
            wanted=Wanted(
                row.person_id, row.partner, tuple(row.fields), row.purpose, row.days, row.ticket
            ),
            version=row.version,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            answered_at=row.answered_at,
            until=row.until,
            state=_state(row, said, status, now),
        )
        for row, said, status in session.execute(query)
    ]


def _state(row: SharingRow, said: Consent | None, status: str, now: datetime) -> SharingState:
    if said is None:
        is_open = row.answered_at is None and now < row.asked_at + ANSWERED_WITHIN
        return SharingState.ASKED if is_open else SharingState.SILENT
    if not said.given:
        return SharingState.REFUSED
    is_due = row.until is None or row.until <= now
    is_over = is_due or said.ended_at is not None or status != Status.CONFIRMED
    return SharingState.OVER if is_over else SharingState.GIVEN
