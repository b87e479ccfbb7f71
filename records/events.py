"""Events: who is invited, says yes and comes; minutes; what was signed; what is to follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, func, literal, or_, select, update
from sqlmodel import Field, Session, SQLModel

from records.campaigns import CampaignRecipient, RecipientState
from records.dialect import insert, insert_or_ignore
from records.scope import stem
from records.types import BigId, UtcDateTime
from records.vault import Vault


class EventKind(StrEnum):
    """The kinds that the documents name; the value is what they are called."""

    TALK = "恳谈会"
    FORUM = "座谈会"
    MATCHING = "资源对接会"
    PROMOTION = "推介会"
    CONGRESS = "大会"
    TOUR = "考察行"
    LECTURE = "宣讲"  # 四进
    SIGNING = "集中签约"
    PAYOUT = "集中发放"
    ROADSHOW = "路演"
    ASSOCIATION = "联谊会"
    HEADS = "站长会议"
    ADVICE = "送服务下乡"
    COMMENDATION = "表彰会"
    OTHER = "活动"


class Venue(StrEnum):
    """The four kinds of places that 四进 names; the value is what they are called."""

    NONE = ""
    FIRM = "企业"
    VILLAGE = "乡村"
    NEIGHBOURHOOD = "社区"
    WORKERS = "外出务工人员集聚地"


class Answer(StrEnum):
    """What somebody says to an invitation."""

    NONE = ""
    YES = "yes"
    NO = "no"


class EventRow(SQLModel, table=True):
    """One event; its number is what everybody calls it by («活动3»)."""

    __tablename__ = "event"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str = Field(max_length=10)
    title: str = Field(max_length=40)
    area: str = Field(max_length=24, index=True)  # whose people are invited: an area or a place
    county: str = Field(default="", max_length=12)  # of a town or a village; else ""
    city: str = Field(default="", max_length=20)  # only those who work there
    place: str = Field(default="", max_length=40)
    station: int = 0  # 0: none
    venue: str = Field(default="", max_length=12, sa_column_kwargs={"server_default": ""})
    starts_at: datetime = Field(sa_type=UtcDateTime, index=True)
    staff: str = Field(max_length=40)  # who runs it
    invited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # it was agreed to
    is_off: bool = False
    walk_ins: int = 0  # who came and is not registered: counted, not named
    minutes: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    created_at: datetime = Field(sa_type=UtcDateTime)


class Invitation(SQLModel, table=True):
    """Somebody and an event; `came` is None until staff say."""

    __table_args__ = (Index("ix_invitation_once", "event_id", "person_id", unique=True),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    event_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    person_id: str = Field(max_length=24, index=True)
    answer: str = Field(default="", max_length=4)
    came: bool | None = None
    at: datetime = Field(sa_type=UtcDateTime)


class Signing(SQLModel, table=True):
    """What was signed at an event; money in yuan, None where it is not said."""

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    event_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    project: str = Field(max_length=60)
    firm: str = Field(max_length=60)
    planned: int | None = Field(default=None, sa_column=Column(BigId, nullable=True))
    landed: int | None = Field(default=None, sa_column=Column(BigId, nullable=True))
    party: str = Field(  # who signed with the firm
        default="", max_length=60, sa_column_kwargs={"server_default": ""}
    )
    by: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})
    at: datetime = Field(sa_type=UtcDateTime)


class FollowUp(SQLModel, table=True):
    """Something to be done after an event; what it is may name people, so it is sealed."""

    __tablename__ = "follow_up"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    event_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    staff: str = Field(max_length=40, index=True)
    due_on: date
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event as it is told to us."""

    kind: EventKind
    title: str
    area: str
    starts_at: datetime
    staff: str
    place: str = ""
    city: str = ""
    station: int = 0
    county: str = ""  # where `area` is a town or a village
    venue: Venue = Venue.NONE


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is read, with how many were invited, said yes or no, and came."""

    number: int
    told: NewEvent
    invited: int = 0
    yes: int = 0
    no: int = 0
    came: int = 0
    walk_ins: int = 0
    invited_at: datetime | None = None
    is_off: bool = False
    has_minutes: bool = False


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody's invitation."""

    event: int
    person_id: str
    answer: Answer
    came: bool | None


@dataclass(frozen=True, slots=True)
class Signed:
    """One signing, by its number («签7»)."""

    number: int
    event: int
    project: str
    firm: str
    planned: int | None
    landed: int | None
    party: str = ""  # who signed with the firm
    by: str = ""  # who typed it


