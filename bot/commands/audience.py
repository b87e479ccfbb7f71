"""`guiyan audience`: whom a message would be for, said in Chinese, counted, looked at, kept."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass

from bot.cli import BAD_USE, OK, CommandError
from bot.commands.in_store import Lines
from bot.settings import Settings
from bot.wiring import App, build, lines_of
from handlers.places import country
from knowledge.villages import Level
from matching.audience.faults import AudienceFault
from outreach import audiences, segments
from outreach.calendars import CHINA
from outreach.segments import NameRefused, Office
from records import rights, scope, staff_accounts
from records import segments as kept
from records.database import Session, StoreUnavailable
from records.rights import Right
from records.scope import Spot
from records.segments import Saved
from records.staff_accounts import StaffRefusal
from records.vault import VaultError
from registry import naming, villages
from registry.naming import NoSuchPlace

_TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with."""

    app: App
    office: Office


Work = Callable[[Session, Desk], Lines]


def count(options: argparse.Namespace, settings: Settings) -> int:
    """How it was understood, how many it means, and why others of them get nothing."""

    def work(session: Session, desk: Desk) -> Lines:
        lines = lines_of(desk.app.channels)
        return audiences.told(
            audiences.weigh(session, desk.office, options.audience, lines, desk.app.now())
        )

    return printed(options, settings, work)


def sample(options: argparse.Namespace, settings: Settings) -> int:
    """Ten of them, the newest; phones are masked, the trail says who looked."""

    def work(session: Session, desk: Desk) -> Lines:
        typed, now = options.audience, desk.app.now()
        by = by_whom(options)
        found = audiences.some(session, desk.app.vault, desk.office, typed, by=by, now=now)
        return found or ["一个人也没有。"]

    return printed(options, settings, work)


def save(options: argparse.Namespace, settings: Settings) -> int:
    """Keep it under a name."""

    def work(session: Session, desk: Desk) -> Lines:
        by = by_whom(options)
        found = segments.save(
            session, desk.office, options.name, options.audience, by=by, now=desk.app.now()
        )
        return [f"存好了：{options.name.strip()}，{found.spoken}"]

    return printed(options, settings, work)


def list_saved(options: argparse.Namespace, settings: Settings) -> int:
    """Those of an office, or all."""

    def work(session: Session, desk: Desk) -> Lines:
        area = desk.office.area if options.area or options.staff else ""
        return [_line(one, desk) for one in kept.listed(session, area or None)] or ["还没有存过。"]

    return printed(options, settings, work)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """What was typed, how it is understood now, and what it comes to now."""

    def work(session: Session, desk: Desk) -> Lines:
        one = _saved(session, desk, options.name)
        lines = lines_of(desk.app.channels)
        found = audiences.weigh(session, desk.office, one.name, lines, desk.app.now())
        return [_line(one, desk), *audiences.told(found)]

    return printed(options, settings, work)


def drop(options: argparse.Namespace, settings: Settings) -> int:
    """Forget it; campaigns that were written keep their words."""

    def work(session: Session, desk: Desk) -> Lines:
        one = _saved(session, desk, options.name)
        kept.drop(session, one.area, one.name)
        return [f"删了：{one.name}"]

    return printed(options, settings, work)


def by_whom(options: argparse.Namespace) -> str:
    """Who stands in the trail."""
    return str(options.staff or _TERMINAL)


def _saved(session: Session, desk: Desk, name: str) -> Saved:
    found = kept.find(session, desk.office.area, name.strip())
    if found is None:
        raise CommandError(f"没有叫“{name}”的。用 guiyan audience list 看看有哪些。")
    return found


def _line(one: Saved, desk: Desk) -> str:
    area = desk.office.places.area(one.area)
    day = one.at.astimezone(CHINA).date().isoformat()
    place = area.name if area else one.area or "各地"
    return f"{one.name}（{place}，{one.by}，{day}）：{one.typed}"


def printed(options: argparse.Namespace, settings: Settings, work: Work) -> int:
    """Do it and print its lines; what cannot be read is shown with the place marked."""
    try:
        lines = asyncio.run(_run(options, settings, work))
    except AudienceFault as fault:
        raise CommandError(fault.marked, BAD_USE) from fault
    except (NoSuchPlace, NameRefused) as fault:
        raise CommandError(str(fault), BAD_USE) from fault
    except (StoreUnavailable, VaultError, StaffRefusal) as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


async def _run(options: argparse.Namespace, settings: Settings, work: Work) -> Lines:
    app = build(settings)
    try:
        await app.open()
        return await app.database.run(_at_desk, work, app, options)
    finally:
        await app.database.close()


def _at_desk(session: Session, work: Work, app: App, options: argparse.Namespace) -> Lines:
    area = naming.code_of(options.area, country(), villages.known(session)) if options.area else ""
    if options.staff:
        area = _of_staff(session, options.staff, area)
    return work(session, Desk(app, Office(country(), area)))


def _of_staff(session: Session, name: str, area: str) -> str:
    """The area that was named, if it is theirs; theirs where none was."""
    staff = staff_accounts.named(session, name)
    spot = _spot(session, area)
    if not rights.may(staff, Right.COUNT) or (area and not scope.may_see(staff.area, spot)):
        raise CommandError(f"{name}管不到这里，什么也没看。")
    return area or staff.area


def _spot(session: Session, code: str) -> Spot:
    """An area, a town or a village as somebody's who is at home there."""
    if not scope.is_local(code):
        return Spot(code)
    place = villages.known(session).place(code)
    town = place.parent if place and place.level is Level.VILLAGE else code
    return Spot(villages.county_of(session, code), town, code)
