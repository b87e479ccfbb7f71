"""`guiyan campaign`: write what is sent to many, and when and to whom."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands.campaign_desk import Desk, at_desk, first_of
from bot.commands.in_store import Lines
from bot.settings import Settings
from handlers.places import country
from outreach import audiences, segments
from outreach.campaigns import drafting, states, texts
from outreach.campaigns.drafting import Against, New, Split, Wording
from outreach.campaigns.kits import loading
from outreach.campaigns.refusing import CampaignRefused
from outreach.posting import checking
from outreach.posting.checking import Named
from records import campaign_drafts as drafts
from records.campaigns import Campaign, CampaignState
from records.database import Session
from registry import villages

_FILE_NAME = 255


def list_campaigns(options: argparse.Namespace, settings: Settings) -> int:
    """Those of an area."""

    def work(session: Session, desk: Desk) -> Lines:
        area = _area(options.area) if options.area else ""
        found = drafts.listed(session, area, with_over=options.all)
        return [_line(session, one) for one in found] or ["没有群发任务。"]

    return at_desk(options, settings, work)


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

    return at_desk(options, settings, work)


def text(options: argparse.Namespace, settings: Settings) -> int:
    """Keep a wording, or drop it."""

    def work(session: Session, desk: Desk) -> Lines:
        now, app = desk.app.now(), desk.app
        if options.drop:
            variant, channel = options.variant, options.channel
            drafting.unwrite(session, desk.number, variant, channel, desk.staff, now)
            return [f"删了群发任务{desk.number}的{texts.which(variant, channel)}。"]
        said = Wording(_read(options.text), options.variant, options.channel, options.link)
        known = checking.named(session, app.vault, said.text)
        against = Against(app.settings.link_hosts, known)
        kept = drafting.write(session, desk.number, said, against, desk.staff, now)
        return [
            f"记下了{texts.which(options.variant, options.channel)}：",
            texts.footed(kept, options.link),
        ]

    return at_desk(options, settings, work)


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
        unknown = segments.tags_of_nobody(session, found)
        return [f"发给：{found.spoken}", *([audiences.no_such_tag(unknown)] if unknown else [])]

    return at_desk(options, settings, work)


def waves(options: argparse.Namespace, settings: Settings) -> int:
    """When."""

    def work(session: Session, desk: Desk) -> Lines:
        found = drafting.plan(
            session, desk.number, options.waves, options.ends, desk.staff, desk.app.now()
        )
        return [f"第{n}波 {one.words} {one.share}%的人" for n, one in enumerate(found, 1)]

    return at_desk(options, settings, work)


def split(options: argparse.Namespace, settings: Settings) -> int:
    """The shares."""

    def work(session: Session, desk: Desk) -> Lines:
        late = None if options.late is None else options.late == "yes"
        wanted = Split(options.holdout, options.b, options.weight, late)
        drafting.split(session, desk.number, wanted, desk.staff, desk.app.now())
        one = drafting.found(session, desk.number)
        late_words = "补后来的人" if one.takes_late else "不补后来的人"
        return [f"B文字{one.second}%，留出{one.holdout}%，分量{one.weight}，{late_words}。"]

    return at_desk(options, settings, work)


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
    return f"{one.id}  {one.title}  {state}  {many}{first_of(session, one.id or 0)}"
