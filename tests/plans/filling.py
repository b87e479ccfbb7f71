"""Made-up rows of the two tables of messages, at the spread of a service that has run half a year.

A row in ten thousand waits or is open, the rest is over: nine in ten of ours were sent. Each
conversation has ten rows of either table, and one, a group's, a thousandth of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, Table, text
from sqlmodel import Session

from records.feeding import PREFIX
from records.inbound import InboundRow
from records.outbox import OutboxRow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TABLES = (InboundRow.__table__, OutboxRow.__table__)  # type: ignore[attr-defined]
GROUP = "telegram:-1"
_DAYS = 181  # the daily deletion has a day's rows to take away

_SERIES = {
    "postgresql": "SELECT i FROM generate_series(1, CAST(:rows AS bigint)) AS of_all(i)",
    "sqlite": "WITH RECURSIVE of_all(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM of_all "
    "WHERE i < :rows) SELECT i FROM of_all",
}
_PAYLOAD = {
    "postgresql": "decode(repeat(md5(i::text), 12), 'hex')",
    "sqlite": "randomblob(192)",
}
_AT = {
    "postgresql": "CAST(:now AS timestamptz) - make_interval(secs => {seconds})",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', :now, '-' || ({seconds}) || ' seconds')",
}
_INBOUND = """
INSERT INTO inbound (channel, outer_id, conversation, sequence, payload, sent_at, received_at,
                     done_at, attempts, fault)
SELECT 'telegram', 'outer-' || i, {conversation}, i, {payload}, {at}, {at},
       CASE WHEN i > :rows - :open THEN NULL ELSE {at} END, 0, ''
FROM ({series}) AS numbers
"""
_OUTBOX = """
INSERT INTO outbox (channel, chat, conversation, dedupe_key, payload, priority, state, due,
                    attempts, claimed_by, claimed_at, settled_at, failure, outer_id, created_at,
                    counted)
SELECT 'telegram', substr(whose, 10), whose,
       CASE WHEN i % 1000 = 500 THEN 'of:' || i || '\\:x' WHEN i % 5 < 2
       THEN '{prefix}' || (i / 100000) || '/' || i ELSE 're:' || i || '\\:0' END,
       payload, CASE WHEN i % 5 < 2 THEN 9 ELSE 0 END, state, moment, 0, '', moment,
       CASE WHEN state IN ('queued', 'sending', 'held', 'paused') THEN NULL ELSE moment END,
       '', '', moment, 1
FROM (SELECT i, {conversation} AS whose, {payload} AS payload, {at} AS moment,
        CASE WHEN i > :rows - :open THEN CASE WHEN i % 50 = 0 THEN 'sending' ELSE 'queued' END
             WHEN i % 1000 < 20 THEN 'failed' WHEN i % 1000 < 35 THEN 'stopped'
             WHEN i % 1000 < 45 THEN 'merged' WHEN i % 10000 = 45 THEN 'held'
             WHEN i % 10000 = 46 THEN 'paused' WHEN i % 10000 = 47 THEN 'uncertain'
             ELSE 'sent' END AS state
      FROM ({series}) AS numbers) AS made
"""


def fill(session: Session, rows: int, *, waiting: int | None = None) -> None:
    """Fill both tables, each with so many rows; the indexes are made afterwards.

    `waiting` of them wait or are open; None: one in ten thousand, fifty at least.
    """
    connection = session.connection()
    left = max(50, rows // 10_000) if waiting is None else waiting
    drop_indexes(session, TABLES)
    for statement in (_INBOUND, _OUTBOX):
        words = _in_words_of(connection, statement)
        connection.execute(text(words), {"rows": rows, "open": left})
    make_indexes(session, TABLES)


def drop_indexes(session: Session, tables: Iterable[Table]) -> None:
    """To fill tables without their indexes, and make these afterwards, takes half the time."""
    for table in tables:
        for index in table.indexes:
            index.drop(session.connection())


def make_indexes(session: Session, tables: Iterable[Table]) -> None:
    """What was dropped."""
    for table in tables:
        for index in table.indexes:
            index.create(session.connection())


def conversation(number: int, rows: int) -> str:
    """Whose the row of this number is."""
    return GROUP if number % 1000 == 77 else f"telegram:{number * 7919 % (rows // 10)}"


def _in_words_of(connection: Connection, statement: str) -> str:
    kind = connection.dialect.name
    seconds = f"(:rows - i) * {_DAYS * 86_400}.0 / :rows"
    owner = (
        f"CASE WHEN i % 1000 = 77 THEN '{GROUP}' ELSE 'telegram:' || (i * 7919 % (:rows / 10)) END"
    )
    now = f"'{NOW:%Y-%m-%d %H:%M:%S}{'+00' if kind == 'postgresql' else ''}'"
    at = _AT[kind].format(seconds=seconds).replace(":now", now)
    parts = {"at": at, "series": _SERIES[kind], "payload": _PAYLOAD[kind]}
    return statement.format(conversation=owner, prefix=PREFIX, **parts)
