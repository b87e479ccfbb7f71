"""Requests by level and subject, clocks, surveys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _levels()
    _steps()
    _applications()
    _surveys()


def _levels() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("matter", sa.String(16), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("level", sa.String(8), nullable=False, server_default="county")
        )
        batch_op.add_column(sa.Column("starts_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        for name in ("matter", "level"):
            batch_op.alter_column(name, server_default=None)


def _steps() -> None:
    op.create_table(
        "ticket_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("matter", sa.String(16), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("ticket_step", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_step_ticket", ["ticket"], unique=False)


def _applications() -> None:
    op.create_table(
        "application",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("papers", sa.LargeBinary(), nullable=False),
        sa.Column("papers_until", sa.Date(), nullable=True),
        sa.Column("papers_came_at", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index("ix_application_area", ["area"], unique=False)
        batch_op.create_index("ix_application_person_id", ["person_id"], unique=False)


def _surveys() -> None:
    op.create_table(
        "rating",
        sa.Column("ticket", sa.String(12), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("ticket"),
    )
    op.create_table(
        "awareness",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("entry", sa.String(120), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=True),
        sa.Column("second", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "year"),
    )
    for table in ("rating", "awareness"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(f"ix_{table}_area", ["area"], unique=False)
