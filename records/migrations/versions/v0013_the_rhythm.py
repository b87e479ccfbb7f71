"""What the rhythm of courses, events and stations still lacked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import Json, UtcDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _events()
    _month_drafts()
    _checklists()


def _events() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("county", sa.String(12), nullable=False, server_default=""))
    with op.batch_alter_table("event", schema=None) as batch_op:
        for name in ("asked_by", "agreed_by"):  # a campaign knows them
            batch_op.drop_column(name)
        batch_op.alter_column("county", server_default=None)
        batch_op.alter_column("area", existing_type=sa.String(12), type_=sa.String(24))


def _month_drafts() -> None:
    op.create_table(
        "month_draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("month_draft", schema=None) as batch_op:
        batch_op.create_index("ix_month_draft_month", ["month", "area"], unique=False)


def _checklists() -> None:
    op.create_table(
        "checklist_tick",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "step"),
    )