@dataclass(frozen=True, slots=True)
class Totals:
    """The four figures of a signing ledger (domain S3-10)."""

    projects: int
    firms: int
    planned: int
    landed: int


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done after an event, by its number («跟7»)."""

    number: int
    event: int
    staff: str
    due_on: date
    text: str
    done_at: datetime | None = None


_EVENTS = EventRow.__table__  # type: ignore[attr-defined]
_GUESTS = Invitation.__table__  # type: ignore[attr-defined]
_SIGNED = Signing.__table__  # type: ignore[attr-defined]
_TASKS = FollowUp.__table__  # type: ignore[attr-defined]
_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_WHERE = (_EVENTS.c.area, _EVENTS.c.county)
_TOLD = ("title", "area", "starts_at", "staff", "place", "city", "station", "county")


def add(session: Session, told: NewEvent, at: datetime) -> int:
    """Store an event; its number."""
    values = {name: getattr(told, name) for name in _TOLD}
    row = EventRow(**values, kind=told.kind.value, venue=told.venue.value, created_at=at)
    session.add(row)
    session.flush()
    return row.id or 0


def find(session: Session, number: int, *, locks: bool = False) -> Event | None:
    """One event; `locks`: nobody else may decide on it before we are done."""
    if locks:
        session.execute(select(_EVENTS.c.id).where(_EVENTS.c.id == number).with_for_update())
    found = _read(session, _EVENTS.c.id == number)
    return found[0] if found else None


def by_numbers(session: Session, numbers: Sequence[int]) -> list[Event]:
    """These events, the first ahead."""
    return _read(session, _EVENTS.c.id.in_(list(numbers)))


def of_area(session: Session, area: str, since: datetime, until: datetime) -> list[Event]:
    """The events within an area that begin within a time."""
    mine = _EVENTS.c.starts_at.between(since, until)
    if area:
        begin = stem(area)
        here = (column.startswith(begin, autoescape=True) for column in _WHERE)
        mine &= or_(*here)
    return _read(session, mine)


def of_person(session: Session, person_ids: Sequence[str], since: datetime) -> list[Guest]:
    """The invitations of these people to events that begin after a moment."""
    query = (
        select(_GUESTS)
        .join(_EVENTS, _EVENTS.c.id == _GUESTS.c.event_id)
        .where(_GUESTS.c.person_id.in_(list(person_ids)), _EVENTS.c.starts_at >= since)
        .where(_EVENTS.c.is_off.is_(False))
        .order_by(_EVENTS.c.starts_at)
    )
    return [_guest(row) for row in session.execute(query)]


def guests(session: Session, number: int) -> list[Guest]:
    """Everybody who was invited or came, those who said yes first."""
    order = (_GUESTS.c.answer != Answer.YES.value, _GUESTS.c.id)
    query = select(_GUESTS).where(_GUESTS.c.event_id == number).order_by(*order)
    return [_guest(row) for row in session.execute(query)]


def invite(session: Session, number: int, person_ids: Sequence[str], at: datetime) -> None:
    """These are invited; who is already stays as they are."""
    once = insert_or_ignore(session, _GUESTS, ["event_id", "person_id"])
    rows = [{"event_id": number, "person_id": each, "answer": "", "at": at} for each in person_ids]
    if rows:
        session.connection().execute(once, rows)


def invite_planned(session: Session, number: int, campaign: int, at: datetime) -> None:
    """Everybody whom a campaign is to write to is invited; who is already stays as they are."""
    planned = select(
        literal(number).label("event_id"),
        _RECIPIENTS.c.person_id,
        literal("").label("answer"),
        literal(at, UtcDateTime).label("at"),
    ).where(
        _RECIPIENTS.c.campaign_id == campaign,
        _RECIPIENTS.c.state == RecipientState.PLANNED.value,
    )
    names = [column.name for column in planned.selected_columns]
    into = insert(session, _GUESTS).from_select(names, planned.order_by(_RECIPIENTS.c.person_id))
    once = into.on_conflict_do_nothing(index_elements=["event_id", "person_id"])
    session.connection().execute(once)
    change(session, number, invited_at=at)


def change(session: Session, number: int, **values: Any) -> None:
    """Other values of an event's columns."""
    session.execute(update(_EVENTS).where(_EVENTS.c.id == number).values(values))


def answer(session: Session, number: int, person_id: str, said: Answer) -> None:
    """Somebody comes, or does not; the last word holds."""
    mine = (_GUESTS.c.event_id == number) & (_GUESTS.c.person_id == person_id)
    session.execute(update(_GUESTS).where(mine).values(answer=said.value))


def mark(session: Session, number: int, person_ids: Sequence[str], *, came: bool) -> None:
    """These came, or did not."""
    mine = (_GUESTS.c.event_id == number) & _GUESTS.c.person_id.in_(list(person_ids))
    session.execute(update(_GUESTS).where(mine).values(came=came))


def keep_minutes(session: Session, vault: Vault, number: int, text: str) -> None:
    """What was talked about; the last text holds."""
    change(session, number, minutes=vault.seal(text))


def minutes(session: Session, vault: Vault, number: int) -> str:
    """What was talked about; "" where nothing is written down."""
    sealed = session.execute(select(_EVENTS.c.minutes).where(_EVENTS.c.id == number)).scalar()
    return str(vault.open(sealed)) if sealed else ""


