"""What one partner may see of one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import BigId, Json, UtcDateTime

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "sharing",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("ticket", sa.String(12), nullable=False),
        sa.Column("partner", sa.String(40), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("consent", BigId, nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("person_id", "partner"):
        op.create_index(f"ix_sharing_{name}", "sharing", [name])
