"""What was done for people, visit by visit, and the call-backs that are due (domain F-VISIT)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, Index, LargeBinary, delete, func, select, text, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import BigId, Json, UtcDateTime
from records.vault import Vault


class VisitKind(StrEnum):
    """What kind of contact it was."""

    CALL = "call"  # 回访
    KNOCK = "knock"  # 敲门, 走访
    FIRM = "firm"  # 入企
    GUIDANCE = "guidance"  # 辅导, by a mentor
    NO_ANSWER = "no_answer"  # tried in vain: no contact, but not nothing


class Gift(StrEnum):
    """The five that are brought to people's doors (五送, domain S0-12)."""

    POLICY = "政策"
    NEWS = "信息"
    TECHNIQUE = "技术"
    SERVICE = "服务"
    WARMTH = "温暖"


class Light(StrEnum):
    """How it stands, as a human sees it; never worked out by the machine (domain S4-24)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Standing(StrEnum):
    """What the helper found."""

    OPEN = "open"
    PREPARING = "preparing"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a call-back is due."""

    FIRST = "first"  # the helper's first word, within three working days
    MONTH_1 = "month_1"
    MONTH_3 = "month_3"
    MONTH_6 = "month_6"
    MONTH_12 = "month_12"
    PROMISED = "promised"  # the helper named the day
    AGAIN = "again"  # nobody answered


MONTHS = {Reason.MONTH_1: 1, Reason.MONTH_3: 3, Reason.MONTH_6: 6, Reason.MONTH_12: 12}


