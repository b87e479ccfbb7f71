"""The register side: places, households, projects, helpers, courses, events, what is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _people()


def _people() -> None:
    # Not in a batch: on SQLite that would build the table anew.
    for name, length in (("town", 24), ("village", 24), ("external_id", 64)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("person", column)
        op.create_index(f"ix_person_{name}", "person", [name], unique=False)
