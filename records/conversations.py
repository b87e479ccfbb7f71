"""Conversations: where a talk stands, kept sealed; one row a chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, bindparam, delete, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import UtcDateTime


class Conversation(SQLModel, table=True):
    """One chat on one channel. `version` rises with every turn: a stale writer is refused."""

    __table_args__ = (
        Index("ix_conversation_draft", "draft_until"),
        Index("ix_conversation_forget", "forget_at"),
    )

    key: str = Field(primary_key=True, max_length=200)
    channel: str = Field(max_length=20)
    chat: str = Field(max_length=180)
    is_group: bool = False
    version: int = 1
    state: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    area: str = Field(default="", max_length=12)
    draft_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    forget_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unreachable: str = Field(default="", max_length=40)  # the failure's word; "" = can be reached
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stands, as a turn reads it."""

    key: str
    is_group: bool
    version: int
    state: bytes
    area: str
    forget_at: datetime | None
    unreachable: str


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A conversation that holds something unfinished, and when it was moved on last."""

    key: str
    state: bytes
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What a turn leaves behind; `version` is the one it was based on, 0 for a new one."""

    key: str
    channel: str
    chat: str
    is_group: bool
    version: int
    state: bytes
    area: str
    draft_until: datetime | None
    forget_at: datetime | None
    at: datetime


class Overtaken(Exception):
    """Somebody else moved the conversation on since it was read: read again and redo the turn."""


_TABLE = Conversation.__table__  # type: ignore[attr-defined]
_STANDING = select(*(_TABLE.c[field.name] for field in fields(Standing))).where(
    _TABLE.c.key.in_(bindparam("keys", expanding=True))
)
_HELD = _STANDING.order_by(_TABLE.c.key).with_for_update(skip_locked=True)


def load(session: Session, keys: Sequence[str]) -> dict[str, Standing]:
    """The conversations that exist among `keys`."""
    rows = session.connection().execute(_STANDING, {"keys": list(keys)})
    return {row.key: Standing(*row) for row in rows}


def hold(session: Session, keys: Sequence[str]) -> dict[str, Standing]:
    """The same, kept as they are until this transaction ends; without those being moved on now."""
    rows = session.connection().execute(_HELD, {"keys": sorted(keys)})
    return {row.key: Standing(*row) for row in rows}


def amend(session: Session, held: Standing, state: bytes) -> None:
    """What a held conversation remembers changes from outside the talk."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.key == held.key, _TABLE.c.version == held.version)
        .values(state=state, version=held.version + 1)
    )


def relieve(
    session: Session, held: Standing, state: bytes, *, draft_until: datetime | None
) -> None:
    """A held conversation without what had to be gone, and when the rest must be."""
    amend(session, held, state)
    mine = _TABLE.c.key == held.key
    session.execute(update(_TABLE).where(mine).values(draft_until=draft_until))


def put(
    session: Session,
    key: str,
    version: int,
    *,
    state: bytes,
    has_draft: bool = False,
    forget_at: datetime | None = None,
) -> None:
    """Another talk moves this one on; Overtaken if it has gone on by itself meanwhile."""
    values: dict[str, object] = {"version": version + 1, "state": state}
    if not has_draft:
        values["draft_until"] = None
    if forget_at is not None:
        values["forget_at"] = forget_at
    changed = update(_TABLE).where(_TABLE.c.key == key, _TABLE.c.version == version)
    if session.connection().execute(changed.values(values)).rowcount != 1:
        raise Overtaken


def save(session: Session, turns: Sequence[Saved]) -> None:
    """Store where each conversation stands now; Overtaken if one was moved on meanwhile."""
    new = [_new_row(turn) for turn in turns if turn.version == 0]
    old = [turn for turn in turns if turn.version > 0]
    is_sqlite = session.connection().dialect.name == "sqlite"
    stored = 0
    if new:
        stored += _begun(session, new)
    if old:
        stored += _moved_on(session, old) if is_sqlite else _moved_together(session, old)
    if stored != len(turns):
        raise Overtaken


def settle_in(session: Session, key: str, area: str, state: bytes) -> None:
    """The person's home is known from outside the talk."""
    session.execute(update(_TABLE).where(_TABLE.c.key == key).values(area=area, state=state))


def mark_reach(session: Session, key: str, word: str) -> None:
    """Remember that a chat cannot be reached and why; "" when it can again."""
    session.execute(update(_TABLE).where(_TABLE.c.key == key).values(unreachable=word))


def forget(session: Session, key: str) -> None:
    """Remove the conversation and all that its state held."""
    session.execute(delete(_TABLE).where(_TABLE.c.key == key))


