"""Never give the id of a deleted message to another: pages and idempotency keys rest on them."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # PostgreSQL's sequences never go back; SQLite must be told, and can only do so in a new table.
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in ("inbound", "outbox"):
        with op.batch_alter_table(
            table, recreate="always", table_kwargs={"sqlite_autoincrement": True}
        ):
            pass
