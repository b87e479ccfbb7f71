"""`guiyan privacy end`: everything handed over, then everything wiped."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.commands.in_store import Lines
from bot.commands.privacy_office import done, in_charge
from bot.settings import Settings
from bot.wiring import App
from outreach.privacy import service_end
from outreach.privacy.service_end import Wiped
from records import incidents, permits
from records.database import Database, Session
from records.permits import PermitKind


def export(options: argparse.Namespace, settings: Settings) -> int:
    """Everything out."""

    def work(session: Session, app: App, area: str) -> Lines:
        by = in_charge(session, options).name
        incidents.refuse_if_frozen(session)
        found = service_end.export(
            session,
            app.vault,
            Path(options.folder),
            office=settings.office_name,
            by=by,
            now=app.now(),
        )
        return [
            f"wrote {found.tables} tables, {found.rows} rows to {options.folder}",
            f"{service_end.MANIFEST}  {found.digest}",
        ]

    return done(options, settings, work)


def check(options: argparse.Namespace, settings: Settings) -> int:
    """Whether an export is whole."""

    def work(session: Session, app: App, area: str) -> Lines:
        in_charge(session, options)
        found = service_end.check(Path(options.folder))
        return [f"whole: {len(found)} tables, {sum(found.values())} rows"]

    return done(options, settings, work)


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Ask for the wipe."""

    def work(session: Session, app: App, area: str) -> Lines:
        number = permits.ask(
            session,
            app.vault,
            PermitKind.WIPE,
            by=in_charge(session, options).name,
            why=options.why,
            what=service_end.WHAT,
            at=app.now(),
        )
        return [f"{number}  a colleague agrees: guiyan privacy end agree {number} --staff NAME"]

    return done(options, settings, work)


def agree(options: argparse.Namespace, settings: Settings) -> int:
    """Another person agrees."""

    def work(session: Session, app: App, area: str) -> Lines:
        by = in_charge(session, options).name
        service_end.agree(session, options.number, by=by, now=app.now())
        return [f"agreed; good for {permits.LIFE.days} days"]

    return done(options, settings, work)


def wipe(options: argparse.Namespace, settings: Settings) -> int:
    """Everything away."""
    gone: list[Wiped] = []

    def work(session: Session, app: App, area: str) -> Lines:
        wiped = service_end.wipe(
            session,
            Path(options.folder),
            options.number,
            typed=options.confirm,
            office=settings.office_name,
            by=in_charge(session, options).name,
            now=app.now(),
        )
        gone.append(wiped)
        return [
            f"wiped {sum(wiped.rows.values())} rows of {len(wiped.rows)} tables",
            f"{service_end.PROOF}  {wiped.digest}",
            "now destroy the secret key and the backups: without the key they cannot be read",
        ]

    status = done(options, settings, work)
    for wiped in gone:
        _shrink(settings)
        service_end.keep_proof(Path(options.folder), wiped)
    return status


def _shrink(settings: Settings) -> None:
    """What was deleted leaves SQLite's file only when it is written anew."""
    database = Database(settings.database_url)
    if database.is_sqlite and database.url.database:
        with closing(sqlite3.connect(database.url.database)) as connection:
            connection.execute("VACUUM")
