"""`guiyan backup`: the embedded database as one file, while the service runs."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bot import __version__
from bot.cli import BAD_USE, OK, CommandError
from bot.settings import Settings
from bot.wiring import clock, secret_key
from outreach.calendars import CHINA
from records import backups
from records.backups import BackupFault
from records.database import Database, StoreUnavailable
from records.engines import file_of
from records.vault import Vault, VaultError

KEPT = timedelta(days=30)  # a back-up still holds people who have asked to be deleted since
_NAME = re.compile(r"guiyan-(\d{8}-\d{6})\.tar")
_STAMP = "%Y%m%d-%H%M%S"


def backup(options: argparse.Namespace, settings: Settings) -> int:
    """One more back-up; with `--keep` old ones go."""
    now, target = clock(settings)(), Path(options.target).absolute()
    if options.keep and not target.is_dir():
        raise CommandError(f"--keep wants a folder that is there, not {target}", BAD_USE)
    file = target / f"guiyan-{now:{_STAMP}}.tar" if target.is_dir() else target
    source = embedded_file(settings)
    if not source.exists():
        raise CommandError(f"there is no database at {source}: go to the folder of the service")
    try:
        vault = Vault(asyncio.run(key_at_hand(settings)), is_closed=True)
        made = backups.make(source, file, vault, program=__version__, now=now, tell=progress)
        dropped = _drop_old(target, options.keep, now) if options.keep else 0
    except (BackupFault, StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    size = file.stat().st_size
    rows = f"{sum(made.rows.values())} rows of {len(made.rows)} tables"
    sys.stdout.write(f"{file}: {rows}, schema {made.schema}, {size} bytes, whole\n")
    if dropped:
        sys.stdout.write(f"removed {dropped} older ones\n")
    return OK


def embedded_file(settings: Settings) -> Path:
    """Where the embedded database is; elsewhere the server has means of its own."""
    file = file_of(settings.database_url)
    if file is None:
        raise CommandError(
            "this is for the embedded database; for PostgreSQL see docs/howto/back-up.md", BAD_USE
        )
    return file


async def key_at_hand(settings: Settings) -> str:
    """The key of the settings, or the one beside the database."""
    database = Database(settings.database_url)
    try:
        return secret_key(settings, database)
    finally:
        await database.close()


def progress(words: str) -> None:
    """How far it is."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def _drop_old(folder: Path, keep: int, now: datetime) -> int:
    """Of those that have our names; how many went."""
    ours = sorted((p for p in folder.iterdir() if _NAME.fullmatch(p.name)), reverse=True)
    old = [p for n, p in enumerate(ours) if n >= keep or _made_at(p) < now - KEPT]
    for path in old:
        path.unlink()
    return len(old)


def _made_at(path: Path) -> datetime:
    found = _NAME.fullmatch(path.name)
    stamp = found[1] if found else ""
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=CHINA)