def sign(session: Session, signed: Signed, at: datetime) -> int:
    """Store a signing; its number."""
    row = Signing(
        event_id=signed.event,
        project=signed.project,
        firm=signed.firm,
        planned=signed.planned,
        landed=signed.landed,
        party=signed.party,
        by=signed.by[:40],
        at=at,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def signings(session: Session, events: Sequence[int]) -> list[Signed]:
    """What was signed at these events."""
    query = select(_SIGNED).where(_SIGNED.c.event_id.in_(list(events))).order_by(_SIGNED.c.id)
    return [_signed(row) for row in session.execute(query)]


def signing(session: Session, number: int) -> Signed | None:
    """One signing."""
    row = session.execute(select(_SIGNED).where(_SIGNED.c.id == number)).first()
    return _signed(row) if row else None


def totals(signed: Sequence[Signed]) -> Totals:
    """The four figures; what is not said counts as nothing."""
    return Totals(
        projects=len({each.project for each in signed if each.project}),
        firms=len({each.firm for each in signed if each.firm}),
        planned=sum(each.planned or 0 for each in signed),
        landed=sum(each.landed or 0 for each in signed),
    )


def follow(session: Session, vault: Vault, task: Task, at: datetime) -> int:
    """Store something to be done after an event; its number."""
    row = FollowUp(
        event_id=task.event,
        staff=task.staff,
        due_on=task.due_on,
        sealed=vault.seal({"text": task.text, "note": ""}),
        at=at,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def finish(session: Session, vault: Vault, task: Task, note: str, at: datetime) -> None:
    """It is done, with what came of it."""
    sealed = vault.seal({"text": task.text, "note": note})
    done = update(_TASKS).where(_TASKS.c.id == task.number)
    session.execute(done.values(done_at=at, sealed=sealed))


def task(session: Session, vault: Vault, number: int) -> Task | None:
    """One of those."""
    row = session.execute(select(_TASKS).where(_TASKS.c.id == number)).first()
    return _task(row, vault) if row else None


def tasks_of(session: Session, vault: Vault, events: Sequence[int]) -> list[Task]:
    """What is to be done after these events, what is due first ahead."""
    query = select(_TASKS).where(_TASKS.c.event_id.in_(list(events)))
    rows = session.execute(query.order_by(_TASKS.c.due_on, _TASKS.c.id))
    return [_task(row, vault) for row in rows]


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: the invitations of the first are the second's, unless it has it."""
    known = select(_GUESTS.c.event_id).where(_GUESTS.c.person_id == kept)
    have = set(session.execute(known).scalars())
    mine = (_GUESTS.c.person_id == gone) & _GUESTS.c.event_id.not_in(have)
    session.execute(update(_GUESTS).where(mine).values(person_id=kept))


def _read(session: Session, wanted: Any) -> list[Event]:
    query = select(_EVENTS).where(wanted).order_by(_EVENTS.c.starts_at, _EVENTS.c.id)
    rows = session.execute(query).all()
    events = [_event(row) for row in rows]
    counts = _counts(session, [event.number for event in events]) if events else {}
    told = []
    for event in events:
        invited, yes, no, came = counts.get(event.number, (0, 0, 0, 0))
        told.append(replace(event, invited=invited, yes=yes, no=no, came=came))
    return told


def _counts(session: Session, numbers: Sequence[int]) -> dict[int, tuple[int, int, int, int]]:
    """How many guests each event has: invited, said yes, said no, came."""
    query = (
        select(_GUESTS.c.event_id, _GUESTS.c.answer, _GUESTS.c.came, func.count())
        .where(_GUESTS.c.event_id.in_(numbers))
        .group_by(_GUESTS.c.event_id, _GUESTS.c.answer, _GUESTS.c.came)
    )
    found: dict[int, tuple[int, int, int, int]] = {}
    for event, said, has_come, count in session.execute(query):
        invited, yes, no, came = found.get(event, (0, 0, 0, 0))
        found[event] = (
            invited + count,
            yes + count * (said == Answer.YES),
            no + count * (said == Answer.NO),
            came + count * bool(has_come),
        )
    return found


def _event(row: Any) -> Event:
    values = {name: getattr(row, name) for name in _TOLD}
    told = NewEvent(kind=EventKind(row.kind), venue=Venue(row.venue), **values)
    return Event(
        number=row.id,
        told=told,
        walk_ins=row.walk_ins,
        invited_at=row.invited_at,
        is_off=row.is_off,
        has_minutes=row.minutes is not None,
    )


def _guest(row: Any) -> Guest:
    return Guest(row.event_id, row.person_id, Answer(row.answer), row.came)


def _signed(row: Any) -> Signed:
    return Signed(
        number=row.id,
        event=row.event_id,
        project=row.project,
        firm=row.firm,
        planned=row.planned,
        landed=row.landed,
        party=row.party,
        by=row.by,
    )


def _task(row: Any, vault: Vault) -> Task:
    text = vault.open(row.sealed)["text"]
    return Task(row.id, row.event_id, row.staff, row.due_on, text, row.done_at)
