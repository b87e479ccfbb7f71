"""`guiyan privacy incident`: from the first word to the closing report."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli import BAD_USE, CommandError
from bot.commands.in_store import Lines
from bot.commands.privacy_office import done, kept, officer
from bot.settings import Settings
from bot.wiring import App
from outreach.calendars import CHINA
from outreach.privacy import incidents as acting
from outreach.privacy.incidents import CONTENTS
from records import audit, incidents, rights, scope, staff_accounts
from records.database import Session
from records.incidents import Incident, Unit


def list_incidents(options: argparse.Namespace, settings: Settings) -> int:
    """The newest."""

    def work(session: Session, app: App, area: str) -> Lines:
        officer(session, options)
        found = incidents.latest(session, app.vault)
        return [_line(one) for one in found] or ["none"]

    return done(options, settings, work)


def begin(options: argparse.Namespace, settings: Settings) -> int:
    """Open one."""

    def work(session: Session, app: App, area: str) -> Lines:
        by, now = officer(session, options).name, app.now()
        number = acting.begin(
            session,
            app.vault,
            options.what,
            unit=Unit(options.unit),
            is_drill=options.drill,
            by=by,
            now=now,
        )
        found = incidents.find(session, app.vault, number)
        return [f"incident {number}: exports rest from now on", *([_line(found)] if found else [])]

    return done(options, settings, work)


def affect(options: argparse.Namespace, settings: Settings) -> int:
    """List whom it touches: all that an account read in a span, or an area."""

    def work(session: Session, app: App, area: str) -> Lines:
        staff, now = officer(session, options), app.now()
        by = staff.name
        if area and not scope.is_within(area, staff.area):
            raise CommandError(f"{by} does not look after {area}")
        if area:
            count = acting.affect_by_area(session, app.vault, options.number, area, by=by, now=now)
        elif options.account and options.since and options.until:
            name = staff_accounts.named(session, options.account).name
            count = acting.affect_by_account(
                session,
                app.vault,
                options.number,
                name,
                since=options.since,
                until=options.until,
                by=by,
                now=now,
            )
        else:
            raise CommandError("name --area, or --account with --since and --until", BAD_USE)
        return [f"incident {options.number} touches {count} people"]

    return done(options, settings, work)


def people(options: argparse.Namespace, settings: Settings) -> int:
    """The ids of whom it touches, of those in reach; the trail says who asked."""

    def work(session: Session, app: App, area: str) -> Lines:
        staff, now = officer(session, options), app.now()
        actor, subject = audit.actor_of(staff.name), str(options.number)
        audit.write(session, "incident.read", at=now, actor=actor, subject=subject)
        reach = rights.reach(session, staff, now)
        found = incidents.reached(session, options.number, reach)
        return found or [f"nobody is listed where {staff.name} looks after"]

    return done(options, settings, work)


def write(options: argparse.Namespace, settings: Settings) -> int:
    """What is known of the contents of the notices."""

    def work(session: Session, app: App, area: str) -> Lines:
        by, now = officer(session, options).name, app.now()
        told = {name: getattr(options, name) for name in CONTENTS if getattr(options, name)}
        acting.write(session, app.vault, options.number, told, by=by, now=now)
        found = incidents.find(session, app.vault, options.number)
        missing = [name for name in CONTENTS if found and name not in found.told]
        return [f"still to be written: {', '.join(missing)}" if missing else "all is written"]

    return done(options, settings, work)


def draft(options: argparse.Namespace, settings: Settings) -> int:
    """Both notices as files."""

    def work(session: Session, app: App, area: str) -> Lines:
        officer(session, options)
        contact = settings.privacy_contact or settings.office_phone or "电话待补"
        texts = acting.draft(
            session,
            app.vault,
            options.number,
            office=settings.office_name,
            contact=contact,
            now=app.now(),
        )
        paths = [Path(options.out) / name for name in ("regulator.txt", "people.txt")]
        for path, text in zip(paths, texts, strict=True):
            kept(path, f"{text}\n".encode())
        return [f"wrote {path}" for path in paths]

    return done(options, settings, work)


def reported(options: argparse.Namespace, settings: Settings) -> int:
    """The regulator knows."""
    return _marked(options, settings, "reported")


def told(options: argparse.Namespace, settings: Settings) -> int:
    """The people know."""
    return _marked(options, settings, "told")


def thaw(options: argparse.Namespace, settings: Settings) -> int:
    """Exports go again."""
    return _frozen(options, settings, is_frozen=False)


def freeze(options: argparse.Namespace, settings: Settings) -> int:
    """Exports rest again."""
    return _frozen(options, settings, is_frozen=True)


def close(options: argparse.Namespace, settings: Settings) -> int:
    """It is over."""

    def work(session: Session, app: App, area: str) -> Lines:
        by, now = officer(session, options).name, app.now()
        found = acting.close(session, app.vault, options.number, by=by, now=now)
        return acting.closing_report(found, settings.office_name).splitlines()

    return done(options, settings, work)


def _marked(options: argparse.Namespace, settings: Settings, what: str) -> int:
    def work(session: Session, app: App, area: str) -> Lines:
        by, now = officer(session, options).name, app.now()
        acting.mark(session, app.vault, options.number, what, by=by, now=now)
        return [f"incident {options.number}: {what}"]

    return done(options, settings, work)


def _frozen(options: argparse.Namespace, settings: Settings, *, is_frozen: bool) -> int:
    def work(session: Session, app: App, area: str) -> Lines:
        by, now = officer(session, options).name, app.now()
        acting.let_go(session, app.vault, options.number, is_frozen=is_frozen, by=by, now=now)
        return ["exports rest" if incidents.exports_frozen(session) else "exports go"]

    return done(options, settings, work)


def _line(one: Incident) -> str:
    kind = "drill" if one.is_drill else "real"
    limit = f"{one.report_by.astimezone(CHINA):%Y-%m-%d %H:%M}"
    state = "closed" if one.closed_at else f"report by {limit} ({one.unit.hours} h)"
    frozen = "  exports rest" if one.is_frozen else ""
    return f"{one.number}  {kind}  {one.affected} people  {state}{frozen}"
