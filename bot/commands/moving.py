"""`guiyan move`: an embedded database goes over to PostgreSQL, and both sides are compared."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bot.cli import BAD_USE, FAILED, OK, CommandError
from bot.settings import Settings
from bot.wiring import clock, secret_key
from records import audit_check, keyring, moving
from records.database import Database, StoreUnavailable
from records.moving import Bookmark, Compared, MoveRefused
from records.vault import Vault, VaultError

_ADDRESS = re.compile(r"postgres(ql)?(\+asyncpg)?://")
_EVERY = 1.0  # seconds between two lines of progress
_AGAIN = "check --to as well; what is copied stays, give the same command again to go on"
_NEXT = """next: let the service use the target, with the same key:
  GUIYAN_DATABASE_URL   the address given with --to
  {key}
then `guiyan doctor`, `guiyan run`. The SQLite file is as it was: keep it until all is well.
"""


def move(options: argparse.Namespace, settings: Settings) -> int:
    """Copy, compare table by table, check the trail; failed where anything differs."""
    try:
        return asyncio.run(_move(settings, options.to))
    except MoveRefused as fault:
        raise CommandError(str(fault), BAD_USE) from fault
    except VaultError as fault:
        raise CommandError(str(fault)) from fault
    except StoreUnavailable as fault:
        raise CommandError(f"{fault}; {_AGAIN}") from fault


async def _move(settings: Settings, address: str) -> int:
    source, target = _source(settings), _target(address)
    try:
        vault = Vault(secret_key(settings, source), is_closed=True)
        marks = await moving.begin(source, target)
        await source.read(keyring.unlocked, vault)
        done = sum(mark.copied for mark in marks.values())
        if done:
            sys.stderr.write(f"going on: {done:,} rows are there already\n")
        await moving.copy(source, target, marks, _Progress("copied", done).tell)
        different = await _compare(source, target, marks)
        if different:
            sys.stderr.write(f"NOT EQUAL: {', '.join(different)}\n")
            return FAILED
        if not await _is_trail_whole(target, vault, settings):
            return FAILED
        await moving.end(target)
    finally:
        await source.close()
        await target.close()
    sys.stderr.write(_NEXT.format(key=_key_words(settings, source)))
    return OK


def _source(settings: Settings) -> Database:
    if not settings.is_embedded:
        raise CommandError("GUIYAN_DATABASE_URL names no SQLite file: nothing to move", BAD_USE)
    database = Database(settings.database_url)
    if not Path(str(database.url.database)).exists():
        raise CommandError(
            f"there is no {database.url.database}: check GUIYAN_DATABASE_URL", BAD_USE
        )
    try:
        database.reserve()
    except StoreUnavailable as fault:
        raise CommandError(str(fault)) from fault
    return database


def _target(address: str) -> Database:
    if _ADDRESS.match(address):
        with suppress(ValueError):  # a port that is no number
            return Database(address)
    raise CommandError("--to takes postgresql://NAME@HOST/DATABASE", BAD_USE)


class _Progress:
    """A line a second on standard error."""

    def __init__(self, what: str, done: int = 0) -> None:
        self._what, self._before, self._began = what, done, time.monotonic()
        self._next = self._began

    def tell(self, done: int, whole: int) -> None:
        now = time.monotonic()
        if now < self._next and done < whole:
            return
        self._next = now + _EVERY
        pace = (done - self._before) / max(now - self._began, 0.001)
        sys.stderr.write(f"{self._what} {done:,} of {whole:,} rows, {pace:,.0f} a second\n")


async def _compare(source: Database, target: Database, marks: Mapping[str, Bookmark]) -> list[str]:
    """Print each table; the names of those that differ."""
    done, different, progress = 0, [], _Progress("compared")
    whole = sum(mark.stand.rows for mark in marks.values())
    for table in moving.TABLES:
        found = await moving.compare(source, target, table)
        sys.stdout.write(_line(found))
        if not found.is_equal:
            different.append(found.name)
        done += marks[table.name].stand.rows
        if found.source.rows:
            progress.tell(done, whole)
    return different


def _line(found: Compared) -> str:
    one, other = found.source, found.target
    if found.is_equal:
        return f"{found.name}\t{one.rows}\t{one.hash}\tequal\n"
    return f"{found.name}\t{one.rows}\t{one.hash}\tNOT EQUAL\t{other.rows}\t{other.hash}\n"


async def _is_trail_whole(target: Database, vault: Vault, settings: Settings) -> bool:
    found = await audit_check.check(target, vault, clock(settings)())
    if found.is_whole:
        sys.stderr.write(f"the trail is whole: {found.rows} rows in {found.blocks} blocks\n")
        return True
    sys.stderr.write(
        f"the trail is NOT WHOLE: {found.count} faults, as in the SQLite file: see `guiyan audit "
        "verify` there; or the key is another one\n"
    )
    return False


def _key_words(settings: Settings, source: Database) -> str:
    if settings.secret_key:
        return "GUIYAN_SECRET_KEY     (or ..._FILE) as it is now"
    kept = Path(str(source.url.database)).with_name("secret.key").absolute()
    return f"GUIYAN_SECRET_KEY_FILE={kept}   (copy the file there where it is another machine)"
