"""A file of a piece of work as it is written and read: piece by piece, never whole in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from console.work import Task
from records import kept_files
from records.database import Database, Session
from records.kept_files import PIECE, Kept, NewFile, Purpose
from records.vault import Vault

FETCHED_WITHIN = timedelta(days=1)


@dataclass(slots=True)
class Writer:
    """A file that a piece of work makes; what it had begun before is dropped."""

    task: Task
    file: int
    size: int = 0
    _rest: bytes = b""

    @classmethod
    async def begin(cls, task: Task, purpose: Purpose, name: str) -> Writer:
        now = task.means.now()
        new = NewFile(purpose, task.row.by, name, now + FETCHED_WITHIN, task.number)
        return cls(task, await task.write(kept_files.begin, task.means.vault, new, now))

    async def write(self, data: bytes) -> None:
        """Take more of it."""
        waiting, start = self._rest + data, 0
        while len(waiting) - start >= PIECE:
            await self._keep(waiting[start : start + PIECE])
            start += PIECE
        self._rest = waiting[start:]

    async def end(self) -> None:
        """It is whole."""
        if self._rest:
            await self._keep(self._rest)
        await self.task.write(_complete, self.file, self.size)

    async def _keep(self, data: bytes) -> None:
        number = self.size // PIECE
        await self.task.write(kept_files.add, self.task.means.vault, self.file, number, data)
        self.size += len(data)


async def pieces(database: Database, vault: Vault, kept: Kept) -> AsyncIterator[bytes]:
    """The content of a file."""
    for number in range(kept.pieces):
        yield await database.read(kept_files.piece, vault, kept.id, number)


async def content(database: Database, vault: Vault, kept: Kept) -> bytes:
    """All of it at once, for what can only be read so."""
    return b"".join([data async for data in pieces(database, vault, kept)])


def _complete(session: Session, file: int, size: int) -> None:
    kept_files.complete(session, file, size=size)
