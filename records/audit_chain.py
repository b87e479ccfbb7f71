"""Seals the trail: its rows in blocks, each with the print of the block before it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Column, LargeBinary, delete, func, select, text
from sqlmodel import Field, Session, SQLModel

from records.audit import KEPT_YEARS, AuditRow
from records.database import Database
from records.types import BigId, UtcDateTime
from records.vault import Vault

log = logging.getLogger("guiyan.trail")

KEPT = timedelta(days=365 * KEPT_YEARS)
ID_BYTES, PRINT_BYTES = 8, 16
_BLOCK = 1000  # rows of one block
_STEP = 5000  # rows of one transaction
_LOOKS, _WAIT_SECONDS = 100, 0.05  # at who still writes
_LOCK = 0x74726169  # any number that is ours alone


class AuditBlock(SQLModel, table=True):
    """All rows with ids from `first_id` to `last_id`: for each its id and its print."""

    __tablename__ = "audit_block"

    number: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    first_id: int = Field(sa_type=BigId)
    last_id: int = Field(sa_type=BigId)
    prints: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed_at: datetime = Field(sa_type=UtcDateTime)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest block: whoever has noted it elsewhere can tell that the trail was cut."""

    number: int = 0
    hash: str = ""
    last_id: int = 0

    @property
    def words(self) -> str:
        """As it is noted: on a report, in the log, for `guiyan audit verify --noted`."""
        return f"{self.number}-{self.hash[:32]}"


_ROWS = AuditRow.__table__  # type: ignore[attr-defined]
_BLOCKS = AuditBlock.__table__  # type: ignore[attr-defined]
_COLUMNS = tuple(_ROWS.c[name] for name in AuditRow.model_fields)
_NEWEST = select(_BLOCKS.c.number, _BLOCKS.c.hash, _BLOCKS.c.last_id).order_by(
    _BLOCKS.c.number.desc()
)
# Ids are drawn under this lock. Who holds none after the newest id was read has committed.
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE relation = 'audit'::regclass "
    "AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid() "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_DRAWN = text("SELECT last_value FROM audit_id_seq")


async def seal(database: Database, vault: Vault, now: datetime) -> int:
    """Seal every row that has settled; how many. One that is being written waits for the next."""
    settled, sealed = await _settled(database), 0
    while True:
        blocks, rows = await database.read(_made, vault, settled, now)
        if not blocks or not await database.run(_kept, blocks):
            break
        sealed += rows
    if sealed:
        log.info("trail sealed", extra={"head": (await database.read(head)).words})
    return sealed


def head(session: Session) -> Head:
    """The newest block."""
    row = session.connection().execute(_NEWEST.limit(1)).first()
    return Head(row[0], row[1], row[2]) if row else Head()


def unsealed(session: Session) -> int:
    """How many rows are younger than the last block."""
    newer = select(func.count()).where(_ROWS.c.id > head(session).last_id)
    return int(session.execute(newer).scalar_one())


def prune(session: Session, now: datetime) -> int:
    """Drop blocks that are old enough, with their rows; the last of them stays, without rows."""
    query = select(_BLOCKS.c.number, _BLOCKS.c.last_id).where(_BLOCKS.c.sealed_at <= now - KEPT)
    old = session.execute(query.order_by(_BLOCKS.c.number.desc()).limit(1)).first()
    if old is None:
        return 0
    gone = session.connection().execute(delete(_ROWS).where(_ROWS.c.id <= old[1])).rowcount
    session.connection().execute(delete(_BLOCKS).where(_BLOCKS.c.number < old[0]))
    return int(gone)


def print_of(vault: Vault, row: Sequence[Any]) -> bytes:
    """The print of all that a row says, in the order of the table's columns."""
    said = [_plain(value) for value in row]
    return bytes.fromhex(vault.fingerprint(f"trail row {orjson.dumps(said).decode()}"))[
        :PRINT_BYTES
    ]


def hash_of(vault: Vault, block: AuditBlock) -> str:
    """What a block's hash must be: only who has the service's key can make it."""
    inside = hashlib.sha256(block.prints).hexdigest()
    span = f"{block.first_id} {block.last_id} {block.sealed_at.astimezone(UTC).isoformat()}"
    return vault.fingerprint(f"trail block {block.number} {block.previous} {span} {inside}")


def entry_of(vault: Vault, row: Sequence[Any]) -> bytes:
    """What a block keeps of a row: its id and its print."""
    return int(row[0]).to_bytes(ID_BYTES, "big") + print_of(vault, row)


def rows_between(
    session: Session, first: int, last: int, *, limit: int | None = None
) -> list[Any]:
    """The trail's rows with these ids, whole, as tuples."""
    query = select(*_COLUMNS).where(_ROWS.c.id >= first, _ROWS.c.id <= last).order_by(_ROWS.c.id)
    return list(session.connection().execute(query.limit(limit)))


async def _settled(database: Database) -> int:
    """The newest id below which no row can appear any more; 0 while somebody writes for long."""
    newest, writers = await database.read(_newest_and_writers)
    for _ in range(_LOOKS):
        if not writers:
            return newest
        await asyncio.sleep(_WAIT_SECONDS)
        writers &= (await database.read(_newest_and_writers))[1]
    return 0


def _newest_and_writers(session: Session) -> tuple[int, set[str]]:
    """The newest id that was drawn and, read after it, who may hold one uncommitted."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # has one writer: ids come in the order of commits
        return int(connection.execute(select(func.max(_ROWS.c.id))).scalar() or 0), set()
    newest = int(connection.execute(_DRAWN).scalar_one())
    return newest, set(connection.execute(_WRITERS).scalars())


def _made(
    session: Session, vault: Vault, settled: int, now: datetime
) -> tuple[list[AuditBlock], int]:
    """The next blocks, and how many rows are in them."""
    last = head(session)
    rows = rows_between(session, last.last_id + 1, settled, limit=_STEP)
    blocks = []
    for start in range(0, len(rows), _BLOCK):
        inside = rows[start : start + _BLOCK]
        block = AuditBlock(
            number=last.number + 1,
            first_id=last.last_id + 1,
            last_id=inside[-1][0],
            prints=b"".join(entry_of(vault, row) for row in inside),
            sealed_at=now,
            previous=last.hash,
            hash="",
        )
        block.hash = hash_of(vault, block)
        blocks.append(block)
        last = Head(block.number, block.hash, block.last_id)
    return blocks, len(rows)


def _kept(session: Session, blocks: list[AuditBlock]) -> bool:
    """Whether these blocks are the next; somebody else may have sealed meanwhile."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    if head(session).hash != blocks[0].previous:
        return False
    session.add_all(blocks)
    session.flush()
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.hex() if isinstance(value, bytes) else value
