"""`guiyan desk`: staff read and answer the people who asked for a human."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime

from bot.cli import OK, CommandError
from bot.settings import Settings
from bot.wiring import App, build
from handlers import staff_desk
from records import schema, tickets
from records.database import Session, StoreUnavailable
from records.tickets import Ticket


def desk(options: argparse.Namespace, settings: Settings) -> int:
    """One action of the staff."""
    try:
        lines = asyncio.run(_act(options, settings))
    except StoreUnavailable as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


async def _act(options: argparse.Namespace, settings: Settings) -> list[str]:
    app = build(settings, channels={})
    try:
        await schema.migrate(app.database)
        return await app.database.run(_do, options, app, app.now())
    finally:
        await app.database.close()


def _do(session: Session, options: argparse.Namespace, app: App, now: datetime) -> list[str]:
    if options.action == "list":
        return [_headline(app, ticket) for ticket in tickets.list_open(session)] or [
            "没有人在等。"
        ]
    ticket = tickets.find(session, options.number)
    if ticket is None:
        raise CommandError(f"没有编号是 {options.number} 的求助，用 `guiyan desk list` 看看")
    if options.action == "show":
        return _page(session, app, ticket)
    if options.action == "take":
        staff_desk.take(session, ticket.number, staff=options.staff, at=now)
        return [f"{ticket.number} 现在由{options.staff}负责。"]
    if options.action == "reply":
        staff_desk.reply(session, app.vault, ticket, options.text, staff=options.staff, at=now)
        return [f"已发给对方（{ticket.number}）。"]
    staff_desk.close(session, app.vault, ticket, staff=options.staff, at=now)
    return [f"{ticket.number} 已办结，小助手接着回答。"]


def _headline(app: App, ticket: Ticket) -> str:
    area = app.library.areas.resolve(ticket.area) if ticket.area else None
    place = area.name if area else "没说是哪里"
    flag = "！" if ticket.is_flagged else " "
    opened = ticket.opened_at.astimezone(app.settings.timezone)
    return f"{flag}{ticket.number}  {ticket.state:<6} {opened:%m-%d %H:%M}  {place}  {ticket.kind}"


def _page(session: Session, app: App, ticket: Ticket) -> list[str]:
    who = {"person": "对方", "staff": "工作人员", "bot": "小助手"}
    lines = [_headline(app, ticket), app.vault.open(ticket.subject), ""]
    for line in tickets.lines_of(session, app.vault, ticket.number):
        at = line.at.astimezone(app.settings.timezone)
        lines.append(f"{at:%m-%d %H:%M} {who[line.author]}：{line.text}")
    return lines
