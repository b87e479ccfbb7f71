"""`guiyan desk`: staff read and answer the people who asked for a human."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot.cli import OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from handlers import desk as counter
from handlers.desk import Case, Clerk, NoSuchTicket
from handlers.staff_pages import servicer_of
from knowledge.areas import Gazetteer
from records import schema
from records.database import Session, StoreUnavailable
from records.vault import VaultError

_WHO = {"person": "对方", "staff": "工作人员", "bot": "小助手"}


def desk(options: argparse.Namespace, settings: Settings) -> int:
    """One action of the staff."""
    try:
        lines = asyncio.run(_act(options, settings))
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    except NoSuchTicket as fault:
        raise CommandError(
            f"没有编号是{fault}的求助，或者对方已经结束了。用 guiyan desk list 看看有哪些。"
        ) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


async def _act(options: argparse.Namespace, settings: Settings) -> list[str]:
    app = build(settings, channels={})
    try:
        await schema.migrate(app.database)
        places = library_of(settings.areas, await usable_pages(app.database)).areas
        return await app.database.run(_do, options, app, places)
    finally:
        await app.database.close()


def _do(session: Session, options: argparse.Namespace, app: App, places: Gazetteer) -> list[str]:
    now = app.now()
    if options.action == "list":
        cases = counter.list_open(session, app.vault)
        return [_headline(app, places, case) for case in cases] or ["没有人在等。"]
    clerk = Clerk(account="terminal", name=options.staff)
    number = options.number.strip().upper()
    if options.action == "show":
        return _page(app, places, counter.show(session, app.vault, number, clerk=clerk, now=now))
    if options.action == "take":
        counter.take(session, number, clerk=clerk, now=now)
        return [f"{number} 现在由{clerk.name}负责。"]
    if options.action == "reply":
        counter.reply(session, app.vault, number, options.text, clerk=clerk, now=now)
        return [_sent(counter.look_at(session, app.vault, number), number)]
    counter.close(session, app.vault, number, clerk=clerk, now=now)
    return [f"{number} 已办结，小助手接着回答。"]


def _sent(case: Case | None, number: str) -> str:
    if case is not None and case.servicer:
        return (
            f"存下了，还没发给对方（{number}）：{servicer_of(case)}正在微信客服里接待，等那边结束再送。"
            "急的话，请在微信客服里回。"
        )
    if case is not None and case.waiting:
        return f"存下了（{number}）：前面还有{case.waiting}条没送到，等对方下次说话一起送。"
    return f"已发给对方（{number}）。"


def _headline(app: App, places: Gazetteer, case: Case) -> str:
    area = places.resolve(case.area) if case.area else None
    place = area.name if area else "没说是哪里"
    at = case.opened_at.astimezone(app.settings.timezone)
    flag = "！" if case.is_flagged else "　"
    line = f"{flag}{case.number}  {case.state:<6} {at:%m-%d %H:%M}  {place}  {case.subject}"
    return f"{line}（{servicer_of(case)}正在微信客服里接待）" if case.servicer else line


def _page(app: App, places: Gazetteer, case: Case) -> list[str]:
    lines = [_headline(app, places, case)]
    for line in case.lines:
        at = line.at.astimezone(app.settings.timezone)
        lines.append(f"{at:%m-%d %H:%M} {_WHO[line.author]}：{line.text}")
    if case.waiting:
        lines.append(f"有{case.waiting}条还没送到，等对方下次说话就送。")
    return lines
