"""Group commit: shared when it can be, apart when one piece is bad, plain words when it cannot."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from records import schema
from records.database import Database, Session, StoreUnavailable
from records.engines import normal_url


def _count_together(session: Session, items: list[int]) -> list[int]:
    if 13 in items:
        raise ValueError("13")
    return [len(items)] * len(items)


async def test_what_waits_is_committed_together(database: Database) -> None:
    sizes = await asyncio.gather(*(database.batch(_count_together, n) for n in range(100, 140)))
    assert max(sizes) > 1


async def test_a_bad_piece_spoils_no_other(database: Database) -> None:
    results = await asyncio.gather(
        *(database.batch(_count_together, n) for n in (12, 13, 14)), return_exceptions=True
    )
    assert isinstance(results[1], ValueError)
    assert results[0]
    assert results[2]


def _break_together(session: Session, items: list[int]) -> list[int]:
    if len(items) > 1:
        session.connection().exec_driver_sql("INSERT INTO push_day DEFAULT VALUES")
    return items


async def test_a_statement_that_fails_a_group_is_told_to_operators(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    assert await asyncio.gather(*(database.batch(_break_together, n) for n in (1, 2))) == [1, 2]
    assert "2 writes failed together" in caplog.text


async def test_a_locked_database_gets_a_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/one.db"
    first, second = Database(url), Database(url, lock_patience=0.1)
    await schema.is_current(second)
    holder = asyncio.create_task(first.run(_hold))
    await asyncio.sleep(0.2)
    with pytest.raises(StoreUnavailable, match="locked by another program"):
        await second.run(_nothing)
    await holder
    await first.close()
    await second.close()


async def test_a_folder_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "guiyan.db").mkdir()
    database = Database(f"sqlite:///{tmp_path}/guiyan.db")
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        await database.run(_nothing)
    await database.close()


async def test_a_file_that_is_no_database_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "guiyan.db").write_text("我不是数据库" * 500)
    database = Database(f"sqlite:///{tmp_path}/guiyan.db")
    with pytest.raises(StoreUnavailable, match="not a database"):
        await database.run(_nothing)
    await database.close()


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql://h/d", "postgresql+asyncpg://h/d"])
def test_every_spelling_of_postgresql_means_our_driver(url: str) -> None:
    assert normal_url(url).drivername == "postgresql+asyncpg"


def _nothing(session: Session) -> None:
    return None


def _hold(session: Session) -> None:
    time.sleep(1)


async def test_a_second_service_is_kept_off_an_embedded_file(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite:///{tmp_path}/one.db") for _ in range(2))
    first.reserve()
    with pytest.raises(StoreUnavailable, match="another `guiyan run`"):
        second.reserve()
    await first.close()
    await second.close()


async def test_a_stopped_service_makes_room(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite:///{tmp_path}/one.db") for _ in range(2))
    first.reserve()
    await first.close()
    second.reserve()
    await second.close()


async def test_a_database_that_is_not_there_gets_a_sentence(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("an embedded database is made when it is not there")
    url = normal_url(database_url).set(database="missing")
    elsewhere = Database(url.render_as_string(hide_password=False))
    with pytest.raises(StoreUnavailable, match="no such database"):
        await elsewhere.read(_count_together, [])
    await elsewhere.close()


async def test_a_removed_file_takes_nothing_more(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/one.db")
    await schema.migrate(database)
    (tmp_path / "one.db").unlink()
    with pytest.raises(StoreUnavailable, match="was removed"):
        await database.run(_count_together, [])
    await database.close()


async def test_an_embedded_file_learns_what_its_tables_hold(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    await database.run(_execute, "CREATE TABLE a (b INTEGER)")
    await database.run(_execute, "INSERT INTO a VALUES (1), (2), (3)")
    await database.analyse()
    assert await database.read(_execute, "SELECT stat FROM sqlite_stat1") == "3"
    await database.close()


def _execute(session: Session, statement: str) -> object:
    found = session.connection().exec_driver_sql(statement)
    return found.scalar() if found.returns_rows else None
