"""Campaigns: what is sent to whom, who approved it, and how it stands with every recipient."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index, Text, select, text, update
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    FREEZING = "freezing"  # submitted; its recipients are being written down
    SUBMITTED = "submitted"  # frozen, waits for a second person
    APPROVED = "approved"  # waits for its first wave
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class RecipientState(StrEnum):
    """Where one recipient stands; from SENT on it is final."""

    LEFT_OUT = "left_out"  # by the freeze, for a named reason: never planned
    HELD_OUT = "held_out"  # not written to, to compare with
    PLANNED = "planned"  # once it is fed, the outbox knows how it stands
    SENT = "sent"
    DELIVERED = "delivered"  # the channel said that it arrived
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # a crash between the provider and us: never sent again
    OPTED_OUT = "opted_out"  # after the freeze
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"  # with the campaign


class Reason(StrEnum):
    """Why somebody is left out by the freeze, or when their turn came."""

    DECEASED = "deceased"
    PENDING = "pending"  # entered by somebody else, and not confirmed by themselves
    OPTED_OUT = "opted_out"
    NOT_AGREED = "not_agreed"  # never said yes to being written to
    TOPIC = "topic"  # wants nothing of this topic
    NO_ACCOUNT = "no_account"
    UNREACHABLE = "unreachable"  # blocked us, or the channel is not in service
    DUPLICATE = "duplicate"  # another record with the same account or phone gets it
    NO_DAY = "no_day"  # their wave goes by a day of their own, and it is not known
    DAY_PAST = "day_past"
    DAY_LATER = "day_later"  # after the campaign ends


class OwnDay(StrEnum):
    """Days of people's own by which a wave may go."""

    REGISTERED = "registered"
    RETURN = "return"  # the day on which they said that they come home
    LICENSED = "licensed"  # of the business licence; the last that it can have been


class Campaign(SQLModel, table=True):
    """One campaign. `audience` is as typed; `digest` is what a second person approves."""

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str = Field(default="campaign", max_length=12)  # or invitation, letter, digest, cases
    topic: str = Field(default="", max_length=12)  # of records/wishes.py
    title: str = Field(max_length=60)
    goal: str = Field(default="", max_length=200)
    area: str = Field(max_length=12, index=True)
    town: str = Field(default="", max_length=24)
    kit: str = Field(default="", max_length=40)  # the template that it was made from
    event_id: int = Field(default=0, sa_column=Column(BigId, nullable=False, index=True))  # or 0
    audience: str = Field(default="", sa_column=Column(Text, nullable=False))
    weight: int = 1  # its share of a channel beside other campaigns
    holdout: int = 0  # percent who are not written to
    second: int = 0  # percent who get wording B
    takes_late: bool = False  # people who fit only after the freeze
    state: str = Field(default=CampaignState.DRAFT.value, max_length=10, index=True)
    drafted_by: str = Field(max_length=40)
    submitted_by: str = Field(default="", max_length=40)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: str = Field(default="", max_length=40)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    digest: str = Field(default="", max_length=64)
    frozen: str = Field(default="", max_length=64)  # of the list as it was frozen
    frozen_up_to: str = Field(default="", max_length=24)  # the last person looked at
    frozen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # what is left then stops
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class CampaignText(SQLModel, table=True):
    """One wording; `channel` "" serves every channel without one of its own."""

    __tablename__ = "campaign_text"

    campaign_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    variant: str = Field(primary_key=True, max_length=1)  # A or B
    channel: str = Field(primary_key=True, max_length=20)
    text: str = Field(sa_column=Column(Text, nullable=False))
    link: str = Field(default="", max_length=300)


class CampaignWave(SQLModel, table=True):
    """One wave: `said` as it was typed, `at` the moment that this is, `share` in percent.

    One by a day of people's own is due so many months and days after it; `at` is then the first
    moment that this can be, and its hour.
    """

    __tablename__ = "campaign_wave"

    campaign_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    number: int = Field(primary_key=True)
    said: str = Field(max_length=60)
    at: datetime = Field(sa_type=UtcDateTime)
    share: int = 100
    is_evening: bool = False  # in each person's own evening of that day
    day: str = Field(default="", max_length=12)  # of OwnDay, "" where the calendar says when
    months: int = 0
    days: int = 0


class CampaignRecipient(SQLModel, table=True):
    """One person of one campaign, once; the account is a conversation's key."""

    __tablename__ = "campaign_recipient"
    __table_args__ = (
        Index(
            "ix_campaign_recipient_due",
            "campaign_id",
            "channel",
            "due",
            "person_id",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
        Index("ix_campaign_recipient_person", "person_id"),
    )

    campaign_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    person_id: str = Field(primary_key=True, max_length=24)  # or a name of nobody, once erased
    wave: int = 0
    variant: str = Field(default="", max_length=1)
    channel: str = Field(default="", max_length=20)
    account: str = Field(default="", max_length=200)
    state: str = Field(max_length=11)
    reason: str = Field(default="", max_length=24)
    due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CampaignCursor(SQLModel, table=True):
    """How far the recipients of one channel were fed to the outbox, in the order of their due."""

    __tablename__ = "campaign_cursor"

    campaign_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    channel: str = Field(primary_key=True, max_length=20)
    due: datetime = Field(sa_type=UtcDateTime)
    last: str = Field(max_length=24)  # the id of the person fed last


class CampaignStep(SQLModel, table=True):
    """What was done with a campaign, by whom; `note` says why, in the words of who did it."""

    __tablename__ = "campaign_step"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    campaign_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    by: str = Field(max_length=40)
    what: str = Field(max_length=20)
    note: str = Field(default="", max_length=200)
    at: datetime = Field(sa_type=UtcDateTime)


_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]


def forget(session: Session, person_id: str) -> None:
    """Recipients stay so that the sums hold, but nothing leads back to who it was."""
    query = select(_RECIPIENTS.c.campaign_id).where(_RECIPIENTS.c.person_id == person_id)
    for campaign_id in list(session.execute(query).scalars()):
        session.execute(
            update(_RECIPIENTS)
            .where(_RECIPIENTS.c.campaign_id == campaign_id, _RECIPIENTS.c.person_id == person_id)
            .values(person_id=f"gone-{secrets.token_hex(8)}", account="")
        )
