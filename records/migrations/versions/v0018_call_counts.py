"""What is used of the windows in which a provider counts calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import Json

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "call_count",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("used", Json, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
