"""Dated messages: what is due to somebody on a day, unless the reason goes away before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    LargeBinary,
    delete,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert
from records.messages import Option
from records.outbox import OutboxRow, OutboxState
from records.types import UtcDateTime
from records.vault import Vault

LONGEST_KEY = 80
_KEPT = timedelta(days=180)  # as long as the messages (domain P-16)
_AT_ONCE = 500  # messages looked up in one statement


class Kind(StrEnum):
    """What a reminder is about."""

    FORM = "form"  # was left unfinished
    DEADLINE = "deadline"
    APPOINTMENT = "appointment"
    CALL_BACK = "call_back"
    COURSE = "course"
    EVENT = "event"
    TASK = "task"  # of staff
    MILESTONE = "milestone"  # a date of theirs opens something: 办照满6个月
    SURVEY = "survey"

    @property
    def is_advice(self) -> bool:
        """Whether nobody asked for it: then it needs the consent to be sent what fits."""
        return self is Kind.MILESTONE


class State(StrEnum):
    """Where a reminder stands; all but waiting are final."""

    WAITING = "waiting"
    QUEUED = "queued"  # in the outbox
    CANCELLED = "cancelled"
    LATE = "late"  # was not to be sent in its time: caps, quiet hours, nobody at work
    UNWELCOME = "unwelcome"  # they said stop, never agreed, or cannot be reached


class ReminderRow(SQLModel, table=True):
    """One dated message, sealed."""

    __tablename__ = "reminder"
    __table_args__ = (
        Index(
            "ix_reminder_due",
            "due",
            "key",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    key: str = Field(primary_key=True, max_length=LONGEST_KEY)
    whom: str = Field(max_length=220, index=True)
    kind: str = Field(max_length=20)
    due: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str = Field(default=State.WAITING.value, max_length=12)
    outbox_key: str = Field(default="", max_length=120, index=True)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is to be said to `whom` from `due` on, and no more from `until` on.

    `key` is its only name, of parts split by "/": cancelling "course/7" cancels "course/7/eve".
    """

    key: str
    whom: str  # made by `to_person`, `to_account` or `to_staff`
    kind: Kind
    due: datetime
    until: datetime
    text: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """How a reminder stands, and the message that it became: None where there is none (yet)."""

    due: datetime
    state: State
    message: OutboxState | None = None
    failure: str = ""


Place = tuple[datetime, str]  # in the order of what is due: a moment and a key
BEFORE_ALL: Place = (datetime.min.replace(tzinfo=UTC), "")

_TABLE = ReminderRow.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_PERSON, _ACCOUNT, _STAFF = "person:", "account:", "staff:"


def to_person(person_id: str) -> str:
    """Somebody registered, by whichever of their accounts they can be reached."""
    return f"{_PERSON}{person_id}"


def to_account(conversation: str) -> str:
    """Whoever talks to us there, registered or not."""
    return f"{_ACCOUNT}{conversation}"


def to_staff(name: str) -> str:
    """One of the staff."""
    return f"{_STAFF}{name}"


def plan(session: Session, vault: Vault, reminder: Reminder, now: datetime) -> None:
    """Say it when it is due. Planned again under its key: the new words and moments hold.

    What has been said is said again only if it is due at another moment now.
    """
    if not reminder.due < reminder.until:
        raise ValueError("a reminder must end after it is due")
    if len(reminder.key) > LONGEST_KEY:
        raise ValueError(f"a reminder's key has at most {LONGEST_KEY} characters")
    statement = insert(session, _TABLE)
    new = statement.excluded
    is_open = _TABLE.c.state.in_((State.WAITING.value, State.CANCELLED.value))
    names = ("whom", "kind", "due", "until", "payload", "state", "outbox_key", "settled_at")
    statement = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={name: new[name] for name in names},
        where=or_(is_open, _TABLE.c.due != new.due),
    )
    _stop(session, _queued(session, _TABLE.c.key == reminder.key, other_than=reminder.due), now)
    session.connection().execute(statement, [_new_row(vault, reminder)])


def cancel(session: Session, key: str, at: datetime) -> int:
    """The reason is gone: neither it nor what lies beneath its key is said; how many waited."""
    mine = or_(_TABLE.c.key == key, _TABLE.c.key.startswith(f"{key}/", autoescape=True))
    return _cancel(session, mine, at)