def with_expired_drafts(session: Session, now: datetime, limit: int) -> dict[str, datetime]:
    """Conversations that hold what must be gone by now, with when they were last moved on."""
    query = select(_TABLE.c.key, _TABLE.c.updated_at).where(_TABLE.c.draft_until <= now)
    rows = session.execute(query.order_by(_TABLE.c.draft_until).limit(limit))
    return {row.key: row.updated_at for row in rows}


def left_alone(session: Session, since: datetime, before: datetime) -> list[LeftAlone]:
    """Those with something unfinished, moved on last in this span, who can be written to."""
    query = select(_TABLE.c.key, _TABLE.c.state, _TABLE.c.updated_at).where(
        _TABLE.c.draft_until.is_not(None),
        _TABLE.c.updated_at > since,
        _TABLE.c.updated_at <= before,
        _TABLE.c.is_group.is_(False),
        _TABLE.c.forget_at.is_(None),
        _TABLE.c.unreachable == "",
    )
    return [LeftAlone(*row) for row in session.execute(query)]


def is_used(session: Session, channel: str) -> bool:
    """Whether anybody talks on a channel."""
    query = select(_TABLE.c.key).where(_TABLE.c.channel == channel).limit(1)
    return session.execute(query).first() is not None


def to_forget(session: Session, now: datetime) -> list[str]:
    """Conversations whose person asked to be deleted, and whose receipt has had time to arrive."""
    query = select(_TABLE.c.key).where(_TABLE.c.forget_at <= now)
    return list(session.execute(query).scalars())


_UPDATE = (
    update(_TABLE)
    .where(_TABLE.c.key == bindparam("b_key"), _TABLE.c.version == bindparam("b_version"))
    .values(
        version=bindparam("b_next"),
        state=bindparam("b_state"),
        area=bindparam("b_area"),
        draft_until=bindparam("b_draft"),
        forget_at=bindparam("b_forget"),
        unreachable="",
        updated_at=bindparam("b_at"),
    )
)

_UPDATE_TOGETHER = """
    UPDATE conversation AS c SET version = m.version + 1, state = m.state, area = m.area,
        draft_until = m.draft_until, forget_at = m.forget_at, unreachable = '', updated_at = m.at
    FROM unnest($1::varchar[], $2::integer[], $3::bytea[], $4::varchar[], $5::timestamptz[],
        $6::timestamptz[], $7::timestamptz[])
        AS m(key, version, state, area, draft_until, forget_at, at)
    WHERE c.key = m.key AND c.version = m.version
"""


def _new_row(turn: Saved) -> dict[str, object]:
    return {
        "key": turn.key,
        "channel": turn.channel,
        "chat": turn.chat,
        "is_group": turn.is_group,
        "version": 1,
        "state": turn.state,
        "area": turn.area,
        "draft_until": turn.draft_until,
        "forget_at": turn.forget_at,
        "unreachable": "",
        "created_at": turn.at,
        "updated_at": turn.at,
    }


def _changed_row(turn: Saved) -> dict[str, object]:
    return {
        "b_key": turn.key,
        "b_version": turn.version,
        "b_next": turn.version + 1,
        "b_state": turn.state,
        "b_area": turn.area,
        "b_draft": turn.draft_until,
        "b_forget": turn.forget_at,
        "b_at": turn.at,
    }


def _begun(session: Session, rows: list[dict[str, object]]) -> int:
    statement = insert_or_ignore(session, _TABLE, ["key"])
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return int(connection.execute(statement, rows).rowcount)
    # The driver does not count the rows of an executemany.
    return len(connection.execute(statement.returning(_TABLE.c.key), rows).all())


def _moved_on(session: Session, turns: Sequence[Saved]) -> int:
    return int(session.connection().execute(_UPDATE, [_changed_row(t) for t in turns]).rowcount)


def _moved_together(session: Session, turns: Sequence[Saved]) -> int:
    """In one statement: one for each costs ten times as much."""
    columns = zip(*(_values(turn) for turn in sorted(turns, key=lambda t: t.key)), strict=True)
    given = tuple(list(column) for column in columns)
    return int(session.connection().exec_driver_sql(_UPDATE_TOGETHER, given).rowcount)


def _values(turn: Saved) -> tuple[object, ...]:
    """In the order of `_UPDATE_TOGETHER`."""
    return (
        turn.key,
        turn.version,
        turn.state,
        turn.area,
        turn.draft_until,
        turn.forget_at,
        turn.at,
    )
