"""`guiyan groups`: customer groups of 客户联系, their owners, and where their people are from."""

from __future__ import annotations

import argparse

from bot.cli import BAD_USE, CommandError
from bot.commands.stewards import Counter, at_counter, must_be_on
from bot.settings import Settings
from bot.wecom import Corp
from outreach.broadcasts import Kind
from records import customers
from records.customers import GroupLine, Wanted

_OWNER = "command line"


def list_groups(options: argparse.Namespace, settings: Settings) -> int:
    """Every group that is not dismissed."""
    return at_counter(_list, options, settings)


def sync(options: argparse.Namespace, settings: Settings) -> int:
    """Read customers, groups and tags from WeCom now."""
    must_be_on(settings)
    return at_counter(_sync, options, settings)


def place(options: argparse.Namespace, settings: Settings) -> int:
    """Say where the people of a group are from."""
    return at_counter(_place, options, settings)


async def _list(counter: Counter) -> list[str]:
    area = counter.area()
    owners = await counter.owners(Kind.GROUP)
    found = [one for one in await counter.groups(Wanted(owners=owners)) if not one.is_dismissed]
    if area is not None:
        found = [one for one in found if counter.is_within(one.area, area)]
    return [line_of(counter, one) for one in found] or ["没有。"]


def line_of(counter: Counter, group: GroupLine) -> str:
    """A group for people: id, owner, place, customers, name."""
    place_name = counter.place(group.area)
    return f"{group.chat_id}  {group.owner}  {place_name}  {group.customers}人  {group.name}"


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


async def _place(counter: Counter) -> list[str]:
    area = counter.area()
    if area is None:
        raise CommandError("请写区县名或六位代码。", BAD_USE)
    chat_id = counter.options.chat_id
    if not await counter.app.database.run(customers.place_group, chat_id, area.code):
        raise CommandError(f"没有 {chat_id} 这个群。用 guiyan groups list 看看有哪些。")
    return [f"{chat_id} 记为{area.name}的群。"]
