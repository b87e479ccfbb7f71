"""Tells whether the trail is whole: what was changed, taken out, put in, or cut off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session

from records import audit_chain
from records.audit_chain import ID_BYTES, KEPT, PRINT_BYTES, AuditBlock, Head
from records.database import Database
from records.vault import Vault

MOST_FAULTS = 100  # that are told one by one
_TOGETHER = 20  # blocks of one look
Tell = Callable[[int], Awaitable[None]]
_BLOCKS = AuditBlock.__table__  # type: ignore[attr-defined]


class FaultKind(StrEnum):
    """What was done to the trail."""

    ROW_CHANGED = "row changed"
    ROW_REMOVED = "row removed"
    ROW_ADDED = "row added"
    BLOCK_CHANGED = "block changed"
    BLOCKS_REMOVED = "blocks removed"
    CUT = "end cut off"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: a row by its id, or a block by its number."""

    kind: FaultKind
    where: int


@dataclass(slots=True)
class Findings:
    """How it stands; `unsealed` rows are younger than the last block and not vouched for."""

    blocks: int = 0
    rows: int = 0
    unsealed: int = 0
    count: int = 0  # of faults
    faults: list[Fault] = field(default_factory=list)
    head: Head = field(default_factory=Head)
    first_at: datetime | None = None  # when the oldest block that is still there was sealed

    @property
    def is_whole(self) -> bool:
        return self.count == 0

    def note(self, kind: FaultKind, where: int) -> None:
        """Keep a fault; of very many only the first."""
        self.count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind, where))


async def check(
    database: Database,
    vault: Vault,
    now: datetime,
    *,
    noted: Sequence[str] = (),
    tell: Tell | None = None,
) -> Findings:
    """Hold every row against its block and each block against the one before it.

    `noted` are heads (`Head.words`) that were written down elsewhere; `tell` hears how far it is.
    """
    findings, wanted = Findings(), _numbered(noted)
    while blocks := await database.read(_some, findings, vault, now):
        for block in blocks:
            words = wanted.pop(block.number, None)
            if words is not None and words != _head_of(block).words:
                findings.note(FaultKind.BLOCK_CHANGED, block.number)
        if tell is not None:
            await tell(findings.head.number)
    first = findings.head.number - findings.blocks + 1
    for number in sorted(wanted):
        if number >= first:  # what is older was dropped when its time was over
            findings.note(FaultKind.CUT, number)
    findings.unsealed = await database.read(audit_chain.unsealed)
    return findings


def _some(session: Session, findings: Findings, vault: Vault, now: datetime) -> list[AuditBlock]:
    """Look at the next blocks; which."""
    query = select(AuditBlock).where(_BLOCKS.c.number > findings.head.number)
    blocks = list(session.execute(query.order_by(_BLOCKS.c.number).limit(_TOGETHER)).scalars())
    for block in blocks:
        _check_link(session, findings, block, now)
        if audit_chain.hash_of(vault, block) != block.hash:
            findings.note(FaultKind.BLOCK_CHANGED, block.number)
        _check_rows(session, findings, block, vault=vault, now=now)
        findings.blocks += 1
        findings.head = _head_of(block)
    return blocks


def _check_link(session: Session, findings: Findings, block: AuditBlock, now: datetime) -> None:
    """Each follows the one before it; the first may be one whose time is over."""
    last = findings.head
    if findings.blocks == 0:
        findings.first_at = block.sealed_at
        is_first = block.number == 1 and not block.previous and block.first_id == 1
        if not is_first and block.sealed_at > now - KEPT:
            findings.note(FaultKind.BLOCKS_REMOVED, block.number)
        for row in audit_chain.rows_between(
            session, _LOWEST, block.first_id - 1, limit=MOST_FAULTS
        ):
            findings.note(FaultKind.ROW_ADDED, row[0])
    elif block.number != last.number + 1:
        findings.note(FaultKind.BLOCKS_REMOVED, last.number + 1)
    elif block.previous != last.hash or block.first_id != last.last_id + 1:
        findings.note(FaultKind.BLOCK_CHANGED, block.number)


_LOWEST = -(2**62)


def _check_rows(
    session: Session, findings: Findings, block: AuditBlock, *, vault: Vault, now: datetime
) -> None:
    there = {
        row[0]: audit_chain.print_of(vault, row)
        for row in audit_chain.rows_between(session, block.first_id, block.last_id)
    }
    if not there and block.sealed_at <= now - KEPT:
        return
    kept = _prints(block.prints)
    findings.rows += len(there)
    for id_, seen in there.items():
        if id_ not in kept:
            findings.note(FaultKind.ROW_ADDED, id_)
        elif kept[id_] != seen:
            findings.note(FaultKind.ROW_CHANGED, id_)
    for id_ in kept.keys() - there.keys():
        findings.note(FaultKind.ROW_REMOVED, id_)


def _prints(packed: bytes) -> dict[int, bytes]:
    size = ID_BYTES + PRINT_BYTES
    parts = (packed[start : start + size] for start in range(0, len(packed), size))
    return {int.from_bytes(part[:ID_BYTES], "big"): part[ID_BYTES:] for part in parts}


def _head_of(block: AuditBlock) -> Head:
    return Head(block.number, block.hash, block.last_id)


def _numbered(noted: Sequence[str]) -> dict[int, str]:
    return {int(words.split("-", 1)[0]): words for words in noted}
