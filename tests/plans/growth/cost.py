"""What some work costs: time on the clock, and seconds of processors, ours and the server's."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
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
        """Seconds of processors, ours and the server's, of the cheapest piece.

        Others at work on the machine only add to it: they empty the caches.
        """
        return min(map(sum, zip(self.ours, self.theirs, strict=True)))


class Watch:
    """Reads both processors' clocks around pieces of work."""

    def __init__(self, database: Database) -> None:
        self._database, self._backends = database, list[int]()

    def piece(self, cost: Cost) -> Piece:
        """`async with watch.piece(cost):` adds what is done inside."""
        return Piece(self, cost)

    async def learn(self) -> None:
        """Who serves this database now; what comes later is not counted."""
        if not self._database.is_sqlite:
            self._backends = await self._database.read(_backends)

    def server(self) -> float:
        """What the backends have computed; 0 where there is no server."""
        return sum(map(computed, self._backends))


class Piece:
    """One piece of work."""

    def __init__(self, watch: Watch, cost: Cost) -> None:
        self._watch, self._cost = watch, cost

    async def __aenter__(self) -> None:
        await self._watch.learn()
        self._theirs = self._watch.server()
        self._ours, self._began = time.process_time(), time.perf_counter()

    async def __aexit__(self, *_fault: object) -> None:
        self._cost.took.append(time.perf_counter() - self._began)
        self._cost.ours.append(time.process_time() - self._ours)
        self._cost.theirs.append(self._watch.server() - self._theirs)


def computed(backend: int) -> float:
    """Seconds of processor to the nanosecond (Linux); the server must run on this machine."""
    return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9


def _backends(session: Session) -> list[int]:
    return list(session.connection().execute(_BACKENDS).scalars())


def each(session: Session, look: Callable[[Session, str], object], keys: Sequence[str]) -> Cost:
    """What each of some looks costs on this connection; LookupError where one finds nothing."""
    cost, mine = Cost(), _mine(session)
    for key in keys:
        theirs = sum(map(computed, mine))
        ours, began = time.process_time(), time.perf_counter()
        found = look(session, key)
        cost.took.append(time.perf_counter() - began)
        cost.ours.append(time.process_time() - ours)
        cost.theirs.append(sum(map(computed, mine)) - theirs)
        if not found:
            raise LookupError("a made-up contact was not found")
    return cost


def _mine(session: Session) -> list[int]:
    """The backend of this connection; none on SQLite."""
    if session.connection().dialect.name == "sqlite":
        return []
    return [int(session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one())]
