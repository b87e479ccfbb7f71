"""What the privacy office keeps: retention reports, incidents, requests, wordings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import BigId, Json, UtcDateTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    _requests()
    _retention()
    _incidents()
    op.create_table(
        "consent_wording",
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("ix_consent_given_at", "consent", ["given_at"])
    op.create_index("ix_consent_kind", "consent", ["kind", "id"])
    op.create_index("ix_consent_counted", "consent", ["kind", "given", "ended_at"])
    op.create_index("ix_ticket_kind", "ticket", ["kind", "state"])


def _requests() -> None:
    op.create_table(
        "privacy_request",
        sa.Column("ticket", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("opened_by", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("decided_by", sa.String(40), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ticket"),
    )


def _retention() -> None:
    op.create_table(
        "retention_report",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("signed_by", sa.String(40), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "retention_line",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.Column("coming", sa.Integer(), nullable=False),
        sa.Column("kept", Json, nullable=False),
        sa.PrimaryKeyConstraint("day", "purpose"),
    )


def _incidents() -> None:
    op.create_table(
        "incident",
        sa.Column("id", BigId, nullable=False),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("opened_by", sa.String(40), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("is_frozen", sa.Boolean(), nullable=False),
        sa.Column("affected", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("listed_at", UtcDateTime(), nullable=True),
        sa.Column("drafted_at", UtcDateTime(), nullable=True),
        sa.Column("reported_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_incident_closed_at", "incident", ["closed_at"])
    op.create_table(
        "incident_person",
        sa.Column("incident_id", BigId, nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "person_id"),
    )
    op.create_index("ix_incident_person_person_id", "incident_person", ["person_id"])
