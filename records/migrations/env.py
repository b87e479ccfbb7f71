"""What alembic runs: our metadata on the connection that records.schema hands in."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlmodel import AutoString

from records.schema import METADATA
from records.types import UtcDateTime


def _render(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Our types by their short names, so that a migration reads well and stays valid."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "UtcDateTime()"
    if kind == "type" and isinstance(value, JSON):
        return "Json"
    if kind == "type" and isinstance(value, AutoString):
        return f"sa.String({value.length})"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite cannot alter a column in place
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
