"""Several processes: leases, and on PostgreSQL the queue of wake-ups (PgQueuer's own tables)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        from records import wakes  # loaded only where it is used

        wakes.install(op.get_bind())
    op.create_table(
        "lease",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
    )
