"""`guiyan groups`: the register of contact groups, who keeps them, whose people are in them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime

from bot.cli import BAD_USE, CommandError
from bot.commands.stewards import Counter, at_counter, must_be_on
from bot.settings import Settings
from bot.wecom import Corp
from bot.wecom_settings import robots_of
from knowledge.areas import Area
from outreach.broadcasts import Kind
from outreach.calendars import CHINA
from outreach.groups import placing
from outreach.groups.placing import By, GroupRefused, Said
from records import audit, group_register, places
from records.database import Session
from records.group_register import GroupState, Known
from records.groups import ROBOT, WECHAT, WECOM, GroupKind, GroupSource
from registry import groups_kind
from registry.groups_kind import CITY

_OWNER = "command line"
_LACKS = {"area": "哪里的人", "kind": "类别", "steward": "群管"}
_STATES = {
    GroupState.LIVE: "能用",
    GroupState.WAITING: "等安排",
    GroupState.LEFT: "机器人不在里面了，或者解散了",
    GroupState.DROPPED: "说过不用了",
}
_SOURCES = {
    GroupSource.JOINED: "机器人被拉进去",
    GroupSource.SYNCED: "从企业微信读来",
    GroupSource.LISTED: "名单导入",
    GroupSource.ENTERED: "一个个录入",
}
_CHANNELS = {
    WECHAT: "微信（人工转发）",
    WECOM: "企业微信",
    ROBOT: "企业微信群机器人",
    "telegram": "Telegram",
}

_ACTS = {"group.placed": "安排", "group.dropped": "不用了", "group.taken_back": "又用了"}

Acted = Callable[[Session, Counter, By], list[str]]


def list_groups(options: argparse.Namespace, settings: Settings) -> int:
    """Every group that is neither left nor dropped."""
    return at_counter(_list, options, settings)


def sync(options: argparse.Namespace, settings: Settings) -> int:
    """Read customers, groups and tags from WeCom now."""
    must_be_on(settings)
    return at_counter(_sync, options, settings)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """One group, with what was done to it."""
    return _act(_show, options, settings)


def place(options: argparse.Namespace, settings: Settings) -> int:
    """Say where the people of a group are from, and more."""
    return _act(_place, options, settings)


def kind(options: argparse.Namespace, settings: Settings) -> int:
    """Say whom a group gathers."""
    return _act(_kind, options, settings)


def steward(options: argparse.Namespace, settings: Settings) -> int:
    """Say who of the staff keeps a group."""
    return _act(_steward, options, settings)


def size(options: argparse.Namespace, settings: Settings) -> int:
    """Say how many are in a group that nobody counts for us."""
    return _act(_size, options, settings)


def rename(options: argparse.Namespace, settings: Settings) -> int:
    """An ordinary WeChat group is called otherwise."""
    return _act(_rename, options, settings)


def drop(options: argparse.Namespace, settings: Settings) -> int:
    """A group is none of ours, or is again."""
    return _act(_drop, options, settings)


def add(options: argparse.Namespace, settings: Settings) -> int:
    """An ordinary WeChat group, into which its steward pastes, or one that has a robot."""
    return _act(_add, options, settings)


def _act(work: Acted, options: argparse.Namespace, settings: Settings) -> int:
    """Do one thing in one transaction, as the member of staff who is named."""

    def acted(session: Session, counter: Counter) -> list[str]:
        by = placing.acting(session, options.staff) if options.staff else By()
        return work(session, counter, by)

    async def run(counter: Counter) -> list[str]:
        try:
            return await counter.app.database.run(acted, counter)
        except GroupRefused as refusal:
            raise CommandError(str(refusal)) from refusal

    return at_counter(run, options, settings)


async def _list(counter: Counter) -> list[str]:
    options, area = counter.options, counter.area()
    wanted = _kind_of(options.kind)
    owners = await counter.owners(Kind.GROUP)
    try:
        found = await counter.app.database.read(_seen, counter, owners)
    except GroupRefused as refusal:
        raise CommandError(str(refusal)) from refusal
    if area is not None:
        found = [one for one in found if counter.is_within(one.area, area)]
    if wanted is not None:
        found = [one for one in found if one.kind is wanted]
    if options.steward:
        found = [one for one in found if one.steward == options.steward]
    return [_line(counter, one) for one in found] or ["没有。"]


def _seen(session: Session, counter: Counter, owners: tuple[str, ...]) -> list[Known]:
    """The groups that may be seen, in the states that are asked for."""
    options = counter.options
    by = placing.acting(session, options.staff) if options.staff else By()
    states = [GroupState.WAITING, *([] if options.waiting else [GroupState.LIVE])]
    if options.all:
        states = list(GroupState)
    found = group_register.in_state(group_register.known(session, counter.app.vault), *states)
    return [one for one in found if by.sees(one) and (not owners or one.owner in owners)]


def _line(counter: Counter, one: Known) -> str:
    """A group for people: id, who has it, place, size, name; then what else is known."""
    keeper = one.owner or one.steward or "没有群管"
    people = "没数过" if one.size is None else f"{one.size}人"
    parts = [_id(one), keeper, counter.place(one.area), people, one.name]
    parts += [groups_kind.called(one.kind)] if one.kind else []
    parts += [one.city] if one.city else []
    parts += [one.steward] if one.owner and one.steward else []
    parts += [f"最近{_day(one.last_post_at)}发过"] if one.last_post_at else []
    if one.state in (GroupState.LEFT, GroupState.DROPPED):
        parts.append(_STATES[one.state])
    elif counter.options.waiting:
        parts.append(f"还没说：{_lacking(one)}")
    return "  ".join(parts)


def _id(one: Known) -> str:
    """What a group is named by: a customer group by WeCom's id, others by our number."""
    return one.chat if one.channel == WECOM else str(one.id)


