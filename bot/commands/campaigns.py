"""`guiyan campaign`: write, look at, agree to, halt and follow messages to many."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.cli import BAD_USE, OK, CommandError
from bot.commands.in_store import Lines
from bot.settings import Settings
from bot.wiring import App, build, lines_of
from handlers.places import country
from matching.audience.parsing import AudienceFault
from outreach import alerts
from outreach.campaigns import (
    addressing,
    asking,
    drafting,
    effect,
    freezing,
    looking,
    rights,
    schedule,
    states,
    telling,
    texts,
)
from outreach.campaigns import proof as proofs
from outreach.campaigns.drafting import Against, New, Split, Wording
from outreach.campaigns.kits import loading
from outreach.campaigns.late import take_in
from outreach.campaigns.looking import House
from outreach.campaigns.refusing import CampaignRefused
from outreach.posting import checking
from outreach.posting.checking import Named
from outreach.segments import Office
from records import campaign_drafts as drafts
from records import schema
from records.campaigns import Campaign, CampaignState
from records.database import Session, StoreUnavailable
from records.vault import VaultError
from registry import villages

_FILE_NAME = 255


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


def list_campaigns(options: argparse.Namespace, settings: Settings) -> int:
    """Those of an area."""

    def work(session: Session, desk: Desk) -> Lines:
        area = _area(options.area) if options.area else ""
        found = drafts.listed(session, area, with_over=options.all)
        return [_line(session, one) for one in found] or ["没有群发任务。"]

    return _at_desk(options, settings, work)


def new(options: argparse.Namespace, settings: Settings) -> int:
    """Begin a draft."""

    def work(session: Session, desk: Desk) -> Lines:
        area = _area(options.area)
        town = _town(session, area, options.town) if options.town else ""
        begun = New(options.title, area, town, options.goal, topic=options.topic, kit=options.kit)
        now = desk.app.now()
        if not options.kit:
            number = drafting.new(session, begun, desk.staff, now)
            return [f"群发任务{number}，草稿。"]
        shipped = Against(desk.app.settings.link_hosts, Named())
        number, notes = loading.begin(session, desk.house, begun, shipped, desk.staff, now)
        return [f"群发任务{number}，草稿，按“{options.kit}”起的。", *notes]

    return _at_desk(options, settings, work)


def text(options: argparse.Namespace, settings: Settings) -> int:
    """Keep a wording, or drop it."""

    def work(session: Session, desk: Desk) -> Lines:
        now, app = desk.app.now(), desk.app
        if options.drop:
            variant, channel = options.variant, options.channel
            drafting.unwrite(session, desk.number, variant, channel, desk.staff, now)
            return [f"删了群发任务{desk.number}的文字{variant}{channel}。"]
        said = Wording(_read(options.text), options.variant, options.channel, options.link)
        known = checking.named(session, app.vault, said.text)
        against = Against(app.settings.link_hosts, known)
        kept = drafting.write(session, desk.number, said, against, desk.staff, now)
        return [
            f"记下了文字{options.variant}{options.channel}：",
            texts.footed(kept, options.link),
        ]

    return _at_desk(options, settings, work)


def audience(options: argparse.Namespace, settings: Settings) -> int:
    """For whom."""

    def work(session: Session, desk: Desk) -> Lines:
        found = drafting.aim(
            session,
            desk.house.office,
            desk.number,
            options.audience,
            desk.staff,
            desk.app.now(),
        )
        return [f"发给：{found.spoken}"]

    return _at_desk(options, settings, work)


def waves(options: argparse.Namespace, settings: Settings) -> int:
    """When."""

    def work(session: Session, desk: Desk) -> Lines:
        found = drafting.plan(
            session, desk.number, options.waves, options.ends, desk.staff, desk.app.now()
        )
        return [f"第{n}波 {one.words} {one.share}%的人" for n, one in enumerate(found, 1)]

    return _at_desk(options, settings, work)


def split(options: argparse.Namespace, settings: Settings) -> int:
    """The shares."""

    def work(session: Session, desk: Desk) -> Lines:
        late = None if options.late is None else options.late == "yes"
        wanted = Split(options.holdout, options.b, options.weight, late)
        drafting.split(session, desk.number, wanted, desk.staff, desk.app.now())
        one = drafting.found(session, desk.number)
        late_words = "补后来的人" if one.takes_late else "不补后来的人"
        return [f"B文字{one.second}%，留出{one.holdout}%，分量{one.weight}，{late_words}。"]

    return _at_desk(options, settings, work)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """One with what was done with it."""

    def work(session: Session, desk: Desk) -> Lines:
        app = desk.app
        seen = looking.look(session, app.vault, desk.house, desk.number, app.now())
        return [*looking.lines(seen), *_history(session, desk.number)]

    return _at_desk(options, settings, work)


def preview(options: argparse.Namespace, settings: Settings) -> int:
    """Whom it reaches; that somebody looked is noted."""
    return _at_desk(options, settings, _previewed)


def test(options: argparse.Namespace, settings: Settings) -> int:
    """To one's own account."""

    def work(session: Session, desk: Desk) -> Lines:
        number, now, app = desk.number, desk.app.now(), desk.app
        campaign = drafting.found(session, number)
        staff = rights.must_run(session, desk.staff, campaign)
        said = drafts.texts(session, number)
        if not said:
            raise CampaignRefused(f"还没写发什么：guiyan campaign text {number} “正文”。")
        if not staff.accounts:
            raise CampaignRefused(
                f"{staff.name}没绑聊天账号，试发没处送：guiyan staff link {staff.name}。"
            )
        values = {
            **addressing.of_nobody(desk.house.office.places, campaign, desk.house.name),
            "称呼": staff.name,
        }
        for one in said:
            whole = texts.footed(texts.fill(one.text, values), one.link)
            key = (
                f"campaign/test/{number}/{one.variant}{one.channel}/{staff.name}/{now:%m%d%H%M%S}"
            )
            whole = texts.trial(whole)
            alerts.write_to(
                session, app.vault, staff.name, whole, key=key, now=now, is_awaited=True
            )
        states.tested(session, number, staff.name, now)
        return [f"试发了{len(said)}段给{staff.name}，服务运行着的话，几秒之内到。"]

    return _at_desk(options, settings, work)


