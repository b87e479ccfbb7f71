"""`guiyan partition`: the tables of messages in partitions, while the service runs."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot.cli import BAD_USE, OK, CommandError
from bot.settings import Settings
from records import schema
from records.database import Database, StoreUnavailable
from records.partitioning import PartitionRefused, partition


def part(options: argparse.Namespace, settings: Settings) -> int:
    """Make them of each table that is whole."""
    if settings.is_embedded:
        raise CommandError("partitions are PostgreSQL's: the embedded default has none", BAD_USE)
    try:
        done = asyncio.run(_done(settings.database_url, options.rows))
    except (PartitionRefused, StoreUnavailable) as fault:
        raise CommandError(str(fault)) from fault
    for table, rows in done.items():
        sys.stdout.write(f"{table}: {rows:,} rows, partitions of {options.rows:,}\n")
    if not done:
        sys.stdout.write("both tables are in partitions already: nothing was changed\n")
    return OK


async def _done(url: str, rows: int) -> dict[str, int]:
    database = Database(url)
    try:
        if not await schema.is_current(database):
            raise PartitionRefused("the schema is older than this program: `guiyan migrate` first")
        return await partition(database, rows)
    finally:
        await database.close()
