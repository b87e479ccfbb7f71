"""An embedded database brought back from a back-up: the old one stays, or the new one is whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from records import backups, schema
from records.backups import BackupFault, Manifest
from records.vault import Vault

LEFT = ("person.erased", "consent.withdrawn")
_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody was deleted or took consent back, as the trail has it."""

    act: str
    person_id: str
    at: datetime
    receipt: str


def is_taken(place: Path) -> bool:
    """Whether a database is there, or what is left of one: its log would spoil another."""
    return any(Path(f"{place}{end}").exists() for end in ("", *_BESIDE))


def bring_out(file: Path, vault: Vault, work: Path) -> tuple[Manifest, Path]:
    """The database of a back-up, proved, in a folder to work in."""
    found = backups.read(file)
    if found.schema > schema.HEAD:
        raise BackupFault(
            f"{file} has schema {found.schema}, this program knows {schema.HEAD}: "
            "update the program first"
        )
    fresh = work / backups.DATABASE
    backups.unpack(file, found, fresh)
    if not backups.opens(fresh, found, vault):
        raise BackupFault(
            f"{file} was sealed with another key than the one at hand: bring the key of that time "
            "(secret.key, or GUIYAN_SECRET_KEY) and try again"
        )
    backups.check(fresh, found.rows, vault)
    return found, fresh


def put(fresh: Path, place: Path, kept: Path) -> None:
    """Put a whole database where the service looks; one that is there goes beside it."""
    _settle(fresh)
    backups.sync(fresh)
    if is_taken(place):
        _keep(place, kept)
    os.replace(fresh, place)
    backups.sync(place.parent)


def left_in(database: Path) -> list[Left]:
    """Who left, by the trail of another database."""
    query = f"SELECT act, subject, at, receipt FROM audit WHERE act IN {LEFT} AND subject <> ''"
    with closing(sqlite3.connect(database, timeout=5)) as connection:
        rows = connection.execute(query).fetchall()
    return [Left(act, person, _moment(at), receipt) for act, person, at, receipt in rows]


def left_as_told(lines: Sequence[str]) -> list[Left]:
    """Who left, by what `guiyan audit list --json` printed."""
    told = [orjson.loads(line) for line in lines if line.strip()]
    return [
        Left(one["act"], one["subject"], _moment(one["at"]), one["receipt"])
        for one in told
        if one["act"] in LEFT and one["subject"]
    ]


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _settle(database: Path) -> None:
    """Everything in the one file."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _keep(place: Path, kept: Path) -> None:
    """Both names lead to the old one until the new one takes its place."""
    _empty_log(place)
    for end in ("", *_BESIDE):
        if (old := Path(f"{place}{end}")).exists():
            os.link(old, f"{kept}{end}")
    backups.sync(place.parent)
    for end in _BESIDE:  # a log that is not its own would spoil the new one
        Path(f"{place}{end}").unlink(missing_ok=True)


def _empty_log(place: Path) -> None:
    """Bring what the log holds into the file; a damaged one is kept as it is."""
    try:
        with closing(sqlite3.connect(place, timeout=5)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return
