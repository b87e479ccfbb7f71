"""What some work costs: time on the clock, and seconds of processors, ours and the server's."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import text
from sqlmodel import Session

from records.database import Database

_BACKENDS = text(
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_type = 'client backend'"
)


@dataclass(slots=True)
class Cost:
    """Of each piece of some work in turn, in seconds."""

    took: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)  # of this process's processor time
    theirs: list[float] = field(default_factory=list)  # of the database server's

    def p50(self) -> float:
        return median(self.took)

    def p99(self) -> float:
        return quantiles(self.took, n=100, method="inclusive")[98]

    def used(self) -> float:
        """Seconds of processors in the middle of all pieces, ours and the server's together."""
        return median(map(sum, zip(self.ours, self.theirs, strict=True)))


class Watch:
    """Reads both processors' clocks around pieces of work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def piece(self, cost: Cost) -> Piece:
        """`async with watch.piece(cost):` adds what is done inside."""
        return Piece(self, cost)

    async def server(self) -> float:
        """What the backends of this database have computed; 0 where there is no server."""
        return 0.0 if self._database.is_sqlite else await self._database.read(_computed)


class Piece:
    """One piece of work."""

    def __init__(self, watch: Watch, cost: Cost) -> None:
        self._watch, self._cost = watch, cost

    async def __aenter__(self) -> None:
        self._theirs = await self._watch.server()
        self._ours, self._began = time.process_time(), time.perf_counter()

    async def __aexit__(self, *_fault: object) -> None:
        self._cost.took.append(time.perf_counter() - self._began)
        self._cost.ours.append(time.process_time() - self._ours)
        self._cost.theirs.append(await self._watch.server() - self._theirs)


def _computed(session: Session) -> float:
    pids = session.connection().execute(_BACKENDS).scalars()
    return sum(map(_seconds, pids))


def _seconds(pid: int) -> float:
    """To the nanosecond (Linux); the server must run on this machine."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
