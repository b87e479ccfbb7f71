"""Migrations that the program of the release before survives (docs/decisions/0013)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import text

from records import schema
from records.database import Database, Session

VERSIONS = Path(schema.__file__).parent / "migrations" / "versions"
SINCE = "v0030"  # those before were never part of a rolling upgrade
CONTRACTING: frozenset[str] = frozenset()  # names of files, each with the release it waited for

_TAKE_AWAY = {"drop_table", "drop_column", "rename_table", "alter_column"}
_REFUSE_MORE = {"create_unique_constraint", "create_check_constraint", "create_foreign_key"}


def _named(call: ast.Call, word: str) -> object:
    value = {one.arg: one.value for one in call.keywords}.get(word)
    return value.value if isinstance(value, ast.Constant) else value


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _faults(source: str) -> list[str]:
    """What in a migration a program of the release before would stumble over."""
    found = []
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    made = {ast.dump(call.args[0]) for call in calls if _called(call) == "create_table"}
    for call in calls:
        name = _called(call)
        if name in _TAKE_AWAY | _REFUSE_MORE:
            found.append(name)
        is_unique = name == "create_index" and _named(call, "unique") is True
        if is_unique and ast.dump(call.args[1]) not in made:
            found.append("unique index on a table that is in use")
    found += ["column that old programs leave empty" for one in _added(calls) if _is_demanded(one)]
    return found


def _added(calls: list[ast.Call]) -> list[ast.Call]:
    """Columns that are no part of a new table."""
    tables = [call for call in calls if _called(call) == "create_table"]
    of_new = {id(part) for table in tables for part in ast.walk(table)}
    return [call for call in calls if _called(call) == "Column" and id(call) not in of_new]


def _is_demanded(column: ast.Call) -> bool:
    return _named(column, "nullable") is False and _named(column, "server_default") is None


def _is_held(path: Path) -> bool:
    return path.name >= SINCE and path.name not in CONTRACTING


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("v*.py")), ids=lambda path: path.stem)
def test_a_migration_takes_nothing_from_the_release_before(path: Path) -> None:
    assert not _is_held(path) or _faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_column("ticket", "kind")',
        'op.alter_column("ticket", "kind", nullable=False)',
        'op.add_column("ticket", sa.Column("kind", sa.Text(), nullable=False))',
        'op.create_index("ix", "ticket", ["kind"], unique=True)',
    ],
)
def test_what_an_older_program_would_stumble_over_is_found(line: str) -> None:
    assert len(_faults(line)) == 1


async def test_a_program_serves_on_the_tables_of_a_newer_one(database: Database) -> None:
    def newer(session: Session) -> None:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))

    await database.run(newer)
    assert await schema.is_current(database)
    assert not await schema.migrate(database)
    assert await schema.version(database) == "9999"
