"""`python -m records.migrations "Add x"`: draft the next migration from the tables as they are."""

from __future__ import annotations

import asyncio
import sys
import tempfile

from alembic import command

from records import schema
from records.database import Database, Session


def main(message: str) -> None:
    """Write migrations/versions/NNNN_….py; read it before you commit it, and raise schema.HEAD."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_draft(f"sqlite:///{folder}/draft.db", message))


async def _draft(url: str, message: str) -> None:
    database = Database(url)
    await database.run(_upgrade_and_compare, message)
    await database.close()


def _upgrade_and_compare(session: Session, message: str) -> None:
    config = schema.config(session.connection())
    if schema.HEAD:
        command.upgrade(config, "head")
    number = f"{int(schema.HEAD or 0) + 1:04}"
    command.revision(config, message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(sys.argv[1])
