"""What alembic runs: our metadata on the connection that records.schema hands in."""

from __future__ import annotations

from alembic import context

from records.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite cannot alter a column in place
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
