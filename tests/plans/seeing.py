"""What a database does for a statement: captured while the program runs it, then explained."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event
from sqlmodel import Session

_LARGE = ("inbound", "outbox")
_PART = re.compile(rf"({'|'.join(_LARGE)})(_\d+|_rest)?")
_NUMBER = re.compile(r"_(\d+|rest)(?=_|$)")
_OF_LARGE = re.compile(rf"\b({'|'.join(_LARGE)})\b")
# SQLite names a table by its alias: these stand for our two in the statements of the program.
_WHOLE = re.compile(
    r"^SCAN (inbound|outbox|earlier|outer_message)( USING .*INDEX (?P<index>\w+))?"
)
_PARTIAL = frozenset(
    {"ix_inbound_open", "ix_outbox_due", "ix_outbox_unsettled", "ix_outbox_held"}
    | {"ix_outbox_paused", "ix_outbox_uncertain"}
)  # to read one of these whole is to read what waits


@dataclass(frozen=True, slots=True)
class Seen:
    """What one statement cost. `rows` are those of the two tables, read or filtered away, and

    `pages` buffers of 8 KiB; both None on SQLite, which does not count them.
    """

    statement: str
    nodes: tuple[str, ...]  # how the large tables were reached
    is_whole: bool  # whether all of a large table was read
    milliseconds: float
    rows: int | None = None
    pages: int | None = None


def seen(
    session: Session, call: Callable[[Session], Any], *, of: re.Pattern[str] = _OF_LARGE
) -> list[Seen]:
    """Explain each statement on the large tables that a call sends; nothing of it is kept.

    With `of` those in which that is found.
    """
    connection = session.connection()
    with session.begin_nested() as attempt, _captured(connection) as statements:
        call(session)
        session.flush()
        attempt.rollback()
    session.expunge_all()
    with connection.begin_nested() as again:
        found = [_explained(connection, *one) for one in statements if of.search(one[0])]
        again.rollback()
    return found


@contextmanager
def _captured(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    found: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, _ctx: Any, _many: bool) -> None:
        # Of one that runs for many rows each the first stands for all.
        found.append((statement, tuple(given[0] if isinstance(given, list) else given)))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(connection, "before_cursor_execute", note)


def _explained(connection: Connection, statement: str, given: Any) -> Seen:
    if connection.dialect.name == "sqlite":
        return _by_sqlite(connection, statement, given)
    words = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
    answer = connection.exec_driver_sql(words, given).scalar_one()
    top = (json.loads(answer) if isinstance(answer, str) else answer)[0]
    scans = [node for node in _nodes(top["Plan"]) if _is_of_large(node)]
    return Seen(
        statement,
        tuple(_name(node) for node in scans),
        any(node["Node Type"] == "Seq Scan" and _touched(node) for node in scans),
        top["Planning Time"] + top["Execution Time"],
        sum(_touched(node) for node in scans),
        top["Plan"]["Shared Hit Blocks"] + top["Plan"]["Shared Read Blocks"],
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _is_of_large(node: dict[str, Any]) -> bool:
    is_ours = _PART.fullmatch(node.get("Relation Name", "")) is not None
    return is_ours and "Scan" in node["Node Type"]


def _name(node: dict[str, Any]) -> str:
    index = node.get("Index Name") or next(
        (one["Index Name"] for one in _nodes(node) if one.get("Index Name")), ""
    )
    name = index or node["Relation Name"]
    return f"{node['Node Type']} {_NUMBER.sub('', name)}"  # every partition has its own


def _touched(node: dict[str, Any]) -> int:
    each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int((each + node.get("Rows Removed by Index Recheck", 0)) * node["Actual Loops"])


def _by_sqlite(connection: Connection, statement: str, given: Any) -> Seen:
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
    nodes = tuple(row[3] for row in plan if _OF_LARGE.search(row[3]) or "earlier" in row[3])
    began = time.perf_counter()
    result = connection.exec_driver_sql(statement, given)
    if result.returns_rows:
        result.all()
    took = (time.perf_counter() - began) * 1000
    return Seen(statement, nodes, any(_is_whole(node) for node in nodes), took)


def _is_whole(node: str) -> bool:
    found = _WHOLE.match(node)
    return bool(found) and (found["index"] if found else "") not in _PARTIAL
