"""`guiyan sites`: parks and vacant places; they come by `guiyan import sites`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.commands.library_desk import Desk, done
from bot.settings import Settings
from records import sites
from records.database import Session


def list_sites(options: argparse.Namespace, settings: Settings) -> int:
    """The places, a line each."""

    def work(session: Session, desk: Desk) -> Iterator[str]:
        rows = sites.within(session)
        inside = desk.within({row.county for row in rows})
        for row in rows:
            if inside is None or row.county in inside:
                mark = "演示 " if row.is_demo else ""
                free = "空位不清楚" if row.vacancy is None else f"空{row.vacancy}"
                yield (
                    f"{row.number}  {mark}{row.name}  {desk.place(row.county)}{row.place}  "
                    f"{free}  {row.rent}  {row.contact}  {row.verified_on}核实"
                )

    return done(options, settings, work)
