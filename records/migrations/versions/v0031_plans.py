"""Indexes of what is over, by when: the daily deletion and `/metrics` read no whole table.

On PostgreSQL an index blocks writes while it is built. Where millions of messages are stored,
make these by hand before, `CREATE INDEX CONCURRENTLY` (docs/howto/postgres.md).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    _index("ix_inbound_done", "inbound", "done_at", "done_at IS NOT NULL")
    _index("ix_outbox_settled", "outbox", "settled_at", "settled_at IS NOT NULL")
    _index("ix_outbox_uncertain", "outbox", "id", "state = 'uncertain'")


def _index(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        [column],
        sqlite_where=condition,
        postgresql_where=condition,
        if_not_exists=True,
    )
