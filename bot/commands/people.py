"""`guiyan people`: tags that staff put on people, by the phones that they are registered with."""

from __future__ import annotations

import argparse

from bot.cli import BAD_USE, CommandError
from bot.commands.audience import Desk, by_whom, printed
from bot.commands.in_store import Lines
from bot.settings import Settings
from outreach import tagging
from outreach.tagging import TagRefused
from records import people, scope, tags
from records.database import Session
from records.people import Status


def tag(options: argparse.Namespace, settings: Settings) -> int:
    """They have the tag from now on."""

    def work(session: Session, desk: Desk) -> Lines:
        ids = _ids(session, desk, options.phones)
        by = by_whom(options)
        try:
            tagging.put(session, ids, options.tag, by=by, now=desk.app.now())
        except TagRefused as refusal:
            raise CommandError(str(refusal), BAD_USE) from refusal
        return [f"给{len(ids)}人加了标签“{tagging.checked(options.tag)}”。"]

    return printed(options, settings, work)


def untag(options: argparse.Namespace, settings: Settings) -> int:
    """They no longer have it."""

    def work(session: Session, desk: Desk) -> Lines:
        ids = _ids(session, desk, options.phones)
        now = desk.app.now()
        had = tagging.take(session, ids, options.tag, by=by_whom(options), now=now)
        return [f"{had}人的标签“{options.tag}”去掉了。"]

    return printed(options, settings, work)


def list_tags(options: argparse.Namespace, settings: Settings) -> int:
    """Every tag in use in their area, with how many people have it."""

    def work(session: Session, desk: Desk) -> Lines:
        found = tags.counts(session, desk.office.area)
        return [f"{name} {n}人" for name, n in found.items()] or ["还没有标签。"]

    return printed(options, settings, work)


def _ids(session: Session, desk: Desk, phones: list[str]) -> list[str]:
    """Those of the office's area with these phones; nothing is done where one is missing."""
    found = people.with_phone(session, desk.app.vault, phones)
    spots = scope.spots(session, [p.id for some in found.values() for p in some])
    ids = []
    for phone in phones:
        own = [
            p.id
            for p in found.get(phone, ())
            if p.status is Status.CONFIRMED and scope.may_see(desk.office.area, spots[p.id])
        ]
        if len(own) != 1:
            why = "不止一个人用" if own else "没有人用"
            raise CommandError(f"尾号{phone[-4:]}的手机{why}，一个也没动。")
        ids += own
    return list(dict.fromkeys(ids))
