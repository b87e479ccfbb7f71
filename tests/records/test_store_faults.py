"""What a fault of the store's driver is told as."""

from __future__ import annotations

import sqlite3

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from records.store_faults import is_away, sentence


def test_a_connection_that_ended_under_the_driver_is_told_as_a_store_that_is_away() -> None:
    assert is_away(asyncpg.ProtocolError("cannot switch to state 12; another operation (2)"))
    assert is_away(asyncpg.InternalClientError("another operation is in progress"))
    assert not is_away(ValueError("another operation"))


def test_a_full_disk_of_postgresql_is_told_as_one() -> None:
    full = asyncpg.DiskFullError('could not extend file "base/5/1": No space left on device')
    fault = DBAPIError("INSERT", None, full)
    assert is_away(fault)
    assert sentence(fault).startswith("the disk of PostgreSQL is full: make room")


@pytest.mark.parametrize("fault", [TimeoutError(), NoConnectionFree("QueuePool limit of size 6")])
def test_a_store_that_does_not_answer_is_away(fault: Exception) -> None:
    assert is_away(fault)
    assert sentence(fault).startswith("PostgreSQL does not answer in time")


@pytest.mark.parametrize(
    "fault",
    [
        DBAPIError(
            "SELECT", None, asyncpg.UndefinedFunctionError("operator does not exist: a < b")
        ),
        InterfaceError(
            "", None, asyncpg.DataError("invalid input for query argument $1: too large")
        ),
        InterfaceError(
            "", None, asyncpg.InterfaceError("the number of query arguments cannot exceed")
        ),
        OperationalError("SELECT", None, sqlite3.OperationalError("too many SQL variables")),
    ],
)
def test_a_statement_that_is_wrong_is_not_a_store_that_is_away(fault: Exception) -> None:
    assert not is_away(fault)


def test_tables_that_are_not_there_yet_are_waited_for() -> None:
    fault = DBAPIError(
        "SELECT", None, asyncpg.UndefinedTableError('relation "outbox" does not exist')
    )
    assert is_away(fault)
    assert sentence(fault) == "the database has no tables yet: run `guiyan migrate`"
