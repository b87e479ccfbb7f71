"""Door lists, marks, tiers: what cadres write down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0008"
down_revision = "0007"


def _id(name: str = "id") -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    """What cadres bring, and what the county notes."""
    _lines()
    _sweeps()
    _standings()


def _lines() -> None:
    op.create_table(
        "entry_ground",
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("area"),
    )
    op.create_table(
        "line_draft",
        _id(),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("erase_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_line_draft_staff", "line_draft", ["staff"])
    op.create_index("ix_line_draft_erase_at", "line_draft", ["erase_at"])


def _sweeps() -> None:
    op.create_table(
        "sweep",
        _id(),
        sa.Column("place", sa.String(24), nullable=False),
        sa.Column("words", sa.String(60), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("started_by", sa.String(40), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sweep_place", "sweep", ["place"])
    op.create_index("ix_sweep_started_by", "sweep", ["started_by"])
    op.create_table(
        "door",
        _id(),
        _id("sweep_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_door_sweep_id", "door", ["sweep_id"])
    op.create_index("ix_door_person_id", "door", ["person_id"])


def _standings() -> None:
    op.create_table(
        "sage_tier",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("tier", sa.String(12), nullable=False),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("contacted_at", UtcDateTime(), nullable=True),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index("ix_sage_tier_tier", "sage_tier", ["tier"])
    op.create_index("ix_sage_tier_owner", "sage_tier", ["owner"])
    op.create_table(
        "voucher",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("word", sa.String(10), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("objected_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("person_id"),
    )
