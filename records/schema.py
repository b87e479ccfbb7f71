"""The schema as a whole: its version, and how it is brought up to date."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlmodel import Session, SQLModel

from records import (  # noqa: F401 (a table is known once its module is loaded)
    access_tokens,
    account_links,
    ambassadors,
    applications,
    assignments,
    audit,
    audit_chain,
    background,
    bodies,
    call_counts,
    campaigns,
    cases,
    checklists,
    consents,
    console_access,
    contact_changes,
    conversations,
    courses,
    customer_tags,
    customers,
    entities,
    erasure,
    events,
    gaps,
    grounds,
    group_posts,
    group_tasks,
    groups,
    home_stays,
    import_touches,
    imports,
    inbound,
    incidents,
    kept_files,
    keyring,
    known_names,
    leases,
    leavers,
    line_drafts,
    message_codes,
    month_drafts,
    name_parts,
    outbox,
    people,
    permits,
    person_facts,
    pictures,
    places,
    pointers,
    policies,
    privacy_requests,
    privacy_retention,
    privacy_wordings,
    project_people,
    projects,
    pull_cursors,
    push_days,
    questions,
    relays,
    reminders,
    report_exports,
    report_versions,
    runs,
    segments,
    send_budgets,
    sharing,
    shipped_pages,
    signings,
    sites,
    staff_accounts,
    stalls,
    standings,
    stations,
    stops,
    surveys,
    sweeps,
    tags,
    targets,
    ticket_steps,
    tickets,
    told,
    unit_tasks,
    visits,
    wishes,
)
from records.database import Database

METADATA = SQLModel.metadata
HEAD = "0032"  # the newest file in migrations/versions

BOOKMARKS = "guiyan_move"  # there from the first page of a move to its last comparison
MOVE_ON = (
    "give the same `guiyan move --to …` again, which goes on where it stopped, and start the "
    "service when it says that all is equal"
)
_LOCK = 0x67757969  # any number that is ours alone: PostgreSQL knows such locks by number only


async def is_current(database: Database) -> bool:
    """Whether the database has the tables that this program needs.

    A newer program's have them too: migrations add, and take away only what nobody uses since the
    release before, so that programs of two releases run side by side while one replaces the other.
    """
    return await database.read(_version) >= HEAD


async def version(database: Database) -> str:
    """The schema's version in the database; "" where there is none."""
    return await database.read(_version)


async def is_half_moved(database: Database) -> bool:
    """Whether a move into this database was begun and is not done: it has the move's bookmarks."""
    return await database.read(lambda session: inspect(session.connection()).has_table(BOOKMARKS))


async def migrate(database: Database) -> bool:
    """Bring the schema up to date; True if anything had to be done."""
    if await is_current(database):
        return False
    return await database.run(_upgrade)


def _version(session: Session) -> str:
    connection = session.connection()
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _upgrade(session: Session) -> bool:
    """False if another process, started at the same time, has done it meanwhile."""
    _wait_for_others(session)
    if _version(session) >= HEAD:
        return False
    # Loaded only when there is something to do: a start must not pay for it.
    from alembic import command

    command.upgrade(config(session.connection()), "head")
    return True


def _wait_for_others(session: Session) -> None:
    """One migrates at a time, until its commit; SQLite has one writer as it is."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def config(connection: Connection) -> Any:
    """Alembic's configuration, without an ini file."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", "records:migrations")
    settings.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    settings.attributes["connection"] = connection
    return settings
