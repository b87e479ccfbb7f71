"""`guiyan migrate`, `doctor` and `config`: what an operator runs before and beside the service."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from bot.cli import FAILED, OK, CommandError
from bot.endpoints import without_password
from bot.findings import Finding, Grade, finding, note
from bot.measuring import write_fault
from bot.packs import library_of, served_pages
from bot.settings import SETTINGS, Settings, SettingsError
from bot.wecom import Corp
from bot.wecom_doctor import WecomDoctor
from bot.wecom_settings import is_set
from bot.wiring import App, build, configured_channels
from handlers.recordings import silence
from knowledge.library import check as check_entries
from outreach.calendars import CHINA
from outreach.working_days import is_known
from records import imports, key_check, keyring, schema, vitals
from records.database import Database, StoreUnavailable
from records.engines import missing
from records.vault import VaultError

_APART = 5.0  # seconds that two clocks may differ by
_SAFE_KEY = 32
_LITTLE_ROOM = 1 << 30  # bytes: below it the alert GuiyanDiskLow rings
# Nothing is made by looking: an empty database and a new key would hide what was lost.
_MISSING = (
    "there is none at {}: `guiyan run` makes a new one; if there was one, bring it back first "
    "(`guiyan restore`)"
)
_ANNOUNCED = 11  # the month in which the next year's holidays are usually announced


def migrate(options: argparse.Namespace, settings: Settings) -> int:
    """Bring the schema up to date."""
    try:
        done = asyncio.run(_migrate(settings.database_url))
    except StoreUnavailable as fault:
        raise CommandError(str(fault)) from fault
    _print(f"schema is now {schema.HEAD}" if done else f"schema was current ({schema.HEAD})")
    return OK


def show_config(options: argparse.Namespace, settings: Settings) -> int:
    """Every setting: its value now, its default, its meaning; secrets only as set or not."""
    values = _values(settings)
    for setting in SETTINGS:
        value = values[setting.field]
        shown = ("(set)" if value else "(not set)") if setting.is_secret else _shown(value)
        _print(f"{setting.variable} = {shown}")
        _print(f"    {setting.meaning}; default: {setting.default or '(empty)'}")
    return OK


def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Check everything; one line each, and how to mend what is wrong."""
    # What they would log is on the lines.
    logging.getLogger("guiyan").addHandler(logging.NullHandler())
    findings = asyncio.run(_examine(settings, speaks=options.speak))
    for found in findings:
        _print(str(found))
    return FAILED if any(found.grade is Grade.FAULT for found in findings) else OK


async def _migrate(url: str) -> bool:
    database = Database(url)
    try:
        return await schema.migrate(database)
    finally:
        await database.close()


async def _examine(settings: Settings, *, speaks: bool) -> list[Finding]:
    findings = [finding("settings", ""), finding("clock", _clock_fault(settings))]
    if (file := missing(settings.database_url)) is not None:
        return [*findings, finding("database", _MISSING.format(file))]
    findings.append(finding("entries", await _entry_fault(settings)))
    try:
        app = build(settings, channels={})
        if settings.is_embedded:
            await schema.migrate(app.database)
    except (SettingsError, StoreUnavailable, VaultError) as fault:
        return [*findings, finding("start", str(fault))]
    findings.append(finding("secret key", _key_fault(settings)))
    findings += await _helper_findings(app)
    findings.append(_holidays(app.now()))
    store = await _database_findings(app)
    findings += store
    if any(found.grade is Grade.FAULT for found in store):
        findings.append(note("channels", "they are tried once the database is well"))
    else:
        findings += await _channel_findings(app, speaks=speaks)
    await app.database.close()
    return findings


async def _helper_findings(app: App) -> list[Finding]:
    """The language model and the recogniser, where they are configured."""
    found = []
    if app.model is not None:
        found.append(finding("language model", await app.model.check()))
        await app.model.close()
    if app.speech is not None:
        sound = silence(is_amr=is_set(_values(app.settings)))
        found.append(finding("voice recogniser", await app.speech.check(sound)))
        await app.speech.close()
    return found


async def _channel_findings(app: App, *, speaks: bool) -> list[Finding]:
    parts = (app.settings, app.database, app.vault)
    owner = f"doctor-{os.getpid()}"
    found = []
    if is_set(_values(app.settings)):
        corp = Corp(*parts, owner=owner, now=app.now)
        found += await WecomDoctor(app.settings, corp, app.now).findings(speaks=speaks)
    is_faulty = any(one.grade is Grade.FAULT for one in found)
    for kind, channel in configured_channels(*parts, app.now, owner).items():
        is_wecom = kind.startswith("wecom_")  # its steps are told already
        fault = "" if is_wecom and is_faulty else await channel.check()
        if fault or not is_wecom:
            found.append(finding(f"channel {kind}", fault))
        await channel.close()
    return found


