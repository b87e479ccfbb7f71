"""`bench import`: how fast a large list with faults of every kind comes into the register."""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bot.benching.made_people import book_of
from bot.benching.program import BenchFailure
from knowledge.library import load_library
from records import imports, people, schema
from records.consents import CORE, Said
from records.database import Database, Session, StoreUnavailable
from records.imports import Opening
from records.people import Entered, Source
from records.vault import Vault
from registry import reading
from registry.importing import BATCH, Import, opened
from registry.kinds import KINDS
from registry.lists import Origin, Outcome, Refused, Terms
from registry.people_rows import Listed

ROWS = 100_000
GOAL = 20_000  # rows a second after reading
_ALONE = 2_000  # rows that are stored one by one to compare
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
_MB = 1024  # of the kilobytes that the system counts


def measure(database_url: str = "", rows: int = ROWS) -> dict[str, Any]:
    """Rows a second after reading, beside one by one; that no row is lost, and memory."""
    if database_url:
        return asyncio.run(_measured(database_url, rows))
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        return asyncio.run(_measured(f"sqlite:///{folder}/import.db", rows))


@dataclass(slots=True)
class _Clock:
    """Seconds of each step."""

    seconds: dict[str, float] = field(default_factory=dict)
    began: float = 0.0

    def start(self) -> None:
        self.began = time.perf_counter()

    def stop(self, step: str) -> None:
        spent = time.perf_counter() - self.began
        self.seconds[step] = self.seconds.get(step, 0.0) + spent


async def _measured(url: str, rows: int) -> dict[str, Any]:
    try:
        database = Database(url)
        try:
            await schema.migrate(database)
            return await _figures(database, rows)
        finally:
            await database.close()
    except (StoreUnavailable, ValueError) as fault:
        raise BenchFailure(str(fault)) from fault


async def _figures(database: Database, rows: int) -> dict[str, Any]:
    _say(f"making a file of {rows:,} rows")
    data = book_of(rows)
    terms = _terms()
    _say("importing it")
    before = _peak()
    clock, first = await _imported(database, data, terms)
    grown = _peak() - before
    _say("importing it once more: nothing may change")
    _, again = await _imported(database, data, replace(terms, token="b" * 24))
    _say(f"storing {_ALONE:,} rows one by one")
    alone = await _alone(database)
    after = clock.seconds["understood"] + clock.seconds["stored"]
    return {
        "database": database.url.get_backend_name(),
        "rows": rows,
        "accounted_for": sum(first.values()),
        **{outcome.name.lower(): first[outcome] for outcome in Outcome},
        "new_or_changed_when_repeated": again[Outcome.NEW] + again[Outcome.MERGED],
        "file_mb": round(len(data) / 2**20, 1),
        "seconds_read": round(clock.seconds["read"], 2),
        "seconds_understood": round(clock.seconds["understood"], 2),
        "seconds_stored": round(clock.seconds["stored"], 2),
        "rows_a_second_after_reading": round(rows / after),
        "rows_a_second_goal": GOAL,
        "rows_a_second_one_by_one": round(alone),
        "memory_grown_mb": round(grown, 1),
    }


async def _imported(
    database: Database, data: bytes, terms: Terms
) -> tuple[_Clock, Counter[Outcome]]:
    clock = _Clock()
    clock.start()
    job = opened(reading.read(data), KINDS["people"], terms)
    clock.stop("read")
    opening = Opening("people", terms.token, "made.xlsx", "bench")
    run_id, _ = await database.run(imports.begin, terms.origin.vault, opening, NOW)
    origin = replace(terms.origin, run_id=run_id)
    batches = _timed(job, clock)
    for batch in batches:
        clock.start()
        told = await database.run(job.store, batch, origin)
        job.count(told)
        clock.stop("stored")
    await database.run(job.end, run_id, NOW)
    return clock, job.counts


def _timed(job: Import, clock: _Clock) -> Iterator[Any]:
    """The batches, with the clock told when rows were read and when understood."""
    from registry.importing import Batch

    read = job.kind.reader(job.terms)
    lines = job.tables.lines()
    while True:
        clock.start()
        some = list(islice(lines, BATCH))
        clock.stop("read")
        if not some:
            return
        clock.start()
        batch = Batch(some, [read(line) for line in some])
        clock.stop("understood")
        yield batch


async def _alone(database: Database) -> float:
    """Rows a second when each is stored by itself with the ORM, all in one transaction."""
    terms = replace(_terms(), token="c" * 24)
    job = opened(reading.read(book_of(_ALONE, seed=1)), KINDS["people"], terms)
    values = [
        value for batch in job.batches() for value in batch.read if not isinstance(value, Refused)
    ]
    began = time.perf_counter()
    await database.run(_one_by_one, values, terms.origin.vault)
    return len(values) / (time.perf_counter() - began)


def _one_by_one(session: Session, values: list[Listed], vault: Vault) -> None:
    said = (Said(CORE, True, NOW),)
    for one in values:
        people.with_phone(session, vault, [str(one.texts.get("phone") or "-")])
        entered = Entered(one.codes, one.texts, one.area, Source.BULK, said)
        people.enter(session, vault, one.id, entered, at=NOW)


def _terms() -> Terms:
    origin = Origin(Vault("bench"), "bench", NOW, Source.BULK, "试〔2026〕1号")
    places = load_library().areas
    return Terms(origin, places, "a" * 24, places.resolve("湘潭"))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB


def _say(what: str) -> None:
    sys.stderr.write(f"bench import: {what}\n")
    sys.stderr.flush()