def _show(session: Session, counter: Counter, by: By) -> list[str]:
    one = placing.find(session, counter.app.vault, counter.options.chat_id, by)
    joined = f"{_day(one.learnt_at)} {_SOURCES[one.source]}"
    said = {
        "群名": one.name,
        "状态": _STATES[one.state] + (f"，还没说：{_lacking(one)}" if one.lacks else ""),
        "类别": groups_kind.called(one.kind) if one.kind else "",
        "哪里的人": counter.place(one.area) if one.area else "",
        "镇村": _town(session, one),
        "在哪个城市": one.city,
        "在哪个平台": _CHANNELS.get(one.channel, one.channel),
        "群号": one.chat,
        "群主": one.owner,
        "群管": one.steward,
        "人数": "" if one.size is None else str(one.size),
        "最近发布": _day(one.last_post_at) if one.last_post_at else "",
        "从哪来": f"{joined}（{one.brought_by}）" if one.brought_by else joined,
    }
    lines = [f"{name}：{value}" for name, value in said.items() if value]
    trail = audit.of(session, f"group:{one.id}")
    acts = [f"{_day(row.at)} {_ACTS.get(row.act, row.act)} {row.actor}" for row in trail]
    return [f"{one.id}号", *lines, *acts]


def _town(session: Session, one: Known) -> str:
    found = places.by_ids(session, [one.town]) if one.town else []
    return next((row.name for row in found), "")


def _place(session: Session, counter: Counter, by: By) -> list[str]:
    options, area = counter.options, _area(counter)
    said = _said(counter, area)
    after = _say(session, counter, by, said)
    return [f"{options.chat_id} 记为{area.name}的群。", *_more(after, said)]


def _kind(session: Session, counter: Counter, by: By) -> list[str]:
    said = Said(kind=_kind_of(counter.options.kind))
    return _more(_say(session, counter, by, said), said)


def _steward(session: Session, counter: Counter, by: By) -> list[str]:
    said = Said(steward=counter.options.steward)
    return _more(_say(session, counter, by, said), said)


