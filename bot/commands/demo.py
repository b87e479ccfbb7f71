"""`guiyan demo`: the made-up projects and places that `make run` shows, each marked as such."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.cli import BAD_USE, CommandError
from bot.commands.library_desk import Desk, done
from bot.settings import Settings
from records.database import Session
from registry import demo
from registry.demo import DemoFault


def load(options: argparse.Namespace, settings: Settings) -> int:
    """Load them once; or take them away."""
    if settings.deployment == "gov" and not options.remove:
        raise CommandError("a gov deployment shows no made-up projects", BAD_USE)

    def work(session: Session, desk: Desk) -> Iterator[str]:
        if options.remove:
            yield f"演示数据撤下 {demo.remove(session, desk.now)} 条。"
            return
        try:
            loaded = demo.load(session, desk.vault, desk.places, desk.now)
        except DemoFault as fault:
            raise CommandError(str(fault)) from fault
        yield f"演示项目 {loaded.projects} 个、场地 {loaded.sites} 处，新存 {loaded.new} 条。"

    return done(options, settings, work)