async def _database_findings(app: App) -> list[Finding]:
    try:
        version = await schema.version(app.database)
    except StoreUnavailable as fault:
        return [finding("database", str(fault))]
    if not app.database.is_sqlite and await schema.is_half_moved(app.database):
        return [finding("database", f"only half moved: {schema.MOVE_ON}")]
    stale = "" if version >= schema.HEAD else _schema_fault(version)
    found = [
        finding("database", await write_fault(app)),
        finding(f"schema {version or 'none'}", stale),
    ]
    if version > schema.HEAD:
        words = f"newer than this program, which knows {schema.HEAD}: bring it up to date too"
        found.append(note("program", words))
    if stale:
        return found
    return [
        *found,
        finding("key to what is stored", await _misfit(app)),
        finding("clock beside the database's", await _clock_apart(app)),
        *await _room_findings(app),
        *await _import_findings(app),
    ]


async def _misfit(app: App) -> str:
    """What was stored under another key is closed to everybody."""
    try:
        await app.database.read(keyring.unlocked, app.vault)
        await app.database.read(key_check.try_key, app.vault)
    except VaultError as fault:
        return str(fault)
    return ""


async def _clock_apart(app: App) -> str:
    """What is shared goes by the database's clock, which should be right as well."""
    ahead = await app.database.read(lambda session: vitals.ahead(session, app.machine_now()))
    if app.settings.now is not None or abs(ahead) < _APART:
        return ""
    where = "ahead of" if ahead > 0 else "behind"
    return f"{abs(ahead):.0f} s {where} it: switch time synchronisation on, on both machines"


async def _room_findings(app: App) -> list[Finding]:
    free = (await app.database.read(vitals.size)).free
    if free is None or free >= _LITTLE_ROOM:
        return []
    words = (
        f"{free >> 20} MiB are left beside the database: make room before nothing can be stored"
    )
    return [note("disk", words)]


async def _import_findings(app: App) -> list[Finding]:
    count = await app.database.read(imports.still_open)
    words = f"{count} not finished: import the file again (`guiyan import list --open`)"
    return [note("imports", words)] if count else []


def _schema_fault(version: str) -> str:
    if not version:
        return "there are no tables yet: run `guiyan migrate` (`guiyan run` does it too)"
    return f"the program expects {schema.HEAD}: run `guiyan migrate`"


def _clock_fault(settings: Settings) -> str:
    if settings.now is not None:
        return "GUIYAN_NOW is set: the clock is a rehearsal's; remove it in service"
    if datetime.now(UTC).year < 2026:
        return "the machine's clock is in the past: set it (time synchronisation is off?)"
    return ""


def _holidays(now: datetime) -> Finding:
    """Time limits are counted in working days, which a year's notice makes known."""
    year = now.astimezone(CHINA).year
    if not is_known(year):
        return finding("holidays", f"{year} is not in the calendar: update chinesecalendar")
    if not is_known(year + 1) and now.astimezone(CHINA).month >= _ANNOUNCED:
        return note(
            "holidays",
            f"{year + 1} is not in the calendar yet: update chinesecalendar once it is announced",
        )
    return finding("holidays", "")


def _key_fault(settings: Settings) -> str:
    if 0 < len(settings.secret_key) < _SAFE_KEY:
        return f"GUIYAN_SECRET_KEY is short: {_SAFE_KEY} random characters cannot be guessed"
    return ""


async def _entry_fault(settings: Settings) -> str:
    served = await served_pages(settings, _nobody)
    faults = check_entries(edited=served.pages)
    if faults:
        return f"{len(faults)} faults: run `guiyan knowledge check`"
    try:
        library_of(settings.areas, tuple(served.pages.items()))
    except SettingsError as fault:
        return str(fault)
    return ""


def _nobody(sentence: str) -> None:
    """What is wrong with the database is said on its own line."""


def _values(settings: Settings) -> dict[str, Any]:
    return {field.name: getattr(settings, field.name) for field in fields(settings)}


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value) or "(empty)"
    return without_password(str(value)) if value not in ("", None) else "(empty)"


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