def submit(options: argparse.Namespace, settings: Settings) -> int:
    """Freeze, and ask a second."""
    return _run(_submitted, options, settings)


def approve(options: argparse.Namespace, settings: Settings) -> int:
    """Look; with --yes agree."""

    def work(session: Session, desk: Desk) -> Lines:
        if not options.yes:
            return [
                *_previewed(session, desk),
                f"同意就加 --yes：guiyan campaign approve {desk.number} --staff … --yes",
            ]
        states.approve(session, desk.number, desk.staff, desk.app.now())
        return [f"同意了，到时间自己开始发：{_first(session, desk.number)}。"]

    return _at_desk(options, settings, work)


def refuse(options: argparse.Namespace, settings: Settings) -> int:
    """A draft again."""

    def work(session: Session, desk: Desk) -> Lines:
        states.refuse(session, desk.number, desk.staff, desk.app.now(), options.why)
        return [f"群发任务{desk.number}退回去改了。"]

    return _at_desk(options, settings, work)


def pause(options: argparse.Namespace, settings: Settings) -> int:
    """Halt it."""

    def work(session: Session, desk: Desk) -> Lines:
        states.pause(session, desk.number, desk.staff, desk.app.now())
        return telling.standing(session, drafting.found(session, desk.number))

    return _at_desk(options, settings, work)


def resume(options: argparse.Namespace, settings: Settings) -> int:
    """Go on."""

    def work(session: Session, desk: Desk) -> Lines:
        states.resume(session, desk.number, desk.staff, desk.app.now())
        return telling.standing(session, drafting.found(session, desk.number))

    return _at_desk(options, settings, work)


def stop(options: argparse.Namespace, settings: Settings) -> int:
    """The kill switch."""

    def work(session: Session, desk: Desk) -> Lines:
        states.stop(session, desk.number, desk.staff, desk.app.now(), options.why)
        return telling.standing(session, drafting.found(session, desk.number))

    return _at_desk(options, settings, work)


def finish(options: argparse.Namespace, settings: Settings) -> int:
    """Close it."""

    def work(session: Session, desk: Desk) -> Lines:
        states.finish(session, desk.number, desk.staff, desk.app.now())
        return telling.standing(session, drafting.found(session, desk.number))

    return _at_desk(options, settings, work)