def halt(session: Session, begin: str, end: str, at: datetime) -> int:
    """What has keys that begin and end so is said no more; how many waited.

    Their time is over from now on: what is put into the outbox this moment does not leave either.
    """
    keys = _TABLE.c.key.startswith(begin, autoescape=True)
    mine = keys & _TABLE.c.key.endswith(end, autoescape=True)
    waited = _cancel(session, mine, at)
    session.execute(update(_TABLE).where(mine, _TABLE.c.until > at).values(until=at))
    return waited


def keep_only(session: Session, begin: str, keys: Collection[str], at: datetime) -> int:
    """Of what waits under keys that begin so only these are said; how many others waited."""
    waits = text("state = 'waiting'")  # spelled out: the index of what waits is used
    mine = _TABLE.c.key.startswith(begin, autoescape=True)
    known = session.execute(select(_TABLE.c.key).where(waits, mine)).scalars()
    return sum(cancel(session, key, at) for key in set(known).difference(keys))


def told(session: Session, begin: str, end: str) -> dict[str, Told]:
    """How what has keys that begin and end so stands, by whom it is for."""
    keys = _TABLE.c.key.startswith(begin, autoescape=True)
    query = select(_TABLE.c.whom, _TABLE.c.state, _TABLE.c.key, _TABLE.c.due).where(
        keys, _TABLE.c.key.endswith(end, autoescape=True)
    )
    rows = session.execute(query).all()
    sent = _messages_of(session, [outbox_key(row.key, row.due) for row in rows])
    return {
        row.whom: Told(row.due, State(row.state), *sent.get(outbox_key(row.key, row.due), ()))
        for row in rows
    }


def outbox_key(key: str, due: datetime) -> str:
    """The name under which a reminder leaves that is due at a moment."""
    return f"remind/{key}/{due.astimezone(UTC):%y%m%d%H%M}"


def cancel_for(session: Session, whom: str, at: datetime, *, kind: Kind | None = None) -> int:
    """Nothing of this kind, or of any, is due to them any more; how many waited."""
    mine = _TABLE.c.whom == whom
    return _cancel(session, mine & (_TABLE.c.kind == kind.value) if kind else mine, at)


def due(
    session: Session, now: datetime, *, after: Place = BEFORE_ALL, limit: int
) -> list[ReminderRow]:
    """Some of those that wait and are due, by moment and key, those beyond `after`."""
    c = _TABLE.c
    query = select(ReminderRow).where(
        text("state = 'waiting'"),  # spelled out: the index of what waits is used
        c.due <= now,
        # Compared as one, in the order of that index: it is read from there on.
        tuple_(c.due, c.key) > tuple_(literal(after[0], UtcDateTime), literal(after[1])),
    )
    return list(session.execute(query.order_by(c.due, c.key).limit(limit)).scalars())


def due_of_kind(session: Session, kind: Kind, now: datetime) -> list[str]:
    """To whom something of a kind is due now."""
    query = select(_TABLE.c.whom).where(
        text("state = 'waiting'"), _TABLE.c.due <= now, _TABLE.c.kind == kind.value
    )
    return list(session.execute(query.distinct()).scalars())


def was_said(session: Session, key: str, since: datetime) -> bool:
    """Whether a reminder of this key was said since then."""
    query = select(_TABLE.c.key).where(
        _TABLE.c.key == key,
        _TABLE.c.state == State.QUEUED.value,
        _TABLE.c.settled_at >= since,
    )
    return session.execute(query).first() is not None


def settle(
    session: Session, keys: Iterable[str], state: State, at: datetime, *, outbox_key: str = ""
) -> None:
    """How these ended."""
    values = {"state": state.value, "settled_at": at, "outbox_key": outbox_key}
    session.execute(update(_TABLE).where(_TABLE.c.key.in_(list(keys))).values(values))


def over(session: Session, outbox_keys: Sequence[str], now: datetime) -> set[str]:
    """Those of these messages that are reminders, and whose time is over."""
    query = select(_TABLE.c.outbox_key).where(
        _TABLE.c.outbox_key.in_(list(outbox_keys)), _TABLE.c.until <= now
    )
    return set(session.execute(query).scalars())


def drop_late(session: Session, now: datetime) -> int:
    """What is queued or held, and whose time is over, is not sent; how many."""
    found = _queued(session, _TABLE.c.until <= now)
    dropped = _stop(session, found, now)
    for some in _portions(found):
        done = update(_TABLE).where(_TABLE.c.outbox_key.in_(some))
        session.execute(done.values(outbox_key=""))  # looked at once
    return dropped


