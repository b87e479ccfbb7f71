"""`guiyan campaign`: halt one, let it go on, and see what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.commands.campaign_desk import Desk, at_desk, run
from bot.commands.in_store import Lines
from bot.settings import Settings
from outreach import stalls
from outreach.campaigns import drafting, effect, rights, states, telling
from outreach.campaigns import proof as proofs
from outreach.campaigns.late import take_in
from outreach.campaigns.refusing import CampaignRefused
from records.database import Session

Move = Callable[[Session, int, str, datetime], None]


def pause(options: argparse.Namespace, settings: Settings) -> int:
    """Halt it."""
    return _moved(states.pause, options, settings)


def resume(options: argparse.Namespace, settings: Settings) -> int:
    """Go on."""
    return _moved(states.resume, options, settings)


def finish(options: argparse.Namespace, settings: Settings) -> int:
    """Close it."""
    return _moved(states.finish, options, settings)


def stop(options: argparse.Namespace, settings: Settings) -> int:
    """The kill switch."""

    def stopped(session: Session, number: int, by: str, now: datetime) -> None:
        states.stop(session, number, by, now, options.why)

    return _moved(stopped, options, settings)


def _moved(move: Move, options: argparse.Namespace, settings: Settings) -> int:
    """Change its state, and say how it stands then."""

    def work(session: Session, desk: Desk) -> Lines:
        move(session, desk.number, desk.staff, desk.app.now())
        return telling.standing(session, drafting.found(session, desk.number))

    return at_desk(options, settings, work)


def report(options: argparse.Namespace, settings: Settings) -> int:
    """How it stands, and what came of it."""

    def work(session: Session, desk: Desk) -> Lines:
        campaign = drafting.found(session, desk.number)
        found = effect.measure(session, campaign, options.days, desk.app.now())
        asked = stalls.lines(session, desk.app.vault, campaign)
        return [*telling.standing(session, campaign), *effect.lines(found), *asked]

    return at_desk(options, settings, work)


def late(options: argparse.Namespace, settings: Settings) -> int:
    """Take in who fits since the freeze."""

    async def work(desk: Desk) -> Lines:
        database, now = desk.app.database, desk.app.now()
        await database.read(_must_run, desk)
        house = desk.house
        added = await take_in(database, house.office, desk.number, house.lines, now)
        return [f"补了{added}人，几分钟以后开始发。"]

    return run(work, options, settings)


def _must_run(session: Session, desk: Desk) -> None:
    rights.must_run(session, desk.staff, drafting.found(session, desk.number))


def proof(options: argparse.Namespace, settings: Settings) -> int:
    """A file with a line for everybody, whole or not at all."""

    def work(session: Session, desk: Desk) -> Lines:
        campaign = drafting.found(session, desk.number)
        if desk.staff:
            rights.must_run(session, desk.staff, campaign)
        target = Path(options.out)
        try:
            count = proofs.write(session, desk.number, target)
        except OSError as fault:
            raise CampaignRefused(f"写不进 {target}（{fault.strerror}）。") from fault
        return [f"{target}：{count}人，每人一行。"]

    return at_desk(options, settings, work)
