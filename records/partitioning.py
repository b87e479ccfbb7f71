"""Makes partitions of the tables of messages while the service runs (PostgreSQL, once).

Every step can be repeated: what was interrupted goes on when it is begun again. Nobody waits but
for the last one, which changes names only. The steps are told in docs/decisions/0015.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from records import partitions
from records.database import Database
from records.engines import connecting

SIZE = 10_000_000  # rows of a partition
_KEYS = {"inbound": ("channel", "outer_id"), "outbox": ("dedupe_key",)}
_PORTION = 50_000  # rows
_LOCK = 0x67757970  # any number that is ours alone
_PATIENCE = "SET lock_timeout = '5s'"  # whoever comes later waits behind who waits for a table


class PartitionRefused(Exception):
    """What was found forbids it; nothing was changed."""


async def partition(database: Database, size: int = SIZE) -> dict[str, int]:
    """Make partitions of `size` rows of each table that is still whole; rows of those, by table.

    Every process must be of this release: the one before asks for an index that is no more.
    """
    connection = await asyncpg.connect(**connecting(database.url))
    try:
        await connection.execute(_PATIENCE)
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        return {
            table: await _partition(connection, table, size)
            for table in partitions.TABLES
            if await _is_whole(connection, table)
        }
    except asyncpg.LockNotAvailableError as fault:
        raise PartitionRefused(
            "somebody held a table for five seconds; nothing was changed: give it again"
        ) from fault
    finally:
        await connection.close()


async def _is_whole(connection: asyncpg.Connection, table: str) -> bool:
    kind = "SELECT relkind = 'r' FROM pg_class WHERE oid = to_regclass($1)"
    return bool(await connection.fetchval(kind, table))


async def _partition(connection: asyncpg.Connection, table: str, size: int) -> int:
    await _note_keys(connection, table)
    await _bring_keys_over(connection, table)
    await _index_keys(connection, table)
    async with _bound(connection, table, size) as end:
        await _change_over(connection, table, end, size)
    await connection.execute(f"ANALYZE {table}")
    return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))


async def _note_keys(connection: asyncpg.Connection, table: str) -> None:
    """From here on the keys of new rows are noted, and those of deleted ones forgotten."""
    names = ", ".join(_KEYS[table])
    async with connection.transaction():
        if await connection.fetchval("SELECT to_regclass($1)", f"{table}_keys") is None:
            await connection.execute(
                f"CREATE TABLE {table}_keys AS SELECT {names}, id FROM {table} WITH NO DATA;"
                f"ALTER TABLE {table}_keys ADD PRIMARY KEY ({names}), ALTER id SET NOT NULL;"
                f"CREATE INDEX ix_{table}_keys_id ON {table}_keys (id)"
            )
        await connection.execute(_functions(table))
        await connection.execute(_triggers(table, "AFTER"))


def _functions(table: str) -> str:
    names = _KEYS[table]
    news = ", ".join(f"NEW.{name}" for name in names)
    same = " AND ".join(f"key.{name} = gone.{name}" for name in ("id", *names))
    return f"""
        CREATE OR REPLACE FUNCTION {table}_key_taken() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO {table}_keys ({", ".join(names)}, id) VALUES ({news}, NEW.id)
                ON CONFLICT DO NOTHING;
            IF NOT FOUND AND TG_WHEN = 'BEFORE' THEN RETURN NULL; END IF;
            RETURN NEW;
        END $$;
        CREATE OR REPLACE FUNCTION {table}_keys_freed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN TRUNCATE {table}_keys; RETURN NULL; END IF;
            DELETE FROM {table}_keys key USING gone WHERE {same};
            RETURN NULL;
        END $$;
    """


def _triggers(table: str, when: str) -> str:
    """BEFORE refuses a key that is known; AFTER only notes, while an index refuses."""
    return f"""
        DROP TRIGGER IF EXISTS {table}_key_taken ON {table};
        DROP TRIGGER IF EXISTS {table}_keys_freed ON {table};
        DROP TRIGGER IF EXISTS {table}_keys_emptied ON {table};
        CREATE TRIGGER {table}_key_taken {when} INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_key_taken();
        CREATE TRIGGER {table}_keys_freed AFTER DELETE ON {table}
            REFERENCING OLD TABLE AS gone
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_keys_freed();
        CREATE TRIGGER {table}_keys_emptied AFTER TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_keys_freed();
    """


async def _bring_keys_over(connection: asyncpg.Connection, table: str) -> None:
    """The keys of rows from before, in portions; then without those deleted meanwhile."""
    names = ", ".join((*_KEYS[table], "id"))
    last = await connection.fetchval(f"SELECT coalesce(max(id), 0) FROM {table}")
    for first in range(0, last + 1, _PORTION):
        await connection.execute(
            f"INSERT INTO {table}_keys ({names}) SELECT {names} FROM {table} "
            "WHERE id >= $1 AND id < $2 ON CONFLICT DO NOTHING",
            first,
            first + _PORTION,
        )
    await connection.execute(
        f"DELETE FROM {table}_keys key WHERE NOT EXISTS "
        f"(SELECT FROM {table} one WHERE one.id = key.id)"
    )


async def _index_keys(connection: asyncpg.Connection, table: str) -> None:
    """What the unique index found rows by: partitions have an index that refuses nothing."""
    name = f"ix_{table}_key"
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"
    if await connection.fetchval(valid, name) is False:  # it was interrupted
        await connection.execute(f"DROP INDEX {name}")
    await connection.execute(
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({', '.join(_KEYS[table])})"
    )


@asynccontextmanager
async def _bound(connection: asyncpg.Connection, table: str, size: int) -> AsyncIterator[int]:
    """The end of the first partition, proved beforehand: the change-over reads no rows."""
    last = await connection.fetchval(f"SELECT last_value FROM {table}_id_seq")
    end = int(last // size + 2) * size
    forget = f"ALTER TABLE IF EXISTS {table} DROP CONSTRAINT IF EXISTS {table}_bound"
    await connection.execute(forget)
    await connection.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_bound CHECK (id < {end}) NOT VALID"
    )
    try:
        await connection.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {table}_bound")
        yield end
    finally:
        await connection.execute(forget)


async def _change_over(connection: asyncpg.Connection, table: str, end: int, size: int) -> None:
    """The table becomes the first partition of a new one of its name, in one transaction."""
    first = f"{table}_0"
    async with connection.transaction():
        await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        await _refuse_lost_keys(connection, table)
        indexes = await _put_aside(connection, table, first)
        await connection.execute(
            f"CREATE TABLE {table} (LIKE {first} INCLUDING DEFAULTS INCLUDING STORAGE) "
            f"PARTITION BY RANGE (id); ALTER SEQUENCE {table}_id_seq OWNED BY {table}.id;"
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY (id);"
            + ";".join(indexes)
        )
        await connection.execute(
            f"ALTER TABLE {table} ATTACH PARTITION {first} FOR VALUES FROM (MINVALUE) TO ({end});"
            f"ALTER TABLE {first} DROP CONSTRAINT {table}_bound;"
            f"CREATE TABLE {partitions.rest(table)} PARTITION OF {table} DEFAULT;"
        )
        for number in range(partitions.AHEAD):
            await connection.execute(partitions.make(table, end + number * size, size))
        await connection.execute(_triggers(table, "BEFORE"))


async def _refuse_lost_keys(connection: asyncpg.Connection, table: str) -> None:
    rows, keys = await connection.fetchrow(
        f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM {table}_keys)"
    )
    if rows != keys:
        raise PartitionRefused(f"{table} has {rows} rows and {keys} keys: nothing was changed")


async def _put_aside(connection: asyncpg.Connection, table: str, first: str) -> list[str]:
    """The table under another name; the statements that make its indexes on the new one."""
    found = await connection.fetch(
        "SELECT relname AS name, pg_get_indexdef(indexrelid) AS made, indisunique AS is_unique "
        "FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
        "WHERE indrelid = to_regclass($1)",
        table,
    )
    await connection.execute(
        f"DROP TRIGGER {table}_key_taken ON {table}; DROP TRIGGER {table}_keys_freed ON {table};"
        f"DROP TRIGGER {table}_keys_emptied ON {table};"
        f"ALTER TABLE {table} RENAME TO {first}"
    )
    for one in found:
        if one["is_unique"] and one["name"] != f"{table}_pkey":
            await connection.execute(f"ALTER TABLE {first} DROP CONSTRAINT {one['name']}")
        else:
            name = f"{one['name']}_0"
            await connection.execute(f"ALTER INDEX {one['name']} RENAME TO {name}")
    return [one["made"] for one in found if not one["is_unique"]]