def report(options: argparse.Namespace, settings: Settings) -> int:
    """How it stands, and what came of it."""

    def work(session: Session, desk: Desk) -> Lines:
        campaign = drafting.found(session, desk.number)
        found = effect.measure(session, campaign, options.days, desk.app.now())
        return [*telling.standing(session, campaign), *effect.lines(found)]

    return _at_desk(options, settings, work)


def late(options: argparse.Namespace, settings: Settings) -> int:
    """Take in who fits since the freeze."""

    async def work(desk: Desk) -> Lines:
        database, now = desk.app.database, desk.app.now()
        await database.read(_must_run, desk)
        house = desk.house
        added = await take_in(database, house.office, desk.number, house.lines, now)
        return [f"补了{added}人，几分钟以后开始发。"]

    return _run(work, options, settings)


def _must_run(session: Session, desk: Desk) -> None:
    rights.must_run(session, desk.staff, drafting.found(session, desk.number))


def proof(options: argparse.Namespace, settings: Settings) -> int:
    """A file with a line for everybody, whole or not at all."""

    def work(session: Session, desk: Desk) -> Lines:
        drafting.found(session, desk.number)
        target = Path(options.out)
        try:
            count = proofs.write(session, desk.number, target)
        except OSError as fault:
            raise CampaignRefused(f"写不进 {target}（{fault.strerror}）。") from fault
        return [f"{target}：{count}人，每人一行。"]

    return _at_desk(options, settings, work)


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
    return [*looking.lines(seen), f"提交了。{asked}"]


def _previewed(session: Session, desk: Desk) -> Lines:
    states.look(session, desk.number, desk.staff, desk.app.now())
    seen = looking.look(session, desk.app.vault, desk.house, desk.number, desk.app.now())
    return list(looking.lines(seen))


def _at_desk(options: argparse.Namespace, settings: Settings, work: Work) -> int:
    async def alone(desk: Desk) -> Lines:
        return await desk.app.database.run(work, desk)

    return _run(alone, options, settings)


def _run(
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
        await schema.migrate(app.database)
        house = House(Office(country(), ""), lines_of(app.channels), settings.office_name)
        return await work(Desk(options, app, house))
    finally:
        await app.database.close()


def _area(named: str) -> str:
    found = country().resolve(named)
    if found is None:
        raise CampaignRefused(f"不知道“{named}”是哪里：请写区县名或六位代码。")
    return found.code


def _town(session: Session, area: str, named: str) -> str:
    home = villages.known(session, [area]).dwelling(area, named)
    if home.rest or home.village or not home.town:
        raise CampaignRefused(f"{area}里没有叫“{named}”的镇：请核对镇名。")
    return home.town


def _read(given: str) -> str:
    """The text itself, or what the file of this name holds."""
    path = Path(given)
    if given.endswith(".txt") and len(given.encode()) <= _FILE_NAME:
        try:
            return path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as fault:
            raise CampaignRefused(f"打不开 {path}：请核对文件名，存成UTF-8。") from fault
    return given


def _line(session: Session, one: Campaign) -> str:
    state = states.WORDS[CampaignState(one.state)]
    count = drafts.planned(session, one.id or 0)
    many = f"{count}人  " if count else ""
    return f"{one.id}  {one.title}  {state}  {many}{_first(session, one.id or 0)}"


def _first(session: Session, number: int) -> str:
    return schedule.first(drafts.waves(session, number)) or "没定时间"


def _history(session: Session, number: int) -> Iterator[str]:
    for step in drafts.steps(session, number):
        note = f"：{step.note}" if step.note else ""
        yield f"{schedule.spoken(step.at)}  {step.by}  {_STEPS.get(step.what, step.what)}{note}"


_STEPS = {
    "drafted": "起草",
    "edited": "改了",
    "submitted": "提交",
    "looked": "看过",
    "tested": "试发",
    "approved": "同意",
    "refused": "退回",
    "started": "开始发",
    "voided": "同意作废",
    "paused": "暂停",
    "resumed": "继续",
    "stopped": "停止",
    "finished": "结束",
    "late": "补人",
}
