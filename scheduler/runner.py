"""APScheduler as an alarm clock: every slot of a job runs once, whoever's clock rings first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from records import runs
from records.database import Session
from scheduler.jobs import JOBS, Counts, Job, LongJob
from scheduler.means import Means

log = logging.getLogger("guiyan.scheduler")


class Runner:
    """Rings for each job and records how it went; the store decides who runs a slot."""

    def __init__(self, means: Means, *, now: Callable[[], datetime]) -> None:
        self._means = means
        self._database = means.database
        self._now = now
        self._clock = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin to ring; a ring that is missed is made up for once, by the next."""
        for job in JOBS:
            self._clock.add_job(
                self.run,
                "interval",
                args=[job],
                seconds=job.every.total_seconds(),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._clock.start()

    def stop(self) -> None:
        """No more rings; a run under way ends by itself in its transaction."""
        if self._clock.running:
            self._clock.shutdown(wait=False)

    async def run(self, job: Job | LongJob) -> Counts | None:
        """Run the slot of `job` that now lies in; None if it has been taken."""
        now = self._now()
        slot = slot_of(job, now)
        if not await self._database.run(runs.take_slot, job.name, slot, now):
            return None
        try:
            counts = await self._counts(job, slot, now)
        except Exception as error:  # one job's fault must not silence the clock
            log.exception("job failed", extra={"job": job.name})
            await self._database.run(_record_fault, job.name, slot, now, type(error).__name__)
            return None
        log.info("job done", extra={"job": job.name, "counts": counts})
        return counts

    async def _counts(self, job: Job | LongJob, slot: datetime, now: datetime) -> Counts:
        if isinstance(job, Job):
            return await self._database.run(_run_and_record, job, slot, now)
        await self._means.refresh()
        counts = await job.run(self._means, now)
        await self._database.run(_record, job.name, slot, now, counts)
        return counts


def slot_of(job: Job | LongJob, now: datetime) -> datetime:
    """The start of the period that `now` lies in, counted from the epoch."""
    seconds = int(job.every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def _run_and_record(session: Session, job: Job, slot: datetime, now: datetime) -> Counts:
    counts = job.run(session, now)
    _record(session, job.name, slot, now, counts)
    return counts


def _record(session: Session, job: str, slot: datetime, now: datetime, counts: Counts) -> None:
    runs.finish(session, job, slot, now=now, counts=counts)


def _record_fault(session: Session, job: str, slot: datetime, now: datetime, fault: str) -> None:
    runs.fail(session, job, slot, now=now, fault=fault)
