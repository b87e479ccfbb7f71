"""`guiyan desk`: staff read and answer the people who asked for a human."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot.cli import OK, CommandError
from bot.commands import acting, desk_work
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from channels.registry import CHANNELS, channel_class
from handlers import desk as counter
from handlers import desk_acts
from handlers.desk import Case, Clerk, NoSuchTicket
from handlers.desk_acts import Unreachable
from handlers.reaching import channel_of
from handlers.staff_pages import progress_of, servicer_of
from knowledge.areas import Gazetteer
from outreach.reach import Lines
from records import applications
from records.database import Session, StoreUnavailable
from records.send_budgets import Reach
from records.tickets import TicketState
from records.vault import VaultError

_WAYS = {
    Reach.WHEN_THEY_WRITE: ["眼下发不到对方手里，回了要等对方下次说话才送。"],
    Reach.OTHER_CHANNEL: ["对方在这边眼下收不到，回了就从对方的另一个账号发。"],
    Reach.NOT_AT_ALL: ["对方在哪个账号上都收不到消息了。"],
}
_WORK = {
    "move": desk_work.move,
    "open": desk_work.accept,
    "papers": desk_work.papers,
    "decide": desk_work.decide,
}
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
    except Unreachable as fault:
        raise CommandError(
            f"没有发：{fault}的人在哪个账号上都收不到我们的消息了。留了电话的，请打电话。"
        ) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


async def _act(options: argparse.Namespace, settings: Settings) -> list[str]:
    app = build(settings, channels={})
    try:
        await app.open()
        places = library_of(settings.areas, await usable_pages(app.database)).areas
        return await app.database.run(_do, options, app, places)
    finally:
        await app.database.close()


def _do(session: Session, options: argparse.Namespace, app: App, places: Gazetteer) -> list[str]:
    now = app.now()
    if options.action == "list":
        cases = counter.list_open(session, app.vault)
        return [_headline(app, places, case) for case in cases] or ["没有人在等。"]
    if options.action == "figures":
        return desk_work.figures(session, options, app, places)
    if options.action != "open":
        number = options.number.strip().upper()
        acting.at_the_desk(session, app.vault, options.staff, number, now)
    if options.action in _WORK:
        return _WORK[options.action](session, options, app)
    clerk = Clerk(account="terminal", name=options.staff)
    if options.action == "show":
        case = desk_acts.show(session, app.vault, number, clerk=clerk, now=now, lines=_lines())
        return _page(app, places, case)
    if options.action == "take":
        desk_acts.take(session, number, clerk=clerk, now=now)
        return [f"{number} 现在由{clerk.name}负责。"]
    if options.action == "reply":
        case = desk_acts.reply(
            session, app.vault, number, options.text, clerk=clerk, now=now, lines=_lines()
        )
        return [_sent(case, number)]
    if number in applications.undecided(session, [number]):
        raise CommandError(
            f"{number} 是申请，要写结论：guiyan desk decide {number} granted|refused。"
        )
    desk_acts.close(session, app.vault, number, clerk=clerk, now=now, lines=_lines())
    return [f"{number} 已办结，小助手接着回答。"]


def _lines() -> Lines:
    """What the providers allow: the service sends, by whatever channels it has."""
    limits = {kind: channel_class(kind).limits for kind in CHANNELS}
    return Lines(allowances={kind: one.allowance for kind, one in limits.items() if one.allowance})


def _sent(case: Case, number: str) -> str:
    """What becomes of an answer, as it is."""
    if case.servicer:
        return (
            f"存下了，还没发给对方（{number}）：{servicer_of(case)}正在微信客服里接待，等那边结束再送。"
            "急的话，请在微信客服里回。"
        )
    if case.way.reach is Reach.WHEN_THEY_WRITE:
        before = f"前面还有{case.waiting}条没送到，" if case.waiting else ""
        return f"存下了，还没发给对方（{number}）：{before}等对方下次说话就送。急的话请打电话。"
    if case.way.reach is Reach.OTHER_CHANNEL:
        return f"对方在原来那边眼下收不到，已从{channel_of(case.way)}发给对方（{number}）。"
    return f"已发给对方（{number}）。"


def _headline(app: App, places: Gazetteer, case: Case) -> str:
    area = places.resolve(case.area) if case.area else None
    place = area.name if area else "没说是哪里"
    line = desk_work.headline(case, place, app.now(), app.settings.timezone)
    return f"{line}（{servicer_of(case)}正在微信客服里接待）" if case.servicer else line


def _page(app: App, places: Gazetteer, case: Case) -> list[str]:
    lines = [_headline(app, places, case), *progress_of(case)]
    for line in case.lines:
        at = line.at.astimezone(app.settings.timezone)
        lines.append(f"{at:%m-%d %H:%M} {_WHO[line.author]}：{line.text}")
    if case.waiting:
        lines.append(f"有{case.waiting}条还没送到，等对方下次说话就送。")
    if not case.is_gone and case.state is not TicketState.CLOSED:
        lines += _WAYS.get(case.way.reach, [])
    return lines
