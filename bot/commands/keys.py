"""`guiyan keys`: which secrets open the store; a new one in, a former one out, while it runs."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.cli import BAD_USE, OK, CommandError
from bot.settings import Settings
from bot.wiring import App, build
from outreach.calendars import CHINA
from records import audit, keyring
from records.database import Session, StoreUnavailable
from records.keyring import KeyRefused
from records.vault import Vault, VaultError

_SHORTEST = 32  # signs: what cannot be guessed
Work = Callable[[Session, App], list[str]]


def listed(_options: argparse.Namespace, settings: Settings) -> int:
    """Each secret that opens the store, by its print."""
    return _printed(settings, _lines)


def add(options: argparse.Namespace, settings: Settings) -> int:
    """Let the secret in a file open the store as well; made there where there is no file."""
    other = Vault(_secret(Path(options.file)))

    def work(session: Session, app: App) -> list[str]:
        keyring.add(session, app.vault, other, app.now())
        _note(session, "keys.added", other.holder, app.now())
        return [
            f"{options.file} opens the store too, as {other.holder}: let each process start with "
            f"it, then `guiyan keys drop {app.vault.holder}`"
        ]

    return _printed(settings, work)


def drop(options: argparse.Namespace, settings: Settings) -> int:
    """A former secret opens the store no more."""

    def work(session: Session, app: App) -> list[str]:
        keyring.drop(session, app.vault, options.holder)
        _note(session, "keys.dropped", options.holder, app.now())
        return [f"{options.holder} opens the store no more; back-ups from before still want it"]

    return _printed(settings, work)


def _lines(session: Session, app: App) -> list[str]:
    return [
        f"{one.name}  since {one.made_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        f"{'  the one in use here' if one.name == app.vault.holder else ''}"
        for one in keyring.holders(session)
    ]


def _note(session: Session, act: str, holder: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor="system", subject=holder)


def _printed(settings: Settings, work: Work) -> int:
    try:
        lines = asyncio.run(_done(settings, work))
    except (KeyRefused, StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


async def _done(settings: Settings, work: Work) -> list[str]:
    app = build(settings, channels={})
    try:
        await app.open()
        return await app.database.run(work, app)
    finally:
        await app.database.close()


def _secret(file: Path) -> str:
    """What the file holds, or a new one."""
    try:
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(_SHORTEST) + "\n", encoding="ascii")
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandError(f"{file} cannot be read as a secret: {fault}", BAD_USE) from fault
    if len(secret) < _SHORTEST:
        raise CommandError(
            f"{file} holds fewer than {_SHORTEST} signs: name a file that is not there, and one "
            "is made",
            BAD_USE,
        )
    return secret
