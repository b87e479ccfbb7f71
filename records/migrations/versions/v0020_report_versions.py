"""Reports as drafted, checked, signed and corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import BigId, UtcDateTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    _versions()
    _pieces()
    _notes()


def _versions() -> None:
    op.create_table(
        "report_version",
        sa.Column("id", BigId, nullable=False),
        sa.Column("report", sa.String(40), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("county", sa.String(12), nullable=False),
        sa.Column("period", sa.String(12), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("has_people", sa.Boolean(), nullable=False),
        sa.Column("corrects", BigId, nullable=True),
        sa.Column("checked_by", sa.String(40), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("signed_by", sa.String(40), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("frozen_at", UtcDateTime(), nullable=True),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, columns in (
        ("of", ["report", "area", "period"]),
        ("area", ["area", "state"]),
        ("county", ["county", "state"]),
        ("state", ["state", "due_on"]),
    ):
        op.create_index(f"ix_report_version_{name}", "report_version", columns)


def _pieces() -> None:
    op.create_table(
        "report_piece",
        sa.Column("id", BigId, nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_report_piece_version_id", "report_piece", ["version_id"])
    op.create_index("ix_report_piece_person_id", "report_piece", ["person_id"])


def _notes() -> None:
    op.create_table(
        "report_note",
        sa.Column("id", BigId, nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(40), nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("is_personal", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_report_note_version_id", "report_note", ["version_id"])
