"""The ledger of consents: who agreed to which words, when and how, until when (domain P-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from records import cases, consents, privacy_wordings
from records.consents import PROOF_LIFE, Consent
from records.people import Person

NAMES = {
    consents.CORE: "登记和保存",
    consents.PUSH: "主动推荐",
    consents.DIRECTORY: "进乡贤通讯录",
    consents.DIRECTORY_PHONE: "通讯录里写手机号",
    cases.CONSENT: "讲本人的故事",
    cases.NAMED: "讲的时候用名字",
    "ambassador": "当宣传大使",
    consents.SHARE: "给合作单位看",
}
_TABLE, _PEOPLE = Consent.__table__, Person.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of one person; `words` is what they agreed to, "" where it was not kept."""

    number: int
    person_id: str
    kind: str
    is_given: bool
    version: str
    channel: str
    given_at: datetime
    ended_at: datetime | None
    words: str = ""

    @property
    def kept_until(self) -> datetime | None:
        """When the proof goes; None while the answer stands."""
        return self.ended_at + PROOF_LIFE if self.ended_at else None


@dataclass(frozen=True, slots=True)
class Count:
    """Of one kind: yes and no in force, and answers that have ended whose proof is kept."""

    kind: str
    given: int
    refused: int
    ended: int


def name_of(kind: str) -> str:
    """What a consent is for, as the office reads it."""
    return NAMES.get(kind, kind)


def of_person(session: Session, person_id: str) -> list[Entry]:
    """Everything that one person answered, oldest first; also of who was deleted since."""
    query = select(Consent).where(_TABLE.c.person_id == person_id).order_by(_TABLE.c.id)
    return _entries(session, list(session.execute(query).scalars()))


def listed(
    session: Session,
    within: ColumnElement[bool],
    *,
    kind: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[Entry]:
    """The newest answers of people for whom `within` holds; `before` a number, to page on."""
    query = select(Consent).join(Person, _PEOPLE.c.id == _TABLE.c.person_id).where(within)
    if kind:
        query = query.where(_TABLE.c.kind == kind)
    if before is not None:
        query = query.where(_TABLE.c.id < before)
    rows = session.execute(query.order_by(_TABLE.c.id.desc()).limit(limit)).scalars()
    return _entries(session, list(rows))


def counts(
    session: Session, since: datetime | None = None, until: datetime | None = None
) -> list[Count]:
    """How many there are of each kind; of those given in a span, where one is named."""
    is_over = _TABLE.c.ended_at.is_not(None)
    query = select(
        _TABLE.c.kind,
        func.count().filter(_TABLE.c.given, ~is_over),
        func.count().filter(~_TABLE.c.given, ~is_over),
        func.count().filter(is_over),
    ).group_by(_TABLE.c.kind)
    if since is not None:
        query = query.where(_TABLE.c.given_at >= since)
    if until is not None:
        query = query.where(_TABLE.c.given_at < until)
    return [Count(*row) for row in session.execute(query.order_by(_TABLE.c.kind))]


def _entries(session: Session, rows: Sequence[Consent]) -> list[Entry]:
    known = privacy_wordings.of(session, {row.version for row in rows if row.version})
    return [
        Entry(
            number=row.id or 0,
            person_id=row.person_id,
            kind=row.kind,
            is_given=row.given,
            version=row.version,
            channel=row.channel,
            given_at=row.given_at,
            ended_at=row.ended_at,
            words=known[row.version].words if row.version in known else "",
        )
        for row in rows
    ]
