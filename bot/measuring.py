"""The gauges of the store and of the parts, read when somebody asks for them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Gauge

from bot.metrics import Metrics
from bot.wiring import App
from knowledge.expiry import due
from records import inbound, vitals
from records.database import Session, StoreUnavailable
from records.runs import JobRun, State
from records.store_faults import DISK_IS_FULL
from records.vitals import Size

_WRITE_PATIENCE = 2.0  # seconds that a probe waits for its turn to write


@dataclass(frozen=True, slots=True)
class _Standing:
    unanswered: int
    oldest: datetime | None
    outbox: dict[str, int]
    overdue: dict[str, datetime]
    jobs: Sequence[JobRun]
    size: Size
    ahead: float


async def measure(app: App, metrics: Metrics) -> None:
    """Set every gauge; where the store is away its gauges keep still, and `store_up` says so."""
    for kind, channel in app.channels.items():
        metrics.channel_fault.labels(kind).set(bool(channel.fault()))
    if app.is_learned:
        entries = app.knowledge.known.library.entries.values()
        metrics.entries_due.set(len(due(entries, app.now().date())))
    try:
        standing = await app.database.read(_standing, app.now(), app.machine_now())
    except StoreUnavailable:
        metrics.store_up.set(0)
    else:
        _show(standing, metrics, app.now())
        metrics.store_up.set(not await write_fault(app))


async def write_fault(app: App) -> str:
    """Why nothing can be stored now, as where the disk is full, or ""."""
    try:
        await asyncio.wait_for(app.database.run(vitals.touch), _WRITE_PATIENCE)
        size = await app.database.read(vitals.size)
    except TimeoutError:
        return "cannot be written now: another program holds its lock?"
    except StoreUnavailable as fault:
        return str(fault)
    return DISK_IS_FULL if size.is_full else ""


def _standing(session: Session, now: datetime, machine_now: datetime) -> _Standing:
    return _Standing(
        unanswered=len(inbound.open_conversations(session)),
        oldest=vitals.unanswered(session)[1],
        outbox=vitals.watched(session),
        overdue=vitals.overdue(session, now),
        jobs=vitals.jobs(session),
        size=vitals.size(session),
        ahead=vitals.ahead(session, machine_now),
    )


def _show(standing: _Standing, metrics: Metrics, now: datetime) -> None:
    metrics.clock_ahead.set(standing.ahead)
    metrics.unanswered.set(standing.unanswered)
    _age(metrics.oldest_unanswered, standing.oldest, now)
    for state, number in standing.outbox.items():
        metrics.outbox.labels(state).set(number)
    for kind in vitals.KINDS:
        _age(metrics.oldest_due.labels(kind), standing.overdue.get(kind), now)
    metrics.database_bytes.set(standing.size.used)
    if standing.size.free is not None:
        metrics.disk_free_bytes.set(standing.size.free)
    for run in standing.jobs:
        metrics.job_failing.labels(run.job).set(run.state == State.FAILED)
    if standing.jobs:
        _age(metrics.scheduler_idle, max(run.started_at for run in standing.jobs), now)


def _age(gauge: Gauge, since: datetime | None, now: datetime) -> None:
    gauge.set(max(0.0, (now - since).total_seconds()) if since else 0)
