"""The schema from nothing equals the schema that the tables describe."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from records import schema
from records.database import Database, Session
from tests.support import database as databases


def _differences(session: Session) -> list[object]:
    options = {"include_name": _is_ours}
    context = MigrationContext.configure(session.connection(), opts=options)
    return list(compare_metadata(context, schema.METADATA))


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The queue of wake-ups has tables of its own."""
    return not (kind == "table" and str(name).startswith("pgqueuer"))


async def test_migrations_lead_to_the_tables_of_the_program(database: Database) -> None:
    assert await database.read(_differences) == []


async def test_a_migrated_database_is_current(database: Database) -> None:
    assert await schema.is_current(database)
    assert not await schema.migrate(database)


async def _started_at_once(url: str) -> tuple[int, bool]:
    """How many of several services had anything to migrate, and what came of it."""
    services = [Database(url) for _ in range(4)]
    done = await asyncio.gather(*(schema.migrate(service) for service in services))
    is_current = await schema.is_current(services[0])
    await asyncio.gather(*(service.close() for service in services))
    return sum(done), is_current


async def test_one_of_those_that_start_at_once_migrates_an_empty_file(tmp_path: Path) -> None:
    assert await _started_at_once(f"sqlite:///{tmp_path}/empty.db") == (1, True)


async def test_one_of_those_that_start_at_once_migrates_an_empty_server(postgres_url: str) -> None:
    url = await databases.empty(postgres_url)
    assert await _started_at_once(url) == (1, True)
    await databases.drop(postgres_url, url)


def test_head_is_the_newest_migration() -> None:
    folder = Path(schema.__file__).parent / "migrations" / "versions"
    numbers = [re.match(r"v(\d{4})_", path.name) for path in folder.glob("v*.py")]
    assert max(m.group(1) for m in numbers if m) == schema.HEAD


async def test_an_upgrade_keeps_what_is_stored(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/old.db")
    await database.run(_as_first_shipped)
    assert await schema.migrate(database)
    assert await database.read(_texts) == ["one", "two"]
    await database.close()


def _as_first_shipped(session: Session) -> None:
    command.upgrade(schema.config(session.connection()), "0001")
    for outer_id in ("one", "two"):
        session.connection().execute(
            text(
                "INSERT INTO inbound (channel, outer_id, conversation, sequence, payload, "
                "sent_at, received_at, attempts, fault) "
                "VALUES ('fake', :id, 'fake:1', 0, x'00', :at, :at, 0, '')"
            ),
            {"id": outer_id, "at": "2026-11-22 00:00:00.000000"},
        )


def _texts(session: Session) -> list[str]:
    rows = session.connection().execute(text("SELECT outer_id FROM inbound ORDER BY id"))
    return list(rows.scalars())