class Visit(SQLModel, table=True):
    """One contact; the words about it are sealed."""

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24, index=True)
    helper: str = Field(max_length=40, index=True)
    kind: str = Field(max_length=12)
    light: str = Field(default="", max_length=8)
    standing: str = Field(default="", max_length=12)
    gifts: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    minutes: int = 0
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class CallBack(SQLModel, table=True):
    """Somebody is to be heard by their helper on a day."""

    __tablename__ = "call_back"
    __table_args__ = (
        Index("ix_call_back_once", "person_id", "reason", "due_on", unique=True),
        Index(
            "ix_call_back_due",
            "due_on",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24)
    reason: str = Field(max_length=10)
    due_on: date
    visit: int | None = Field(default=None, sa_column=Column(BigId, nullable=True))  # that did it
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Told:
    """What a helper tells of a contact."""

    kind: VisitKind
    light: Light | None = None
    standing: Standing | None = None
    gifts: tuple[Gift, ...] = ()
    minutes: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A contact as it is read."""

    told: Told
    helper: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A call-back that is due."""

    person_id: str
    reason: Reason
    due_on: date


_TABLE = Visit.__table__  # type: ignore[attr-defined]
_DUE = CallBack.__table__  # type: ignore[attr-defined]
_WAITS = _DUE.c.settled_at.is_(None)
_OF_A_VISIT = (Reason.PROMISED.value, Reason.AGAIN.value)


def log(
    session: Session, vault: Vault, person_id: str, told: Told, *, helper: str, at: datetime
) -> int:
    """Store a contact; its id. What of the call-backs is due by then is done with it."""
    row = Visit(
        person_id=person_id,
        helper=helper,
        kind=told.kind.value,
        light=told.light.value if told.light else "",
        standing=told.standing.value if told.standing else "",
        gifts=[gift.value for gift in told.gifts],
        minutes=told.minutes,
        sealed=vault.seal(told.note),
        at=at,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def plan(session: Session, dues: Sequence[Due], at: datetime) -> None:
    """These are to be heard; one that is planned already stays as it is."""
    rows = [
        {"person_id": due.person_id, "reason": due.reason.value, "due_on": due.due_on}
        for due in dues
    ]
    if rows:
        once = insert_or_ignore(session, _DUE, ["person_id", "reason", "due_on"])
        session.connection().execute(once, [{**row, "created_at": at} for row in rows])


def settle(session: Session, person_id: str, by: date, *, visit: int, at: datetime) -> int:
    """What was due by this day is done, with this contact; how many call-backs it was."""
    done = session.connection().execute(
        update(_DUE)
        .where(_DUE.c.person_id == person_id, _DUE.c.due_on <= by, _WAITS)
        .values(settled_at=at, visit=visit)
    )
    return int(done.rowcount)


def drop(session: Session, person_ids: Sequence[str], at: datetime) -> None:
    """Nobody is to be heard of these any more."""
    mine = _DUE.c.person_id.in_(person_ids)
    session.execute(update(_DUE).where(mine, _WAITS).values(settled_at=at))


def waiting(session: Session, person_ids: Sequence[str]) -> list[Due]:
    """The call-backs of these that are not done, the earliest first."""
    query = select(_DUE.c.person_id, _DUE.c.reason, _DUE.c.due_on).where(
        _DUE.c.person_id.in_(person_ids), _WAITS
    )
    rows = session.execute(query.order_by(_DUE.c.due_on, _DUE.c.id))
    return [Due(person_id, Reason(reason), due_on) for person_id, reason, due_on in rows]


def latest(session: Session, vault: Vault, person_id: str, limit: int) -> list[Seen]:
    """The last contacts with somebody, the last first."""
    query = select(Visit).where(_TABLE.c.person_id == person_id).order_by(_TABLE.c.id.desc())
    return [_seen(row, vault) for row in session.execute(query.limit(limit)).scalars()]


def take_back(session: Session, visit: int) -> None:
    """A contact was told of by mistake: what it settled is due again, what it planned is not."""
    row = session.get(Visit, visit)
    if row is None:
        return
    mine = _DUE.c.person_id == row.person_id
    planned = (_DUE.c.created_at == row.at) & _DUE.c.reason.in_(_OF_A_VISIT)
    session.execute(delete(_DUE).where(mine, planned, _WAITS))
    session.execute(
        update(_DUE).where(mine, _DUE.c.visit == visit).values(settled_at=None, visit=None)
    )
    session.delete(row)
    session.flush()


def last_of(session: Session, helper: str, since: datetime) -> tuple[int, str] | None:
    """The last contact that a helper told of since then: its id, and whose it was."""
    query = select(_TABLE.c.id, _TABLE.c.person_id).where(
        _TABLE.c.helper == helper, _TABLE.c.at >= since
    )
    row = session.execute(query.order_by(_TABLE.c.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def last_contacts(session: Session, person_ids: Sequence[str]) -> dict[str, datetime]:
    """When each of these was last spoken to; who never was is not there."""
    query = (
        select(_TABLE.c.person_id, func.max(_TABLE.c.at))
        .where(_TABLE.c.person_id.in_(person_ids), _TABLE.c.kind != VisitKind.NO_ANSWER.value)
        .group_by(_TABLE.c.person_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def last_with(
    session: Session, person_ids: Sequence[str], standing: Standing
) -> dict[str, datetime]:
    """When each of these was last found so."""
    query = (
        select(_TABLE.c.person_id, func.max(_TABLE.c.at))
        .where(_TABLE.c.person_id.in_(person_ids), _TABLE.c.standing == standing.value)
        .group_by(_TABLE.c.person_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def hand_on(session: Session, gone: str, kept: str, at: datetime) -> None:
    """Two records became one: what was done for the first was done for the second."""
    session.execute(update(_TABLE).where(_TABLE.c.person_id == gone).values(person_id=kept))
    dues = [Due(kept, due.reason, due.due_on) for due in waiting(session, [gone])]
    drop(session, [gone], at)
    plan(session, dues, at)


def _seen(row: Visit, vault: Vault) -> Seen:
    told = Told(
        kind=VisitKind(row.kind),
        light=Light(row.light) if row.light else None,
        standing=Standing(row.standing) if row.standing else None,
        gifts=tuple(Gift(gift) for gift in row.gifts),
        minutes=row.minutes,
        note=vault.open(row.sealed),
    )
    return Seen(told, row.helper, row.at)
