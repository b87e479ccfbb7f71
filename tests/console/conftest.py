"""A served console for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from records.database import Database
from records.vault import Vault
from tests.support.console import Stage, served


@pytest.fixture
async def stage(database: Database, vault: Vault, now: datetime) -> AsyncIterator[Stage]:
    """The console over a fresh database of each kind."""
    async with served(database, vault, now) as stage:
        yield stage
