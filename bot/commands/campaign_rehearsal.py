"""`guiyan campaign rehearse`: what would come of a campaign, before anybody is disturbed."""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import signal
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from bot.cli import BAD_USE, OK, CommandError
from bot.rehearsing import running
from bot.rehearsing.running import Stage
from bot.settings import Settings
from bot.wiring import build
from handlers.places import country
from outreach.campaigns import rehearsal
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.rehearsal import Cast
from outreach.segments import Office
from records import schema
from records.database import Database, StoreUnavailable
from records.masked import Vaults
from records.vault import Vault, VaultError

_TOLD = 143  # as a shell shows that a command was told to end


def rehearse(options: argparse.Namespace, settings: Settings) -> int:
    """Print what the rehearsal came to; the copy is gone afterwards, whatever happens."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TOLD))  # else the copy would stay
    logging.getLogger("guiyan").setLevel(logging.CRITICAL)  # of failures that are only played
    try:
        with tempfile.TemporaryDirectory(prefix="guiyan-rehearsal-") as folder:
            stage, cast, now = asyncio.run(_copied(options, settings, Path(folder)))
            found = running.run(stage, cast, now)
    except CampaignRefused as refusal:
        raise CommandError(str(refusal), BAD_USE) from refusal
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in rehearsal.lines(found))
    return OK


async def _copied(
    options: argparse.Namespace, settings: Settings, folder: Path
) -> tuple[Stage, Cast, datetime]:
    app = build(settings)
    copys = Database(f"sqlite:///{folder / 'copy.db'}")
    vaults, now = Vaults(app.vault, Vault(secrets.token_urlsafe(32))), app.now()
    places = country()
    try:
        await app.open()
        cast = await app.database.read(
            rehearsal.cast, Office(places, ""), options.number, options.people, options.seed, now
        )
        await schema.migrate(copys)
        await rehearsal.copy(app.database, copys, vaults, cast, now)
    finally:
        await copys.close()
        await app.database.close()
    limits = {kind: one.limits for kind, one in app.channels.items()}
    stage = Stage(copys.url.render_as_string(), vaults.copys, places, limits, settings.office_name)
    return stage, cast, now
