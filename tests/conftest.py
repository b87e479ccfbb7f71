"""What every test may ask for: a database of each kind, the vault, fixed moments."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from records.database import Database
from records.vault import Vault
from tests.support import database as databases
from tests.support.postgres import running_postgres
from tests.support.quick_disk import quick_folder

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def pytest_configure() -> None:
    """Put `tmp_path` into memory where there is room: most of a test's time were its commits."""
    folder = quick_folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


@pytest.fixture
def now() -> datetime:
    """An ordinary Saturday evening in China."""
    return NOW


@pytest.fixture
def vault() -> Vault:
    """The vault of the tests."""
    return Vault("a key for tests only")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: DATABASE_URL's if given, else one started for this session."""
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Both kinds of database: what uses it runs twice."""
    return str(request.param)


@pytest.fixture
async def database_url(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The address of a fresh, migrated database of each kind."""
    if kind == "sqlite":
        yield await databases.fresh_file(tmp_path / "guiyan.db")
        return
    server = request.getfixturevalue("postgres_url")
    url = await databases.fresh(server)
    yield url
    await databases.drop(server, url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated database of each kind."""
    database = Database(database_url)
    yield database
    await database.close()
