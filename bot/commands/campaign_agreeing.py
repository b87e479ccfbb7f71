"""`guiyan campaign`: look at one, try it, submit it, and agree to it or not."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.commands.campaign_desk import Desk, at_desk, first_of, run
from bot.commands.in_store import Lines
from bot.settings import Settings
from matching.audience.parsing import AudienceFault
from outreach.campaigns import asking, freezing, looking, schedule, states, trying
from outreach.campaigns.refusing import CampaignRefused
from records import campaign_drafts as drafts
from records.database import Session


def show(options: argparse.Namespace, settings: Settings) -> int:
    """One with what was done with it."""

    def work(session: Session, desk: Desk) -> Lines:
        app = desk.app
        seen = looking.look(session, app.vault, desk.house, desk.number, app.now())
        return [*looking.lines(seen), *_history(session, desk.number)]

    return at_desk(options, settings, work)


def preview(options: argparse.Namespace, settings: Settings) -> int:
    """Whom it reaches; that somebody looked is noted."""
    return at_desk(options, settings, _previewed)


def test(options: argparse.Namespace, settings: Settings) -> int:
    """To one's own account."""

    def work(session: Session, desk: Desk) -> Lines:
        app = desk.app
        count = trying.send(session, app.vault, desk.house, desk.number, desk.staff, app.now())
        told = f"试发了{count}段给{desk.staff}，服务运行着的话，几秒之内到。"
        return [told, "末行的核对码和大家收到的一样，正式发了以后才查得到。"]

    return at_desk(options, settings, work)


def submit(options: argparse.Namespace, settings: Settings) -> int:
    """Freeze, and ask a second."""
    return run(_submitted, options, settings)


def approve(options: argparse.Namespace, settings: Settings) -> int:
    """Look; with --yes agree."""

    def work(session: Session, desk: Desk) -> Lines:
        if not options.yes:
            return [*_previewed(session, desk), _how_to_agree(session, desk)]
        states.approve(session, desk.number, desk.staff, desk.app.now())
        return [f"同意了，到时间自己开始发：{first_of(session, desk.number)}。"]

    return at_desk(options, settings, work)


def _how_to_agree(session: Session, desk: Desk) -> str:
    number, now = desk.number, desk.app.now()
    fault = states.fault(session, states.Act.APPROVE, number, desk.staff, now)
    return fault or f"同意就加 --yes：guiyan campaign approve {number} --staff {desk.staff} --yes"


def refuse(options: argparse.Namespace, settings: Settings) -> int:
    """A draft again."""

    def work(session: Session, desk: Desk) -> Lines:
        states.refuse(session, desk.number, desk.staff, desk.app.now(), options.why)
        return [f"群发任务{desk.number}退回去改了。"]

    return at_desk(options, settings, work)


async def _submitted(desk: Desk) -> Lines:
    database, number, now = desk.app.database, desk.number, desk.app.now()
    await database.run(states.submit, number, desk.staff, now)
    try:
        await freezing.freeze(database, desk.house.office, number, desk.house.lines, now)
    except AudienceFault as fault:
        raise CampaignRefused(str(fault)) from fault
    told = await database.run(asking.ask_a_second, desk.app.vault, number, now)
    seen = await database.read(looking.look, desk.app.vault, desk.house, number, now)
    asked = f"告诉了{told}位能同意的同事。" if told else "还没有能同意的同事绑了账号，请当面告诉。"
    return [*looking.lines(seen), f"提交了。{states.who_agrees(seen.planned)}{asked}"]


def _previewed(session: Session, desk: Desk) -> Lines:
    states.look(session, desk.number, desk.staff, desk.app.now())
    seen = looking.look(session, desk.app.vault, desk.house, desk.number, desk.app.now())
    return list(looking.lines(seen))


def _history(session: Session, number: int) -> Iterator[str]:
    for step in drafts.steps(session, number):
        note = f"：{step.note}" if step.note else ""
        what = states.STEPS.get(step.what, step.what)
        yield f"{schedule.spoken(step.at)}  {step.by}  {what}{note}"
