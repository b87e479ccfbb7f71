"""Made-up contacts: each is registered, talks to us on a channel, and agreed to be written to.

One in three has a date within the year that they are reminded of. Areas have 5,000 people each,
who lie between those of all others. What is sealed can be opened, for the program opens it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    LargeBinary,
    String,
    Table,
    case,
    cast,
    column,
    func,
    insert,
    literal,
    null,
    select,
    text,
)
from sqlmodel import Session

from handlers.dialogue import State
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.database import Database
from records.engines import connecting
from records.people import Person
from records.reminders import ReminderRow
from records.types import Json, UtcDateTime
from records.vault import Vault
from tests.plans.filling import NOW, drop_indexes, fill, make_indexes
from tests.plans.growth.world import World

AREA = "371703"  # of the people whom a county's campaign is for
IN_AN_AREA = 5_000
DAYS, HAVE_A_DATE = 365, 3  # one in three has one
MESSAGES = 10  # contacts to a row of each table of messages
_CHUNK, _DAYS_AT_ONCE = 500_000, 30  # contacts, and days of reminders, in one transaction
_FIRST_ID = 10**9  # so that ids are in the order of numbers
_I: ColumnElement[int] = column("i", BigInteger)  # the number of a contact
_MODELS: tuple[Any, ...] = (Person, Conversation, Consent, ReminderRow)
_TABLES: tuple[Table, ...] = tuple(model.__table__ for model in _MODELS)
_PEOPLE, _TALKS, _SAID, _DATES = _TABLES
_DIGITS: dict[str, Callable[[Any], ColumnElement[str]]] = {  # 32, in no order, like a print's
    "postgresql": lambda number: func.md5(cast(number, String), type_=String),
    "sqlite": lambda _: func.lower(func.hex(func.randomblob(16)), type_=String),
}
_SERIES = {
    "postgresql": "SELECT i FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint),"
    " CAST(:step AS bigint)) AS of_all(i)",
    "sqlite": "WITH RECURSIVE of_all(i) AS (SELECT :first WHERE :first <= :last UNION ALL"
    " SELECT i + :step FROM of_all WHERE i + :step <= :last) SELECT i FROM of_all",
}


Values = dict[str, ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on the disk with all indexes: of a contact, of a row of either table of messages."""

    contact: float
    message: float


