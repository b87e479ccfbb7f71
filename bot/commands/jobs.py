"""`guiyan jobs …`: the scheduled jobs, what became of their slots, and one run by hand."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import orjson

from bot.cli import BAD_USE, OK, CommandError
from bot.settings import Settings
from bot.wiring import build, clock
from outreach.calendars import CHINA
from records import runs, schema
from records.database import Database, Session, StoreUnavailable
from records.runs import JobRun, State
from scheduler.jobs import JOBS, Job, LongJob
from scheduler.slots import Every

_SHOWN = 20  # slots that are explained
_WHY = {
    "late": "nobody ran it in time",
    "newer": "a later slot was run in its place",
    runs.DIED: "the process that ran it ended, or was silent for too long",
}


def list_jobs(options: argparse.Namespace, settings: Settings) -> int:
    """Every job: what it is for, when it runs next, how its last run went."""
    told = asyncio.run(_read(settings, _listed))
    if options.json:
        _say(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return OK
    for job in told:
        _say(f"{job['name']}  {job['when']}, next {job['next']}")
        _say(f"    {job['purpose']}")
        _say(f"    last: {job['last'] or 'never run'}; late slots: {job['late']}")
    return OK


def explain(options: argparse.Namespace, settings: Settings) -> int:
    """The newest slots of a job, and those that failed or were dropped, with the reason."""
    job = _named(options.name)
    for line in asyncio.run(_read(settings, lambda s, now: _explained(s, job, now))):
        _say(line)
    return OK


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run a job once, now; refused while one of its slots is under way."""
    job = _named(options.name)
    logging.getLogger("guiyan").addHandler(logging.NullHandler())
    try:
        counts = asyncio.run(_run(job, settings))
    except StoreUnavailable as fault:
        raise CommandError(str(fault)) from fault
    if counts is None:
        raise CommandError(
            f"{job.name} is under way just now: wait for it, `guiyan jobs explain {job.name}` "
            "says since when"
        )
    _say(_counted(counts))
    return OK


async def _run(job: Job | LongJob, settings: Settings) -> dict[str, int] | None:
    app = build(settings)
    try:
        await app.open()
        return await app.runner.by_hand(job)
    finally:
        for channel in app.channels.values():
            await channel.close()
        await app.database.close()


async def _read(settings: Settings, question: Any) -> Any:
    database = Database(settings.database_url)
    try:
        await schema.migrate(database)
        return await database.read(lambda session: question(session, clock(settings)()))
    except StoreUnavailable as fault:
        raise CommandError(str(fault)) from fault
    finally:
        await database.close()


def _listed(session: Session, now: datetime) -> list[dict[str, object]]:
    return [_of(session, job, now) for job in JOBS]


def _of(session: Session, job: Job | LongJob, now: datetime) -> dict[str, object]:
    last = runs.last(session, job.name)
    return {
        "name": job.name,
        "purpose": job.purpose,
        "when": job.when.words,
        "next": _next(session, job, now),
        "late": job.late.words,
        "last": f"{_moment(last.started_at)} {_outcome(last)}" if last else None,
        "counts": dict(last.counts) if last else {},
    }


def _explained(session: Session, job: Job | LongJob, now: datetime) -> list[str]:
    rows = runs.latest(session, job.name, _SHOWN)
    shown = {row.id for row in rows}
    troubles = [r for r in runs.troubled(session, job.name, _SHOWN) if r.id not in shown]
    lines = [
        f"{job.name}: {job.purpose}",
        f"{job.when.words}; late slots are {job.late.words}",
        f"next: {_next(session, job, now)}",
    ]
    lines += _slots(job, rows) or ["no slot has come yet since this job is known here"]
    if troubles:
        lines += [
            "earlier slots that failed or were dropped:",
            *(_line(job, row) for row in troubles),
        ]
    return lines


def _next(session: Session, job: Job | LongJob, now: datetime) -> str:
    known = runs.known(session, job.name, now, since=now)
    newest, following = job.when.newest(now), job.when.following(now)
    is_new = known.last is None and not isinstance(job.when, Every)
    if newest and not is_new and (known.last is None or known.last < newest):
        return "as soon as the scheduler runs"
    return _moment(following) if following else "never"


def _slots(job: Job | LongJob, rows: Sequence[JobRun]) -> list[str]:
    """A line each, the newest first, and how many nobody ran in between."""
    lines = [_line(job, row) for row in rows[:1]]
    for newer, row in pairwise(rows):
        lines += [*_gap(job, row, newer), _line(job, row)]
    return lines


def _gap(job: Job | LongJob, row: JobRun, newer: JobRun) -> list[str]:
    if not isinstance(job.when, Every) or newer.is_by_hand or row.is_by_hand:
        return []
    missed = (newer.slot - row.slot) // job.when.period - 1
    if missed < 1:
        return []
    return [f"    {missed} slots between were not run: nothing rang, the next made up for them"]


def _line(job: Job | LongJob, row: JobRun) -> str:
    if row.is_by_hand:
        return f"by hand {_moment(row.slot)}: {_outcome(row)}"
    minutes = (row.started_at - row.slot) // timedelta(minutes=1)
    is_late = not isinstance(job.when, Every) and row.state == State.DONE and minutes > 1
    delay = f", {minutes} minutes late" if is_late else ""
    return f"slot {_moment(row.slot)}{delay}: {_outcome(row)}"


def _outcome(row: JobRun) -> str:
    if row.state == State.RUNNING:
        until = _moment(row.lease_until) if row.lease_until else "?"
        return f"under way since {_moment(row.started_at)}; taken for dead after {until}"
    if row.state == State.DROPPED:
        return f"dropped: {_WHY.get(row.fault, row.fault)}"
    if row.state == State.FAILED or row.fault:
        return f"failed ({row.tries} of {runs.MOST_TRIES} tries): {_WHY.get(row.fault, row.fault)}"
    if row.state == State.SEEN:
        return "the job is known from here on; what came before was not missed"
    seconds = (row.ended_at - row.started_at).total_seconds() if row.ended_at else 0
    return f"done in {seconds:.1f} s: {_counted(row.counts)}"


def _counted(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items()) or "nothing to count"


def _named(name: str) -> Job | LongJob:
    found = next((job for job in JOBS if job.name == name), None)
    if found is None:
        raise CommandError(f"there is no job {name!r}: `guiyan jobs list` shows them", BAD_USE)
    return found


def _moment(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
