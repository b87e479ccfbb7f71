"""What a fault of the store's driver is told as."""

from __future__ import annotations

import asyncpg
from sqlalchemy.exc import DBAPIError

from records.store_faults import is_away, sentence


def test_a_full_disk_of_postgresql_is_told_as_one() -> None:
    full = asyncpg.DiskFullError('could not extend file "base/5/1": No space left on device')
    fault = DBAPIError("INSERT", None, full)
    assert is_away(fault)
    assert sentence(fault).startswith("the disk of PostgreSQL is full: make room")
