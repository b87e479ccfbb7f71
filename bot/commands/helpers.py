"""`guiyan staff helper` and `handover`: what helpers take on, and who goes on for them."""

from __future__ import annotations

import argparse

from bot.cli import BAD_USE, CommandError
from bot.wiring import App
from matching.codes import Category
from outreach.helping import assigning
from outreach.helping.assigning import HandedOver
from records import assignments, staff_accounts
from records.assignments import Helper
from records.database import Session
from records.staff_accounts import StaffRefusal, StaffRole

ACTOR = "staff:terminal"
_HELPS = {StaffRole.COMMISSIONER, StaffRole.MENTOR}


def keep(session: Session, name: str, options: argparse.Namespace) -> list[str]:
    """What somebody takes on from now on."""
    _helper(session, name)
    known = {category.value for category in Category}
    if wrong := sorted(set(options.trades) - known):
        raise CommandError(
            f"no trade is called {', '.join(wrong)}: take {', '.join(sorted(known))}", BAD_USE
        )
    if options.most < 0:
        raise CommandError("--most is a number of dossiers, or 0 for as many as usual", BAD_USE)
    trades = list(options.trades)
    row = Helper(
        name=name,
        most=options.most,
        trades=trades,
        speaks=options.speaks.strip()[:60],
        about=options.about.strip()[:120],
        is_expert=options.expert,
    )
    assignments.keep_helper(session, row)
    return []


def hand_over(session: Session, app: App, name: str, to: str = "") -> list[str]:
    """All dossiers of somebody go to others; what became of them, a line each."""
    if to:
        _helper(session, to)
    if to == name:
        raise CommandError("--to is somebody else", BAD_USE)
    over = assigning.hand_over(session, app.vault, name, to=to, actor=ACTOR, now=app.now())
    return told(over)


def told(over: HandedOver) -> list[str]:
    """What became of somebody's dossiers, a line each."""
    lines = [f"{helper} takes {count} dossiers" for helper, count in sorted(over.taken.items())]
    if over.left:
        lines.append(f"{over.left} dossiers wait: nobody of their place has room")
    return lines


def _helper(session: Session, name: str) -> None:
    known = {one.name: one for one in staff_accounts.everybody(session)}
    if name not in known:
        raise StaffRefusal(f"{name} is not among the staff: `guiyan staff list` shows everybody")
    if known[name].role not in _HELPS:
        raise StaffRefusal(
            f"{name} is {known[name].role.value}: only a commissioner or mentor looks after people"
        )
