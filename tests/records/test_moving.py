"""An embedded database goes over to a real PostgreSQL: all of it, and nothing but that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, inspect, text

from records import moving, schema
from records.database import Database
from records.moving import MoveRefused
from tests.support import database as databases
from tests.support import every_table


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Database]:
    """An embedded database with rows in every table."""
    database = Database(await databases.fresh_file(tmp_path / "guiyan.db"))
    await database.run(every_table.fill)
    yield database
    await database.close()


@pytest.fixture
async def target(postgres_url: str) -> AsyncIterator[Database]:
    """A database on a server, with tables but without a row."""
    url = await databases.fresh(postgres_url)
    database = Database(url)
    yield database
    await database.close()
    await databases.drop(postgres_url, url)


@pytest.fixture
async def empty(postgres_url: str) -> AsyncIterator[Database]:
    """A database on a server without any table."""
    url = await databases.empty(postgres_url)
    database = Database(url)
    yield database
    await database.close()
    await databases.drop(postgres_url, url)


async def _moved(source: Database, target: Database) -> None:
    marks = await moving.begin(source, target)
    await moving.copy(source, target, marks, lambda done, whole: None)


async def _different(source: Database, target: Database) -> list[str]:
    found = [await moving.compare(source, target, table) for table in moving.TABLES]
    return [one.name for one in found if not one.is_equal]


async def _do(database: Database, statement: str) -> None:
    await database.run(lambda session: session.connection().execute(text(statement)))


async def _number(database: Database, query: str) -> int:
    return int(await database.run(lambda s: s.connection().execute(text(query)).scalar_one()))


async def test_every_table_is_equal_on_both_sides(source: Database, target: Database) -> None:
    await _moved(source, target)
    found = [await moving.compare(source, target, table) for table in every_table.TABLES]
    assert [one.name for one in found if not one.is_equal] == []
    assert {one.target.rows for one in found} == {2}


async def test_values_are_what_they_were(source: Database, target: Database) -> None:
    await _moved(source, target)
    for statement in (
        "SELECT count(*) FROM person WHERE updated_at = '2026-02-28 23:59:59.999999+08'",
        """SELECT count(*) FROM person WHERE codes #> '{返乡,2}' = 'null'
           AND jsonb_typeof(codes #> '{返乡,1}') = 'number'""",
        r"SELECT count(*) FROM person WHERE sealed = '\x0000ff275c'",
        "SELECT count(*) FROM course WHERE is_moved AND seats = 42",
    ):
        assert await _number(target, statement) > 0


async def test_the_target_is_left_as_a_new_one_would_be(
    source: Database, target: Database
) -> None:
    await _moved(source, target)
    await moving.end(target)
    tables = await target.read(lambda s: inspect(s.connection()).get_table_names())
    ours = {
        name for name in tables if not name.startswith("pgqueuer")
    }  # wakes, which hold nothing
    assert ours == {*schema.METADATA.tables, "alembic_version"}
    assert await schema.is_current(target)


async def test_ids_go_on_after_the_highest_that_was_given(
    source: Database, target: Database
) -> None:
    await _do(source, "DELETE FROM outbox WHERE id = 42")  # it was given, and never comes again
    await _moved(source, target)
    for table, column in every_table.highest_ids().items():
        sequence = f"pg_get_serial_sequence('{table}', '{column}')"
        assert await _number(target, f"SELECT nextval({sequence})") == every_table.FIRST_ID + 2


async def test_a_target_with_rows_is_refused(source: Database, target: Database) -> None:
    await _do(target, "INSERT INTO call_count (name, used) VALUES ('a', '{}')")
    with pytest.raises(MoveRefused, match="not empty: there are rows in call_count"):
        await moving.begin(source, target)


async def test_a_finished_move_is_not_begun_again(source: Database, target: Database) -> None:
    await _moved(source, target)
    await moving.end(target)
    with pytest.raises(MoveRefused, match="not empty"):
        await moving.begin(source, target)


async def test_a_source_written_to_meanwhile_is_refused(
    source: Database, target: Database
) -> None:
    await moving.begin(source, target)
    await _do(source, "DELETE FROM wish")
    with pytest.raises(MoveRefused, match=r"written to since \(table wish\)"):
        await moving.begin(source, target)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE person SET updated_at = updated_at + interval '1 microsecond' WHERE id LIKE '0%'",
        "UPDATE person SET codes = jsonb_set(codes, '{a}', 'null') WHERE id LIKE '1%'",
        "DELETE FROM person WHERE id LIKE '1%'",
    ],
)
async def test_a_change_behind_its_back_is_found(
    source: Database, target: Database, change: str
) -> None:
    await _moved(source, target)
    await _do(target, change)
    assert await _different(source, target) == ["person"]


@pytest.mark.parametrize("text", ["char(0)", "printf('%.*c', 41, 'x')"])
async def test_a_row_that_postgresql_refuses_is_named(
    source: Database, target: Database, text: str
) -> None:
    await _do(source, f"UPDATE staff_member SET name = {text} WHERE rowid = 2")
    with pytest.raises(MoveRefused, match="row of staff_member with rowid 2"):
        await _moved(source, target)
    await _do(source, "UPDATE staff_member SET name = '王芳' WHERE rowid = 2")
    await _moved(source, target)
    assert await _different(source, target) == []


async def test_a_move_goes_one_way_only(source: Database, target: Database) -> None:
    with pytest.raises(MoveRefused, match="from SQLite to PostgreSQL"):
        await moving.begin(target, source)


async def test_an_older_source_is_not_touched(tmp_path: Path, empty: Database) -> None:
    older = Database(f"sqlite:///{tmp_path}/older.db")
    with pytest.raises(MoveRefused, match="the SQLite file has schema none"):
        await moving.begin(older, empty)
    assert await schema.version(empty) == ""
    await older.close()


def test_no_column_of_json_tells_null_from_the_null_of_json() -> None:
    columns = [c for table in moving.TABLES for c in table.columns if isinstance(c.type, JSON)]
    assert columns
    assert not [str(c) for c in columns if c.nullable]
