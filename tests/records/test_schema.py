"""The schema from nothing equals the schema that the tables describe."""

from __future__ import annotations

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from records import schema
from records.database import Database, Session


def _differences(session: Session) -> list[object]:
    return list(
        compare_metadata(MigrationContext.configure(session.connection()), schema.METADATA)
    )


async def test_migrations_lead_to_the_tables_of_the_program(database: Database) -> None:
    assert await database.read(_differences) == []


async def test_a_migrated_database_is_current(database: Database) -> None:
    assert await schema.is_current(database)
    assert not await schema.migrate(database)


def test_head_is_the_newest_migration() -> None:
    folder = Path(schema.__file__).parent / "migrations" / "versions"
    numbers = [re.match(r"v(\d{4})_", path.name) for path in folder.glob("v*.py")]
    assert max(m.group(1) for m in numbers if m) == schema.HEAD
