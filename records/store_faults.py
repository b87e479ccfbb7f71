"""What a driver's fault means: whether the store is away, and one sentence that says so."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

_SILENT = (TimeoutError, NoConnectionFree)


def is_away(error: BaseException) -> bool:
    """Whether the store itself refuses, stops or starts, and no statement of ours is at fault."""
    if _is_ours(error):
        return False
    if isinstance(error, (OperationalError, OSError, InterfaceError, *_SILENT)):
        return True
    if _is_broken_off(error):
        return True
    if _state(error)[:2] in _AWAY:
        return True
    return isinstance(error, DBAPIError) and (error.connection_invalidated or _known(error))


def is_deadlock(error: BaseException) -> bool:
    """Whether PostgreSQL has undone a transaction because another one went on: do it again."""
    return _state(error) in _STOOD_IN_THE_WAY


def _is_ours(error: BaseException) -> bool:
    """Whether a statement was wrong, or a value in it: trying again would never end."""
    state, told = _state(error), str(getattr(error, "orig", error))
    if state == _NO_TABLE:
        return False
    return state[:2] in _OURS or any(sign in told for sign in _OURS_IN_WORDS)


def _state(error: BaseException) -> str:
    """PostgreSQL's SQLSTATE, or ""."""
    return str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")


def _is_broken_off(error: BaseException) -> bool:
    """Whether asyncpg stumbled over a connection that ended under it: no error of any dialect."""
    return any(kind.__name__ == "InternalClientError" for kind in type(error).__mro__)


def _known(error: BaseException) -> bool:
    return any(sign in str(error) for sign, _ in _SENTENCES)


def sentence(error: BaseException) -> str:
    """What is wrong, and how to mend it."""
    if isinstance(error, _SILENT):  # the first says nothing, the other what only we understand
        return "PostgreSQL does not answer in time: check its server, and the network to it"
    text = str(getattr(error, "orig", error)).splitlines()[0]
    for sign, told in _SENTENCES:
        if sign in text:
            return told
    return f"the database cannot be used ({text}): check GUIYAN_DATABASE_URL and its server"


_NOT_MADE = "the database has no tables yet: run `guiyan migrate`"
DISK_IS_FULL = "the disk is full: make room, nothing that was acknowledged is lost"

# Classes of SQLSTATE: connection, sign-in, no such database, resources, shutdown, system.
_AWAY = frozenset({"08", "28", "3D", "53", "57", "58"})
_OURS = frozenset({"22", "23", "42"})  # data, constraints, syntax and rights
_STOOD_IN_THE_WAY = frozenset({"40P01", "40001"})  # deadlock_detected, serialization_failure
_NO_TABLE = "42P01"  # not made yet, or being restored: soon it may be there
_OURS_IN_WORDS = ("query argument", "SQL variables", "syntax error")  # asyncpg's, SQLite's
_SENTENCES = (
    (
        "password authentication failed",
        "PostgreSQL refuses the name or the password: check GUIYAN_DATABASE_URL",
    ),
    ('relation "', _NOT_MADE),
    ("does not exist", "PostgreSQL has no such database or role: check GUIYAN_DATABASE_URL"),
    ("starting up", "PostgreSQL is starting: wait a moment"),
    ("shutting down", "PostgreSQL is shutting down: start it again"),
    ("terminating connection", "PostgreSQL has cut the connection: is it being restarted?"),
    (
        "locked",
        "the database is locked by another program: stop it, or wait until it has finished",
    ),
    ("readonly", "the database file cannot be written: check who owns it and its permissions"),
    ("unable to open", "the database file cannot be opened: check its folder and permissions"),
    (
        "No space left on device",
        "the disk of PostgreSQL is full: make room, nothing that was acknowledged is lost",
    ),
    ("disk is full", DISK_IS_FULL),
    (
        "disk I/O error",
        "the disk of the database fails or refuses (full, a quota, damaged): see `df` and the "
        "machine's log, make room or replace it",
    ),
    ("full", DISK_IS_FULL),
    ("not a database", "the file at GUIYAN_DATABASE_URL is not a database"),
    ("no such table", _NOT_MADE),
)