def of(session: Session, whom: str) -> list[ReminderRow]:
    """All that was ever planned for somebody, what is due first ahead."""
    query = select(ReminderRow).where(_TABLE.c.whom == whom).order_by(_TABLE.c.due, _TABLE.c.key)
    return list(session.execute(query).scalars())


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: what was due to the first is due to the second."""
    mine = update(_TABLE).where(_TABLE.c.whom == to_person(gone))
    session.execute(mine.values(whom=to_person(kept)))


def erase(session: Session, whom: str) -> None:
    """Nothing is kept of what was due to somebody who is forgotten."""
    session.execute(delete(_TABLE).where(_TABLE.c.whom == whom))


def prune(session: Session, now: datetime) -> int:
    """Drop what was settled half a year ago; how many."""
    old = delete(_TABLE).where(_TABLE.c.settled_at < now - _KEPT)
    return int(session.connection().execute(old).rowcount)


def person_of(whom: str) -> str:
    """The id of a person in the register; "" where it is somebody else."""
    return whom.removeprefix(_PERSON) if whom.startswith(_PERSON) else ""


def account_of(whom: str) -> str:
    """The key of a conversation; "" where it is somebody else."""
    return whom.removeprefix(_ACCOUNT) if whom.startswith(_ACCOUNT) else ""


def staff_of(whom: str) -> str:
    """The name of one of the staff; "" where it is somebody else."""
    return whom.removeprefix(_STAFF) if whom.startswith(_STAFF) else ""


def _messages_of(session: Session, keys: Sequence[str]) -> dict[str, tuple[OutboxState, str]]:
    found: dict[str, tuple[OutboxState, str]] = {}
    columns = (_OUTBOX.c.dedupe_key, _OUTBOX.c.state, _OUTBOX.c.failure)
    for some in _portions(keys):
        query = select(*columns).where(_OUTBOX.c.dedupe_key.in_(some))
        found |= {key: (OutboxState(state), why) for key, state, why in session.execute(query)}
    return found


def _cancel(session: Session, mine: Any, at: datetime) -> int:
    # What is in the outbox already has not left for sure: it may wait there for days.
    _stop(session, _queued(session, mine), at)
    waits = mine & (_TABLE.c.state == State.WAITING.value)
    ended = {"state": State.CANCELLED.value, "settled_at": at}
    done = session.connection().execute(update(_TABLE).where(waits).values(ended))
    return int(done.rowcount)


def _queued(session: Session, mine: Any, *, other_than: datetime | None = None) -> list[str]:
    """The messages of these reminders that are in the outbox, but for those due at a moment."""
    has_one = _TABLE.c.outbox_key > ""  # not "!=": this way an index serves it
    query = select(_TABLE.c.outbox_key).where(mine, has_one)
    if other_than is not None:
        query = query.where(_TABLE.c.due != other_than)
    return list(session.execute(query).scalars())


def _stop(session: Session, outbox_keys: Sequence[str], at: datetime) -> int:
    waits = (OutboxState.QUEUED.value, OutboxState.HELD.value)
    values = {"state": OutboxState.STOPPED.value, "settled_at": at}
    stopped = 0
    for some in _portions(outbox_keys):
        mine = update(_OUTBOX).where(_OUTBOX.c.dedupe_key.in_(some), _OUTBOX.c.state.in_(waits))
        stopped += session.connection().execute(mine.values(values)).rowcount
    return stopped


def _portions(keys: Sequence[str]) -> Iterator[list[str]]:
    """PostgreSQL refuses a statement with more than 32,767 values."""
    for first in range(0, len(keys), _AT_ONCE):
        yield list(keys[first : first + _AT_ONCE])


def _new_row(vault: Vault, reminder: Reminder) -> dict[str, Any]:
    options = [[option.label, option.value] for option in reminder.options]
    return {
        "key": reminder.key,
        "whom": reminder.whom,
        "kind": reminder.kind.value,
        "due": reminder.due,
        "until": reminder.until,
        "payload": vault.seal({"text": reminder.text, "options": options}),
        "state": State.WAITING.value,
        "outbox_key": "",
        "settled_at": None,
    }


def opened(row: ReminderRow, vault: Vault) -> Reminder:
    """A row as a value, its words opened."""
    content = vault.open(row.payload)
    return Reminder(
        key=row.key,
        whom=row.whom,
        kind=Kind(row.kind),
        due=row.due,
        until=row.until,
        text=content["text"],
        options=tuple(Option(label, value) for label, value in content["options"]),
    )
