"""The register side: places, households, projects, helpers, courses, events, what is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _people()
    _reminders()


def _people() -> None:
    # Not in a batch: on SQLite that would build the table anew.
    for name, length in (("town", 24), ("village", 24), ("external_id", 64)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("person", column)
        op.create_index(f"ix_person_{name}", "person", [name], unique=False)


def _reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("whom", sa.String(length=220), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("outbox_key", sa.String(length=120), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    for name in ("whom", "outbox_key", "settled_at"):
        op.create_index(f"ix_reminder_{name}", "reminder", [name], unique=False)
    waits = sa.text("state = 'waiting'")
    op.create_index(
        "ix_reminder_due",
        "reminder",
        ["due", "key"],
        unique=False,
        sqlite_where=waits,
        postgresql_where=waits,
    )
