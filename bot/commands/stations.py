"""`guiyan stations`: the directory, and the reports that heads confirmed."""

from __future__ import annotations

import argparse

from bot.commands.in_store import Lines, printed
from bot.settings import Settings
from bot.wiring import App
from outreach.courses.booking import today_of
from outreach.stations import half_of
from records import stations
from records.database import Session


def list_stations(options: argparse.Namespace, settings: Settings) -> int:
    """The stations for the people of an area."""

    def work(session: Session, app: App, area: str) -> Lines:
        return [
            f"{one.name}  {one.area}  {one.city or 'at home'}  {one.address or 'no address'}  "
            f"{one.phone or 'no phone'}  {one.head or 'no head'}"
            for one in stations.of_area(session, area)
        ]

    return printed(options, settings, work)


def reports(options: argparse.Namespace, settings: Settings) -> int:
    """The confirmed reports of a half-year."""

    def work(session: Session, app: App, area: str) -> Lines:
        half = options.half or half_of(today_of(app.now()))
        found = stations.reports(session, app.vault, half)
        return [
            f"{one.staff}  {one.half}  "
            + "  ".join(f"{name} {value}" for name, value in sorted(one.figures.items()))
            + (f"  {one.words}" if one.words else "")
            for one in found
        ]

    return printed(options, settings, work)