async def fill_with(world: World) -> Sizes:
    """Fill an empty migrated database with its contacts and a tenth of that in messages."""
    database, vault, contacts = world.database, world.vault, world.contacts
    bare = await database.read(_bytes)
    await database.run(drop_indexes, _TABLES)
    for first in range(0, contacts, _CHUNK):
        await database.run(_add, vault, first, min(contacts, first + _CHUNK) - 1, contacts)
    for first in range(0, DAYS, _DAYS_AT_ONCE):
        days = range(first, min(DAYS, first + _DAYS_AT_ONCE))
        await database.run(_add_dates, vault, days, contacts)
    for table in _TABLES:
        await database.run(make_indexes, [table])
    with_contacts = await database.read(_bytes)
    rows = max(100, contacts // MESSAGES)
    await database.run(_messages, rows)
    whole = await database.read(_bytes)
    await settle_down(database)
    return Sizes((with_contacts - bare) / contacts, (whole - with_contacts) / (2 * rows))


async def settle_down(database: Database, tables: str = "") -> None:
    """As the server's own upkeep, or the service's, leaves tables some time after they grew.

    `tables` are some by name, with commas; "" is all of them.
    """
    await database.analyse()
    if not database.is_sqlite:
        connection = await asyncpg.connect(**connecting(database.url))
        await connection.execute(f"VACUUM ANALYZE {tables}")
        await connection.close()


def _messages(session: Session, rows: int) -> None:
    fill(session, rows, waiting=0)


def _add(session: Session, vault: Vault, first: int, last: int, contacts: int) -> None:
    for table, values in (
        (_PEOPLE, _person(session, vault, contacts)),
        (_TALKS, _talk(vault)),
        (_SAID, _consent()),
    ):
        _insert(session, table, values, _series(session, first, last))


def _add_dates(session: Session, vault: Vault, days: range, contacts: int) -> None:
    payload = vault.seal({"text": "明天上午九点开班，带身份证。", "options": []})
    step = DAYS * HAVE_A_DATE
    for day in days:
        series = _series(session, day * HAVE_A_DATE, contacts - 1, step)
        _insert(session, _DATES, _date(payload, day), series)


def _date(payload: bytes, day: int) -> Values:
    """What is due on a day: from nine in the morning to midnight in China."""
    due = NOW.replace(hour=1) + timedelta(days=day)
    return {
        "key": literal("deadline/") + cast(_I, String),
        "whom": literal("person:") + _id(_I),
        "kind": literal("deadline"),
        "due": literal(due, UtcDateTime),
        "until": literal(due + timedelta(hours=15), UtcDateTime),
        "payload": literal(payload, LargeBinary),
        "state": literal("waiting"),
        "outbox_key": literal(""),
    }


def _insert(session: Session, table: Table, values: Values, series: FromClause) -> None:
    rows = select(*(value.label(name) for name, value in values.items())).select_from(series)
    session.connection().execute(insert(table).from_select(list(values), rows))


def _series(session: Session, first: int, last: int, step: int = 1) -> FromClause:
    words = text(_SERIES[session.connection().dialect.name])
    bound = words.bindparams(first=first, last=last, step=step)
    return bound.columns(Column("i", BigInteger)).subquery("numbers")


def _id(number: ColumnElement[int]) -> ColumnElement[str]:
    return literal("b") + cast(number + _FIRST_ID, String)


def _person(session: Session, vault: Vault, contacts: int) -> Values:
    digits = _DIGITS[session.connection().dialect.name]
    areas = max(1, contacts // IN_AN_AREA)
    said = {"where_now": "away", "industry": "retail", "intent": "soon", "hukou": "rural"}
    told = {"nickname": "乡亲一二三", "phone": "13800000000"}
    return {
        "id": _id(_I),
        "account": literal("telegram:") + cast(_I, String),
        "entered_by": literal(""),
        "status": literal("confirmed"),
        "source": literal("chat"),
        "basis": literal(""),
        "area": case((_I % areas == 0, AREA), else_=cast(_I % areas + 500_000, String)),
        "town": literal(""),
        "village": literal(""),
        "external_id": literal(""),
        "phone_print": digits(_I) + digits(_I + _FIRST_ID),
        "proof_print": digits(_I + 2 * _FIRST_ID),
        "home_print": literal(""),
        "codes": literal(said, Json),
        "sealed": literal(vault.seal(told), LargeBinary),
        "is_personal": literal(True),
        "created_at": literal(NOW, UtcDateTime),
        "updated_at": literal(NOW, UtcDateTime),
        "erase_at": null(),
    }


def _talk(vault: Vault) -> Values:
    return {
        "key": literal("telegram:") + cast(_I, String),
        "channel": literal("telegram"),
        "chat": cast(_I, String),
        "is_group": literal(False),
        "version": literal(1),
        "state": literal(vault.seal(State().as_dict()), LargeBinary),
        "area": literal(AREA),
        "unreachable": literal(""),
        "created_at": literal(NOW, UtcDateTime),
        "updated_at": literal(NOW, UtcDateTime),
    }


def _consent() -> Values:
    return {
        "person_id": _id(_I),
        "kind": literal(PUSH),
        "given": literal(True),
        "version": literal("1"),
        "channel": literal("telegram"),
        "given_at": literal(NOW, UtcDateTime),
    }


def _bytes(session: Session) -> int:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        whole = text("SELECT pg_database_size(current_database())")
        return int(connection.execute(whole).scalar_one())
    pages, size = (
        connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        for name in ("page_count", "page_size")
    )
    return int(pages) * int(size)
