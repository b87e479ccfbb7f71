"""`guiyan demo`: what is made up for `make run` to show, each piece marked as such."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.cli import BAD_USE, CommandError
from bot.commands.library_desk import Desk, done
from bot.settings import Settings
from records.database import Session
from registry import demo, demo_people
from registry.demo import DemoFault
from registry.demo_people import LoadedPeople


def load(options: argparse.Namespace, settings: Settings) -> int:
    """Load them once; or take them away."""
    if settings.deployment == "gov" and not options.remove:
        raise CommandError("a gov deployment shows no made-up projects", BAD_USE)

    def work(session: Session, desk: Desk) -> Iterator[str]:
        if options.remove:
            yield f"演示数据撤下 {demo.remove(session, desk.now)} 条。"
            yield f"演示人员删掉 {demo_people.remove(session, desk.now)} 人。"
            return
        try:
            loaded = demo.load(session, desk.vault, desk.places, desk.now)
        except DemoFault as fault:
            raise CommandError(str(fault)) from fault
        yield f"演示项目 {loaded.projects} 个、场地 {loaded.sites} 处，新存 {loaded.new} 条。"
        yield from _people(demo_people.load(session, desk.vault, desk.now))

    return done(options, settings, work)


def _people(loaded: LoadedPeople) -> Iterator[str]:
    if loaded.is_mixed:
        yield "演示人员还在，也有别人登记了。正式用以前先撤下：guiyan demo --remove。"
    elif loaded.is_real:
        yield "这里登记了真实的人，演示人员不放进来。"
    elif loaded.people:
        staff = "、".join(loaded.staff)
        yield f"演示人员 {loaded.people} 人（名字都叫“示范”，电话打不通），工作人员 {staff}。"
        yield "想当专员：guiyan staff link 示范专员；guiyan talk --as desk，发那个码，回“今天”。"
