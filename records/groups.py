"""Contact groups: whose people are in them, who keeps them, and when they were last posted to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, delete, or_, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import BigId, UtcDateTime
from records.vault import Vault

WECOM = "wecom_contact"  # customer groups: their name, owner, size and place are in customers.py
ROBOT = "wecom_robot"  # groups of staff; the address is the robot's name in the settings
WECHAT = "wechat"  # ordinary groups: no machine may write there, somebody pastes
NAME_LENGTH = 60


class GroupKind(StrEnum):
    """Whom a group gathers; the first seven are the sources' classes."""

    RETURNEES = "returnees"  # everybody who returned or may
    HEADS = "heads"  # of stations
    CITY = "city"  # who works in one city
    TALENT = "talent"
    ENTREPRENEURS = "entrepreneurs"
    VOLUNTEERS = "volunteers"  # from party, government and army
    ABROAD = "abroad"
    SAGES = "sages"  # 乡贤
    VILLAGE = "village"
    TRAINEES = "trainees"
    OTHER = "other"


class GroupSource(StrEnum):
    """How we came to know a group."""

    JOINED = "joined"  # somebody took the bot in
    SYNCED = "synced"  # read from WeCom
    LISTED = "listed"
    ENTERED = "entered"  # by staff, one at a time


class ContactGroup(SQLModel, table=True):
    """One group. What is "" is not said yet, and a group of which something is not said waits."""

    __tablename__ = "contact_group"
    __table_args__ = (Index("ix_contact_group_chat", "channel", "chat", unique=True),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    channel: str = Field(max_length=20)
    chat: str | None = Field(default=None, max_length=180)  # None where it is copied by hand
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))  # name
    kind: str = Field(default="", max_length=16)
    area: str = Field(default="", max_length=12)  # whose people
    town: str = Field(default="", max_length=24)  # and of which town or village, if of one
    city: str = Field(default="", max_length=20)  # where they are
    steward: str = Field(default="", max_length=40, index=True)  # one of the staff
    size: int | None = None
    last_post_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    source: str = Field(max_length=8)
    brought_by: str = Field(default="", max_length=40)  # of the staff
    external_id: str = Field(default="", max_length=64)
    learnt_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # we are not in it
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # staff: none of ours


@dataclass(frozen=True, slots=True)
class Joined:
    """A group that the bot was taken into; `size` where the channel told it."""

    channel: str
    chat: str
    name: str
    size: int | None = None
    by: str = ""  # of the staff


_TABLE = ContactGroup.__table__  # type: ignore[attr-defined]


def join(session: Session, vault: Vault, found: Joined, at: datetime) -> None:
    """The bot is in a group. One that it was in before is as it was; a dropped one waits anew."""
    _begin(session, found.channel, found.chat, GroupSource.JOINED, at)
    row = _of_chat(session, found.channel, found.chat)
    row.sealed = vault.seal(found.name[:NAME_LENGTH])
    row.size = row.size if found.size is None else found.size
    row.brought_by = found.by or row.brought_by
    if row.left_at is not None and row.dropped_at is not None:
        row.dropped_at, row.kind, row.steward = None, "", ""
    row.left_at = None
    session.flush()


def link(session: Session, chat_id: str, at: datetime) -> None:
    """There is such a customer group; all that WeCom knows of it stays in customers.py."""
    _begin(session, WECOM, chat_id, GroupSource.SYNCED, at)


def leave(session: Session, channel: str, chat: str, at: datetime) -> None:
    """The bot is not in a group any more."""
    here = (_TABLE.c.channel == channel) & (_TABLE.c.chat == chat) & _TABLE.c.left_at.is_(None)
    session.execute(update(_TABLE).where(here).values(left_at=at))


def move(session: Session, channel: str, chat: str, new_chat: str) -> None:
    """A group has a new address. What was learnt under the new one meanwhile is the same group."""
    old = _find(session, channel, chat)
    if old is None:
        return
    new = _find(session, channel, new_chat)
    if new is not None:
        old.size = old.size if new.size is None else new.size
        old.sealed = new.sealed or old.sealed
        session.execute(delete(_TABLE).where(_TABLE.c.id == new.id))
        session.expunge(new)
    old.chat, old.left_at = new_chat, None
    session.flush()


def measure(session: Session, vault: Vault, found: Joined) -> None:
    """The name and the size that a group has now."""
    mine = (_TABLE.c.channel == found.channel) & (_TABLE.c.chat == found.chat)
    values: dict[str, Any] = {} if found.size is None else {"size": found.size}
    if found.name:
        values["sealed"] = vault.seal(found.name[:NAME_LENGTH])
    if values:
        session.execute(update(_TABLE).where(mine).values(**values))


def add(session: Session, vault: Vault, name: str, **values: Any) -> int:
    """A group that staff enter, to paste into unless another channel is named; its number."""
    sealed = vault.seal(name[:NAME_LENGTH])
    row = ContactGroup(**{"channel": WECHAT, "sealed": sealed, **values})
    session.add(row)
    session.flush()
    return row.id or 0


def change(session: Session, number: int, **values: Any) -> None:
    """What is said of a group from now on."""
    session.execute(update(_TABLE).where(_TABLE.c.id == number).values(**values))


def posted(session: Session, number: int, at: datetime) -> None:
    """Something was posted to a group."""
    is_later = or_(_TABLE.c.last_post_at.is_(None), _TABLE.c.last_post_at < at)
    mine = update(_TABLE).where(_TABLE.c.id == number, is_later)
    session.execute(mine.values(last_post_at=at))


def to_measure(session: Session, after: int, limit: int) -> list[tuple[int, str, str]]:
    """Number, channel and address of groups that the bot is in, behind a number."""
    query = select(_TABLE.c.id, _TABLE.c.channel, _TABLE.c.chat).where(
        _TABLE.c.id > after,
        _TABLE.c.chat.is_not(None),
        _TABLE.c.channel != WECOM,
        _TABLE.c.left_at.is_(None),
        _TABLE.c.dropped_at.is_(None),
    )
    rows = session.execute(query.order_by(_TABLE.c.id).limit(limit))
    return [(row[0], row[1], row[2]) for row in rows]


def _begin(session: Session, channel: str, chat: str, source: GroupSource, at: datetime) -> None:
    row = {"channel": channel, "chat": chat, "source": source.value, "learnt_at": at}
    names = ("kind", "area", "town", "city", "steward", "brought_by", "external_id")
    empty = dict.fromkeys(names, "")
    once = insert_or_ignore(session, _TABLE, ["channel", "chat"])
    session.connection().execute(once, [{**empty, **row}])


def _of_chat(session: Session, channel: str, chat: str) -> ContactGroup:
    found = _find(session, channel, chat)
    assert found is not None
    return found


def _find(session: Session, channel: str, chat: str) -> ContactGroup | None:
    query = select(ContactGroup).where(_TABLE.c.channel == channel, _TABLE.c.chat == chat)
    return session.execute(query).scalar()
