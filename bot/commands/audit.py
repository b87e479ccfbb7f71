"""`guiyan audit`: the trail: who did what, and whether anybody has changed it since."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TypeVar

import orjson

from bot.cli import BAD_USE, FAILED, OK, CommandError
from bot.settings import Settings
from bot.wiring import clock, secret_key
from outreach.calendars import CHINA
from records import audit, audit_chain, audit_check, schema
from records.audit import AuditRow, Wanted
from records.audit_check import Findings
from records.database import Database, StoreUnavailable
from records.engines import missing
from records.keyring import open_store
from records.vault import Vault, VaultError

T = TypeVar("T")
_HEAD = re.compile(r"(?<![\w-])\d{1,12}-[0-9a-f]{32}(?![\w-])")


def verify(options: argparse.Namespace, settings: Settings) -> int:
    """Seal, check, and say what is wrong; failed where anything is."""
    noted = _noted(options.noted) if options.noted else []
    now = clock(settings)()
    found = _run(settings, lambda database: _checked(database, settings, now, noted))
    sys.stdout.write(_as_json(found) if options.json else _as_words(found, len(noted)))
    return OK if found.is_whole else FAILED


def head(_options: argparse.Namespace, settings: Settings) -> int:
    """The newest seal as it is noted."""
    found = _run(settings, lambda database: database.read(audit_chain.head))
    sys.stdout.write(f"{found.words}\n")
    return OK


def listed(options: argparse.Namespace, settings: Settings) -> int:
    """The newest acts, a line each."""
    since = datetime.combine(options.since, time(), CHINA) if options.since else None
    by = audit.actor_of(options.by) if options.by else ""
    wanted = Wanted(subject=options.of, actor=by, act=options.act, since=since)
    rows = _run(settings, lambda d: d.read(lambda s: audit.found(s, wanted, limit=options.limit)))
    for row in rows:
        sys.stdout.write(_row_as_json(row) if options.json else _row_as_words(row))
    return OK


async def _checked(
    database: Database, settings: Settings, now: datetime, noted: list[str]
) -> Findings:
    vault = Vault(secret_key(settings, database), is_closed=True)
    await open_store(database, vault, now)
    await audit_chain.seal(database, vault, now)
    return await audit_check.check(database, vault, now, noted=noted)


def _run(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    try:
        return asyncio.run(_with_database(settings, work))
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault


async def _with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    if (file := missing(settings.database_url)) is not None:
        raise CommandError(f"there is no database at {file}")
    database = Database(settings.database_url)
    try:
        await schema.migrate(database)
        return await work(database)
    finally:
        await database.close()


def _noted(path: str) -> list[str]:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandError(
            f"{path} cannot be read: name a text file with heads", BAD_USE
        ) from fault
    if not (found := _HEAD.findall(text)):
        raise CommandError(f"{path} has no head in it: `guiyan audit head` prints one", BAD_USE)
    return found


def _as_words(found: Findings, noted: int) -> str:
    lines = [f"{fault.kind.value}: {fault.where}" for fault in found.faults]
    if found.count > len(lines):
        lines.append(f"… and {found.count - len(lines)} more")
    state = "the trail is whole" if found.is_whole else f"NOT WHOLE: {found.count} faults"
    lines.append(f"{state}: {found.rows} rows in {found.blocks} blocks, head {found.head.words}")
    if found.unsealed:
        lines.append(f"{found.unsealed} rows are too young to be sealed, nothing is said of them")
    if not noted:
        lines.append("whether the end was cut off shows with --noted, heads kept elsewhere")
    return "".join(f"{line}\n" for line in lines)


def _as_json(found: Findings) -> str:
    told = {
        "whole": found.is_whole,
        "faults": [{"kind": one.kind.value, "where": one.where} for one in found.faults],
        "count": found.count,
        "rows": found.rows,
        "blocks": found.blocks,
        "unsealed": found.unsealed,
        "head": found.head.words,
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _row_as_words(row: AuditRow) -> str:
    at = f"{row.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
    return " ".join(filter(None, (at, row.actor, row.act, row.subject, row.reason))) + "\n"


def _row_as_json(row: AuditRow) -> str:
    names = ("id", "actor", "act", "subject", "receipt", "reason")
    told = {name: getattr(row, name) for name in names}
    told["at"] = row.at.astimezone(UTC).isoformat()
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE).decode()
