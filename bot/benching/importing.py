"""`bench import`: how fast a large list with faults of every kind comes into the register."""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
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
from registry.beside import beside
from registry.importing import Batch, Import, opened
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
    data, terms = book_of(rows), _terms()
    _say("importing it: all of it is read first, then the clock starts")
    read, after, first = await _timed(database, data, terms)
    _say("importing it once more, as it is read: nothing may change")
    began, before = time.perf_counter(), _peak()
    again, beside = await _streamed(database, data, replace(terms, token="b" * 24))
    streamed, grown = time.perf_counter() - began, _peak() - before
    _say(f"storing {_ALONE:,} rows one by one")
    alone = await _alone(database)
    return {
        "database": database.url.get_backend_name(),
        "rows": rows,
        "accounted_for": sum(first.values()),
        **{outcome.name.lower(): first[outcome] for outcome in Outcome},
        "new_or_changed_when_repeated": again[Outcome.NEW] + again[Outcome.MERGED],
        "file_mb": round(len(data) / 2**20, 1),
        "seconds_read": round(read, 2),
        "seconds_after_reading": round(after, 2),
        "rows_a_second_after_reading": round(rows / after),
        "rows_a_second_goal": GOAL,
        "rows_a_second_one_by_one": round(alone),
        "seconds_repeated_as_it_is_read": round(streamed, 2),
        "memory_grown_mb": round(grown, 1),
        "memory_grown_of_the_reader_mb": round(beside, 1),
    }


async def _timed(
    database: Database, data: bytes, terms: Terms
) -> tuple[float, float, Counter[Outcome]]:
    """Seconds of reading, seconds from then until all is stored, what became of the rows."""
    began = time.perf_counter()
    job = opened(reading.read(data), KINDS["people"], terms)
    origin = await _begun(database, terms)
    ready = began
    for batch in beside(_read_first(job)):
        if not batch.places and batch.spare is None:
            ready = time.perf_counter()
        elif batch.places:
            job.count(await database.run(job.store, batch, origin))
    await database.run(job.end, origin.run_id, NOW)
    return ready - began, time.perf_counter() - ready, job.counts


def _read_first(job: Import) -> Iterator[Batch]:
    lines = list(job.tables.lines())
    yield Batch()
    yield from job.read(lines)


async def _streamed(
    database: Database, data: bytes, terms: Terms
) -> tuple[Counter[Outcome], float]:
    """What became of the rows, and by how many MB the process that reads has grown."""
    job = opened(reading.read(data), KINDS["people"], terms)
    origin = await _begun(database, terms)
    grown = 0.0
    for batch in beside(_weighed(job)):
        if batch.places:
            job.count(await database.run(job.store, batch, origin))
        elif batch.read:
            grown = batch.read[0]
    await database.run(job.end, origin.run_id, NOW)
    return job.counts, grown


def _weighed(job: Import) -> Iterator[Batch]:
    before = _peak()
    yield from job.read(job.tables.lines())
    yield Batch(read=[_peak() - before])


async def _begun(database: Database, terms: Terms) -> Origin:
    opening = Opening("people", terms.token, "made.xlsx", "bench")
    run_id, _ = await database.run(imports.begin, terms.origin.vault, opening, NOW)
    return replace(terms.origin, run_id=run_id)


async def _alone(database: Database) -> float:
    """Rows a second when each is stored by itself with the ORM, all in one transaction."""
    terms = replace(_terms(), token="c" * 24)
    job = opened(reading.read(book_of(_ALONE, seed=1)), KINDS["people"], terms)
    read = job.kind.reader(terms)
    values = [one for one in map(read, job.tables.lines()) if not isinstance(one, Refused)]
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
