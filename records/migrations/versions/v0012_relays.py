"""What helpers and their people write to each other, what these allow, what became of leads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _relays()
    _leads()


def _relays() -> None:
    op.create_table(
        "relay_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("helper", sa.String(40), nullable=False),
        sa.Column("help", sa.String(12), nullable=False),
        sa.Column("by", sa.String(8), nullable=False),
        sa.Column("arrived", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("relay_line", schema=None) as batch_op:
        batch_op.create_index("ix_relay_line_person", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_relay_line_at", ["at"], unique=False)
    op.create_table(
        "helper_leave",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("helper", sa.String(40), nullable=False),
        sa.Column("phone", sa.String(8), nullable=False),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "helper"),
    )


def _leads() -> None:
    with op.batch_alter_table("project_lead", schema=None) as batch_op:
        batch_op.add_column(sa.Column("area", sa.String(12), nullable=False, server_default=""))
        big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        batch_op.add_column(sa.Column("project", big, nullable=True))
