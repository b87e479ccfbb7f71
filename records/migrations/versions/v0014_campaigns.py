"""Campaigns and their recipients."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import Json, UtcDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _campaigns()
    _recipients()
    _steps()
    _texts()
    _waves()
    _cursors()
    _stalls()
    _paused()


def _campaigns() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("topic", sa.String(12), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("goal", sa.String(200), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("town", sa.String(24), nullable=False),
        sa.Column("kit", sa.String(40), nullable=False),
        sa.Column(
            "event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("holdout", sa.Integer(), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("takes_late", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("drafted_by", sa.String(40), nullable=False),
        sa.Column("submitted_by", sa.String(40), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("approved_by", sa.String(40), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("frozen", sa.String(64), nullable=False),
        sa.Column("frozen_up_to", sa.String(24), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_state"), ["state"], unique=False)


def _recipients() -> None:
    op.create_table(
        "campaign_recipient",
        sa.Column(
            "campaign_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(1), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("campaign_id", "person_id"),
    )
    with op.batch_alter_table("campaign_recipient", schema=None) as batch_op:
        batch_op.create_index(
            "ix_campaign_recipient_due",
            ["campaign_id", "channel", "due", "person_id"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index("ix_campaign_recipient_person", ["person_id"], unique=False)


def _steps() -> None:
    op.create_table(
        "campaign_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("campaign_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_step_campaign_id"), ["campaign_id"], unique=False
        )


def _texts() -> None:
    op.create_table(
        "campaign_text",
        sa.Column(
            "campaign_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("variant", sa.String(1), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "variant", "channel"),
    )


def _waves() -> None:
    op.create_table(
        "campaign_wave",
        sa.Column(
            "campaign_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("is_evening", sa.Boolean(), nullable=False),
        sa.Column("day", sa.String(12), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "number"),
    )


def _cursors() -> None:
    op.create_table(
        "campaign_cursor",
        sa.Column(
            "campaign_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("last", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "channel"),
    )


def _stalls() -> None:
    op.create_table(
        "stall_talk",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("place", sa.String(12), nullable=False),
        sa.Column("talks", sa.Integer(), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("scanned", sa.Integer(), nullable=False),
        sa.Column("topics", Json, nullable=False),
        sa.Column("open_question", sa.LargeBinary(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("stall_talk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stall_talk_campaign_id"), ["campaign_id"], unique=False
        )


def _paused() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_paused",
            ["conversation", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'paused'"),
            postgresql_where=sa.text("state = 'paused'"),
        )
