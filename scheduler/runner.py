"""APScheduler as an alarm clock: every slot of a job runs once, whoever's clock rings first."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from records import runs
from records.database import Session, StoreUnavailable
from records.runs import SlotLost, Taken
from scheduler.jobs import JOBS, Counts, Job, LongJob
from scheduler.means import Means
from scheduler.slots import Every, Pending, pending

log = logging.getLogger("guiyan.scheduler")

_BEAT_SECONDS = runs.LEASE.total_seconds() / 4  # real ones: how often a run says that it lives
_LOOK_SECONDS = 1.0  # at whether the machine's clock was put back
_DRIFT_SECONDS = 0.5  # that a clock which is kept right may lose between two looks
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Runner:
    """Rings for each job and records how it went; the store decides who runs a slot."""

    def __init__(
        self,
        means: Means,
        *,
        now: Callable[[], datetime],
        machine: Callable[[], float] = time.time,
    ) -> None:
        self._means = means
        self._database = means.database
        self._now = now
        self._machine = machine  # the clock that APScheduler goes by
        self._clock = AsyncIOScheduler(timezone=UTC)
        self._minding: asyncio.Task[None] | None = None

    def start(self, jobs: Sequence[Job | LongJob] = JOBS) -> None:
        """Begin to ring: often, since the store knows which slots have come and were not run."""
        self._set(jobs)
        self._clock.start()
        self._minding = asyncio.create_task(self._mind(jobs))

    def stop(self) -> None:
        """No more rings; a run under way ends by itself in its transaction."""
        if self._minding is not None:
            self._minding.cancel()
        if self._clock.running:
            self._clock.shutdown(wait=False)

    def _set(self, jobs: Sequence[Job | LongJob]) -> None:
        for job in jobs:
            self._clock.add_job(
                self.run,
                "interval",
                args=[job],
                id=job.name,
                replace_existing=True,
                seconds=job.when.ring.total_seconds(),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )

    async def _mind(self, jobs: Sequence[Job | LongJob]) -> None:
        """Set the alarms anew when the machine's clock is put back: else all wait for as long."""
        while True:
            before = self._machine() - time.monotonic()
            await asyncio.sleep(_LOOK_SECONDS)
            if self._machine() - time.monotonic() < before - _DRIFT_SECONDS:
                log.warning("the machine's clock was put back")
                self._set(jobs)

    async def run(self, job: Job | LongJob) -> Counts | None:
        """Run what is due of `job`; the counts of its last run, None if nothing was ours to do."""
        try:
            due = await self._due(job)
        except StoreUnavailable as fault:
            log.error("cannot read the slots: %s", fault)
            return None
        counts = None
        for slot in due.runs:
            counts = await self._take_and_run(job, slot)
        return counts

    async def by_hand(self, job: Job | LongJob) -> Counts | None:
        """Run it once now, beside its slots; None while a slot of it is under way."""
        now = self._now()
        taken = await self._take(job, now, now, is_by_hand=True)
        return await self._run(job, taken, now) if taken else None

    async def _due(self, job: Job | LongJob) -> Pending:
        """The slots to run now; what is passed over is written down."""
        now = self._now()
        since = now - job.late.limit
        known = await self._database.read(lambda s: runs.known(s, job.name, now, since=since))
        if known.last is None and not isinstance(job.when, Every):
            await self._database.run(runs.see, job.name, now)
            return Pending()
        last = known.last or _LONG_AGO
        found = pending(job.when, job.late, last=last, failed=known.failed, now=now)
        if known.is_running or not (found.runs or found.missed):
            return Pending()
        if found.missed:
            await self._pass_over(job.name, found, now)
        return found

    async def _pass_over(self, job: str, found: Pending, now: datetime) -> None:
        missed = [(each.slot, each.why) for each in found.missed]
        count = await self._database.run(runs.pass_over, job, missed, now)
        if count:
            log.warning("slots passed over", extra={"job": job, "slots": count})

    async def _take_and_run(self, job: Job | LongJob, slot: datetime) -> Counts | None:
        now = self._now()
        try:
            taken = await self._take(job, slot, now)
            if taken is None:
                return None
            return await self._run(job, taken, slot if job.late.is_each else now)
        except SlotLost:
            log.warning("slot lost to another process", extra={"job": job.name})
        except Exception as error:  # one job's fault must not silence the clock
            log.exception("job failed", extra={"job": job.name, "kind": type(error).__name__})
        return None

    async def _take(
        self, job: Job | LongJob, slot: datetime, now: datetime, *, is_by_hand: bool = False
    ) -> Taken | None:
        taken = Taken(job.name, slot, secrets.token_hex(8))
        is_ours = await self._database.run(
            lambda s: runs.take_slot(
                s, job.name, slot, now, owner=taken.owner, is_by_hand=is_by_hand
            )
        )
        return taken if is_ours else None

    async def _run(self, job: Job | LongJob, taken: Taken, moment: datetime) -> Counts:
        try:
            counts = await self._alive(job, taken, moment)
        except SlotLost:
            raise
        except Exception as error:
            await self._note_fault(taken, type(error).__name__)
            raise
        log.info("job done", extra={"job": job.name, "counts": counts})
        return counts

    async def _note_fault(self, taken: Taken, kind: str) -> None:
        with suppress(StoreUnavailable):  # then it is found dead, and tried again
            await self._database.run(_record_fault, taken, self._now(), kind)

    async def _alive(self, job: Job | LongJob, taken: Taken, moment: datetime) -> Counts:
        """The run's counts; while it lasts the store hears that it lives."""
        work = asyncio.create_task(self._counts(job, taken, moment))
        beat = asyncio.create_task(self._beat(taken))
        try:
            await asyncio.wait({work, beat}, return_when=asyncio.FIRST_COMPLETED)
            if beat.done():
                beat.result()
            return await work
        finally:
            beat.cancel()
            work.cancel()

    async def _beat(self, taken: Taken) -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            with suppress(StoreUnavailable):
                if not await self._database.run(runs.renew, taken, self._now()):
                    raise SlotLost

    async def _counts(self, job: Job | LongJob, taken: Taken, moment: datetime) -> Counts:
        if isinstance(job, Job):
            return await self._database.run(_run_and_record, job, taken, moment, self._now)
        await self._means.refresh()
        counts = await job.run(self._means, moment)
        await self._database.run(_record, taken, self._now(), counts)
        return counts


def _run_and_record(
    session: Session, job: Job, taken: Taken, moment: datetime, now: Callable[[], datetime]
) -> Counts:
    counts = job.run(session, moment)
    _record(session, taken, now(), counts)
    return counts


def _record(session: Session, taken: Taken, now: datetime, counts: Counts) -> None:
    runs.finish(session, taken, now=now, counts=counts)


def _record_fault(session: Session, taken: Taken, now: datetime, fault: str) -> None:
    runs.fail(session, taken, now=now, fault=fault)
