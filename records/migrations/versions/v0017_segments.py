"""Saved audiences, tags, and materials."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    _tags()
    _segments()


def _tags() -> None:
    op.create_table(
        "person_tag",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("tag", sa.String(20), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "tag"),
    )


def _segments() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.create_index("ix_segment_once", ["area", "name"], unique=True)
