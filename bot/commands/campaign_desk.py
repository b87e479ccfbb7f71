"""What every command about a campaign works with, and how it is run."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.cli import BAD_USE, OK, CommandError
from bot.commands.in_store import Lines
from bot.settings import Settings
from bot.wiring import App, build, lines_of
from handlers.places import country
from outreach.campaigns import schedule
from outreach.campaigns.looking import House
from outreach.campaigns.refusing import CampaignRefused
from outreach.segments import Office
from records import campaign_drafts as drafts
from records.database import Session, StoreUnavailable
from records.vault import VaultError


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with."""

    options: argparse.Namespace
    app: App
    house: House

    @property
    def number(self) -> int:
        return int(self.options.number)

    @property
    def staff(self) -> str:
        return str(self.options.staff)


Work = Callable[[Session, Desk], Lines]


def at_desk(options: argparse.Namespace, settings: Settings, work: Work) -> int:
    async def alone(desk: Desk) -> Lines:
        return await desk.app.database.run(work, desk)

    return run(alone, options, settings)


def run(
    work: Callable[[Desk], Coroutine[Any, Any, Lines]],
    options: argparse.Namespace,
    settings: Settings,
) -> int:
    """Do one thing and print its lines; refusals become sentences."""
    try:
        lines = asyncio.run(_worked(work, options, settings))
    except CampaignRefused as refusal:
        raise CommandError(str(refusal), BAD_USE) from refusal
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


async def _worked(
    work: Callable[[Desk], Coroutine[Any, Any, Lines]],
    options: argparse.Namespace,
    settings: Settings,
) -> Lines:
    app = build(settings)
    try:
        await app.open()
        house = House(Office(country(), ""), lines_of(app.channels), settings.office_name)
        return await work(Desk(options, app, house))
    finally:
        await app.database.close()


def first_of(session: Session, number: int) -> str:
    return schedule.first(drafts.waves(session, number)) or "没定时间"
