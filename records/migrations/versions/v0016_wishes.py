"""What people wish of our messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "wish",
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("name", sa.String(24), nullable=False),
        sa.Column("value", sa.String(120), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("who", "name"),
    )
    op.create_table(
        "message_code",
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("campaign", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    with op.batch_alter_table("message_code", schema=None) as batch_op:
        batch_op.create_index("ix_message_code_sent_at", ["sent_at"], unique=False)
