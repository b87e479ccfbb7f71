"""What the pages' live counts read."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_index(
        "ix_ticket_due",
        "ticket",
        [
            *("state", "working_days", "is_flagged", "starts_at", "opened_at", "number"),
            *("area", "level", "taken_by", "person_id"),
        ],
    )
    op.create_index("ix_ticket_closed", "ticket", ["state", "closed_at", "number"])
