"""Write to an embedded database until its disk is full; tell what was stored, as JSON.

A process of its own, since SQLite follows links and so finds a disk only from where it is mounted.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from sqlalchemy import text

from records.database import Database, Session, StoreUnavailable

_TOGETHER = 200


async def main(file: Path) -> None:
    """Fill it, count, and count once more with another connection to it."""
    database = Database(f"sqlite:///{file}")
    await database.run(_make)
    stored, fault = 0, ""
    while not fault:
        try:
            await database.run(_write)
            stored += _TOGETHER
        except StoreUnavailable as full:
            fault = str(full)
    log = file.with_name(f"{file.name}-wal").stat().st_size
    counted = [await database.read(_count)]
    await database.close()
    again = Database(f"sqlite:///{file}")
    counted.append(await again.read(_count))
    await again.close()
    print(json.dumps({"stored": stored, "fault": fault, "log": log, "counted": counted}))  # noqa: T201


def _make(session: Session) -> None:
    session.connection().execute(text("CREATE TABLE ballast (bytes BLOB)"))


def _write(session: Session) -> None:
    session.connection().execute(
        text("INSERT INTO ballast VALUES (randomblob(3000))"), [{} for _ in range(_TOGETHER)]
    )


def _count(session: Session) -> int:
    return int(session.connection().execute(text("SELECT count(*) FROM ballast")).scalar_one())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
