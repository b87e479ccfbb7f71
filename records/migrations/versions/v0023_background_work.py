"""Work in the background, and permits that another person gives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import BigId, Json, UtcDateTime

revision = "0023"
down_revision = "0022"

_IS_DUE = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    _permit()
    _work()
    _files()
    op.create_index("ix_import_difference_open", "import_difference", ["state", "field", "id"])


def _permit() -> None:
    op.create_table(
        "permit",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.String(40), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_permit_state", "permit", ["state"])
    op.create_index("ix_permit_asked_by", "permit", ["asked_by"])


def _work() -> None:
    op.create_table(
        "background_work",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(200), nullable=False),
        sa.Column("outcome", Json, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("permit", BigId, nullable=False),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_background_work_due",
        "background_work",
        ["id"],
        sqlite_where=_IS_DUE,
        postgresql_where=_IS_DUE,
    )
    op.create_index("ix_background_work_by", "background_work", ["by", "kind", "id"])
    op.create_index("ix_background_work_permit", "background_work", ["permit"])
    op.create_index("ix_background_work_created_at", "background_work", ["created_at"])


def _files() -> None:
    op.create_table(
        "kept_file",
        sa.Column("id", BigId, nullable=False),
        sa.Column("work", BigId, nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("size", BigId, nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_kept_file_work", "kept_file", ["work"])
    op.create_index("ix_kept_file_until", "kept_file", ["until"])
    op.create_table(
        "kept_piece",
        sa.Column("file", BigId, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("file", "number"),
    )