def _size(session: Session, counter: Counter, by: By) -> list[str]:
    _say(session, counter, by, Said(size=counter.options.size))
    return [f"{counter.options.chat_id} 记为{counter.options.size}人。"]


def _rename(session: Session, counter: Counter, by: By) -> list[str]:
    app, name = counter.app, " ".join(counter.options.name.split())
    one = placing.find(session, app.vault, counter.options.chat_id, by)
    placing.rename(session, app.vault, one, name, by, app.now())
    return [f"{counter.options.chat_id} 改叫{name}。"]


def _drop(session: Session, counter: Counter, by: By) -> list[str]:
    options = counter.options
    one = placing.find(session, counter.app.vault, options.chat_id, by)
    placing.drop(session, one, by, counter.app.now(), back=options.back)
    return [f"{options.chat_id} {'又用了' if options.back else '不用了'}。"]


def _add(session: Session, counter: Counter, by: By) -> list[str]:
    options, area = counter.options, _area(counter)
    said = _said(counter, area, size=options.size)
    name, robot = " ".join(options.name.split()), _robot(counter)
    after = placing.add(session, counter.app.vault, name, said, by, counter.app.now(), robot=robot)
    _mention_lacks(after)
    return [f"记下了，{after.id}号，{area.name}的群。", *_more(after, said)]


def _robot(counter: Counter) -> str:
    robot, known = counter.options.robot, robots_of(counter.settings.wecom_robots)
    if robot and robot not in known:
        names = "、".join(known) or "一个也没有"
        raise CommandError(f"没有叫 {robot} 的群机器人，GUIYAN_WECOM_ROBOTS 里有：{names}。")
    return str(robot)


def _said(counter: Counter, area: Area, size: int | None = None) -> Said:
    options = counter.options
    if len(options.city) > CITY:
        raise CommandError(f"城市最多{CITY}个字。", BAD_USE)
    return Said(area.code, _kind_of(options.kind), options.city, options.steward, size)


def _say(session: Session, counter: Counter, by: By, said: Said) -> Known:
    """Keep it; what is still missing is said beside the answer."""
    app = counter.app
    one = placing.find(session, app.vault, counter.options.chat_id, by)
    after = placing.say(session, app.vault, one, said, by, app.now())
    _mention_lacks(after)
    return after


def _mention_lacks(one: Known) -> None:
    if one.lacks:
        sys.stderr.write(f"还没说：{_lacking(one)}；说全了才能往里发。\n")


def _more(after: Known, said: Said) -> list[str]:
    """What was said besides the place."""
    lines = [f"类别：{groups_kind.called(said.kind)}。"] if said.kind else []
    lines += [f"在{said.city}。"] if said.city else []
    lines += [f"群管：{after.steward}。"] if said.steward else []
    return lines


def _area(counter: Counter) -> Area:
    area = counter.area()
    if area is None:
        raise CommandError("请写区县名或六位代码。", BAD_USE)
    return area


def _kind_of(said: str | None) -> GroupKind | None:
    if not said:
        return None
    found = groups_kind.kind_of(said)
    if found is None:
        ways = groups_kind.file().examples["kind"]
        raise CommandError(f"没有“{said}”这一类群，可以写：{ways}。", BAD_USE)
    return found


def _lacking(one: Known) -> str:
    return "、".join(_LACKS[lack] for lack in one.lacks)


def _day(moment: datetime) -> str:
    day = moment.astimezone(CHINA)
    return f"{day.year}年{day.month}月{day.day}日"


async def _sync(counter: Counter) -> list[str]:
    app = counter.app
    corp = Corp(counter.settings, app.database, app.vault, owner=_OWNER, now=app.now)
    channel = corp.contacts()
    try:
        counts = await channel.registry.synchronise()
    finally:
        await channel.close()
    if not counts:
        return ["服务正在读，稍等再看：guiyan groups list"]
    return [
        f"读到{counts['stewards']}位员工、{counts['contacts']}位客户、{counts['groups']}个群。"
    ]
