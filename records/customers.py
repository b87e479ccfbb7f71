"""Customers of our staff and the groups they are in, as the provider's address book has them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from records.types import BigId, Json, UtcDateTime


class Customer(SQLModel, table=True):
    """One person whom one steward has as a contact; names are sealed."""

    __table_args__ = (Index("ix_customer_steward", "steward"),)

    external_id: str = Field(primary_key=True, max_length=80)
    steward: str = Field(primary_key=True, max_length=80)  # the corp member's userid
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # name, remark
    state: str = Field(default="", max_length=120)  # the channel code they came by
    tags: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    added_at: datetime = Field(sa_type=UtcDateTime)
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CustomerGroup(SQLModel, table=True):
    """One customer group and its owner."""

    __tablename__ = "customer_group"
    __table_args__ = (Index("ix_customer_group_owner", "owner"),)

    chat_id: str = Field(primary_key=True, max_length=80)
    owner: str = Field(max_length=80)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # name
    area: str = Field(default="", max_length=12)
    member_version: str = Field(default="", max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    synced_at: datetime = Field(sa_type=UtcDateTime)
    dismissed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GroupMember(SQLModel, table=True):
    """Somebody in a customer group: one of ours, or a customer."""

    __tablename__ = "group_member"

    chat_id: str = Field(primary_key=True, max_length=80)
    member: str = Field(primary_key=True, max_length=80)
    is_staff: bool = False
    joined_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CustomerTag(SQLModel, table=True):
    """A tag of the corporation's."""

    __tablename__ = "customer_tag"

    id: str = Field(primary_key=True, max_length=80)
    group_name: str = Field(max_length=80)
    name: str = Field(max_length=80)
    is_ours: bool = False  # an application may change only the tags that it made
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GroupTask(SQLModel, table=True):
    """A broadcast that its steward must confirm in the client; nothing leaves before that."""

    __tablename__ = "group_task"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    key: str = Field(max_length=120, unique=True)  # idempotency key of whoever asked for it
    kind: str = Field(max_length=8)  # single, group
    steward: str = Field(max_length=80, index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # text, attachments
    state: str = Field(max_length=12, index=True)  # wanted, created, confirmed, cancelled, failed
    outer_id: str = Field(default="", max_length=80)
    failure: str = Field(default="", max_length=40)
    reminders: int = 0
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wanted_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GroupTaskTarget(SQLModel, table=True):
    """One customer or group of a task, and what became of it."""

    __tablename__ = "group_task_target"
    __table_args__ = (Index("ix_group_task_target_target", "target", "sent_at"),)

    task_id: int = Field(sa_column=Column(BigId, primary_key=True))
    target: str = Field(primary_key=True, max_length=80)  # external_userid or chat_id
    state: str = Field(max_length=12)  # waiting, sent, not_friend, full, left_out, unreachable
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
