"""`guiyan restore`: the embedded database brought back from one file."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import tarfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.cli import BAD_USE, OK, CommandError
from bot.commands.backing_up import embedded_file, key_at_hand, progress
from bot.settings import Settings
from bot.wiring import clock
from handlers import leaving_again, privacy_desk
from handlers.forms.form import load_forms
from handlers.leaving_again import Again
from outreach.calendars import CHINA
from outreach.campaigns import resting
from records import audit, backups, outbox, restoring, schema
from records.backups import BackupFault, Manifest
from records.database import Database, Session, StoreUnavailable
from records.restoring import Left
from records.vault import Vault, VaultError


@dataclass(frozen=True, slots=True)
class _Done:
    again: Again
    campaigns: list[int]
    waiting: int


def restore(options: argparse.Namespace, settings: Settings) -> int:
    """Prove it, bring it up to date, let leave again who left, then put it in its place."""
    place, file = embedded_file(settings), Path(options.file).absolute()
    if restoring.is_taken(place) and not options.replace:
        raise CommandError(
            f"there is a database at {place} already: stop the service, if it runs; with "
            "--replace the old one is kept beside it"
        )
    now = clock(settings)()
    kept = place.with_name(f"{place.stem}-before-{now:%Y%m%d-%H%M%S}{place.suffix}")
    try:
        lines = asyncio.run(_restore(settings, file, place, kept, options.erased, now))
    except (BackupFault, StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


async def _restore(
    settings: Settings, file: Path, place: Path, kept: Path, erased: str, now: datetime
) -> list[str]:
    database = Database(settings.database_url)
    try:
        database.reserve()
        vault = Vault(await _key(settings, place), is_closed=True)
        has_old = restoring.is_taken(place)
        with backups.plain_faults(place.parent), backups.work_folder(place.parent) as work:
            progress("checking the back-up")
            found, fresh = restoring.bring_out(file, vault, work)
            left = _left(erased, vault, work) + (_left_here(place) if has_old else [])
            progress("bringing it up to date")
            done = await _mend(settings, fresh, vault, found, left, now)
            restoring.put(fresh, place, kept)
    finally:
        await database.close()
    return _told(found, place, kept if has_old else None, done)


async def _key(settings: Settings, place: Path) -> str:
    """Never a new one: what is sealed would stay closed."""
    path = place.with_name("secret.key")
    if not settings.secret_key and not path.exists():
        raise CommandError(
            f"the key is missing: put secret.key at {path} first (readable by its owner only), "
            "or set GUIYAN_SECRET_KEY_FILE"
        )
    return await key_at_hand(settings)


def _left(named: str, vault: Vault, work: Path) -> list[Left]:
    if not named:
        return []
    path = Path(named)
    try:
        if tarfile.is_tarfile(path):
            (newer := work / "newer").mkdir()
            return restoring.left_in(restoring.bring_out(path, vault, newer)[1])
        return restoring.left_as_told(path.read_text(encoding="utf-8").splitlines())
    except OSError as fault:
        raise CommandError(f"{named} cannot be read ({fault.strerror})", BAD_USE) from fault
    except (ValueError, KeyError, TypeError) as fault:
        raise CommandError(
            f"{named} cannot be used: a newer back-up is, or what `guiyan audit list --since DAY "
            "--limit 10000 --json` printed",
            BAD_USE,
        ) from fault


def _left_here(place: Path) -> list[Left]:
    try:
        return restoring.left_in(place)
    except sqlite3.Error:
        progress(f"{place} cannot be read: who left since is not known from it")
        return []


async def _mend(
    settings: Settings, fresh: Path, vault: Vault, found: Manifest, left: list[Left], now: datetime
) -> _Done:
    """In the copy, before anybody uses it."""
    counted = privacy_desk.counted_of(
        load_forms(Path(settings.forms_dir) if settings.forms_dir else None)
    )

    def work(session: Session) -> _Done:
        again = leaving_again.redo(
            session, vault, left, since=found.made_at, counted=counted, now=now
        )
        numbers = resting.pause_all(session, now)
        made = f"{found.made_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
        audit.write(session, "service.restored", at=now, actor="system", subject=made)
        return _Done(again, numbers, outbox.waiting(session))

    copy = Database(f"sqlite:///{fresh}")
    try:
        await schema.migrate(copy)
        return await copy.run(work)
    finally:
        await copy.close()


def _told(found: Manifest, place: Path, kept: Path | None, done: _Done) -> list[str]:
    made = f"{found.made_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    lines = [
        f"restored to {place}: as it was at {made}, schema {found.schema}, now {schema.HEAD}, "
        f"{sum(found.rows.values())} rows",
        f"deleted again {done.again.erased}, consent taken back again {done.again.withdrawn}",
        "to do:",
    ]
    if kept is not None:
        lines.append(f"- the old database is {kept}: delete it within 30 days (it and its -wal)")
    if done.campaigns:
        numbers = ", ".join(map(str, done.campaigns))
        lines.append(
            f"- paused campaigns: {numbers}. What they sent after {made} is not known here: "
            "resuming sends it again; stop them, or resume where nothing had left"
        )
    if done.waiting:
        lines.append(f"- {done.waiting} messages wait to be sent; some may have been sent already")
    return [
        *lines,
        f"- delete again (`guiyan privacy requests`) who asked for it after {made}, as far as "
        "receipts kept elsewhere show more than were found; who said 停 since then must be asked",
        "- note in the minute book that a back-up was taken back",
        "- `guiyan doctor`, then start the service, then «我的信息» of a test person",
    ]
