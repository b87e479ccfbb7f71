"""What an operator can watch: counters of messages and answers, gauges of what waits."""

from __future__ import annotations

import asyncio
import time

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from bot import __version__

_BEAT_SECONDS = 0.5


class Metrics:
    """The figures of one process, in Prometheus's text form."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        info = self._gauge("info", "Always 1; which version this process runs", "version")
        info.labels(__version__).set(1)
        self._passing()
        self._waiting()
        self._health()

    def text(self) -> bytes:
        """All of it, as `/metrics` serves it."""
        return generate_latest(self._registry)

    async def watch_loop(self) -> None:
        """Note, for ever, how late the loop comes to what is due."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_BEAT_SECONDS)
            self.loop_lag.observe(max(0.0, time.perf_counter() - began - _BEAT_SECONDS))

    def _passing(self) -> None:
        """What passes through this process."""
        self.received = self._counter("received", "Messages taken in, by channel", "channel")
        self.duplicates = self._counter("duplicates", "Messages known already", "channel")
        self.sends = self._counter("sends", "Sends by result", "channel", "result")
        self.receive_seconds = Histogram(
            "guiyan_receive_seconds",
            "From a message's arrival to its durable commit",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5),
            registry=self._registry,
        )
        self.store_faults = self._counter("store_faults", "Times the store could not be used")
        self.loop_lag = Histogram(
            "guiyan_loop_lag_seconds",
            "How late the process comes to what is due, every half second",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
            registry=self._registry,
        )

    def _waiting(self) -> None:
        """What waits in the store, the same from every process."""
        self.unanswered = self._gauge("unanswered", "Conversations with open messages")
        self.oldest_unanswered = self._gauge(
            "oldest_unanswered_seconds", "Age of the oldest message without an answer, 0 if none"
        )
        self.outbox = self._gauge(
            "outbox", "Messages that wait or are in doubt, by state", "state"
        )
        self.oldest_due = self._gauge(
            "oldest_due_seconds",
            "How long the oldest message of the outbox is overdue, 0 if none: "
            "awaited is what somebody waits for, bulk the rest",
            "kind",
        )
        self.entries_due = self._gauge(
            "entries_due", "Entries that end or are to be reviewed within thirty days"
        )

    def _health(self) -> None:
        """Whether the parts are well."""
        self.store_up = self._gauge(
            "store_up", "1 if the store could be read and written just now"
        )
        self.clock_ahead = self._gauge(
            "clock_ahead_seconds", "How far this machine's clock is ahead of the database's"
        )
        self.database_bytes = self._gauge("database_bytes", "Size of the database")
        self.disk_free_bytes = self._gauge(
            "disk_free_bytes", "Room on the disk of an embedded database; NaN on PostgreSQL"
        )
        self.disk_free_bytes.set(float("nan"))
        self.channel_fault = self._gauge(
            "channel_fault", "1 while a channel cannot work (the reason: /readyz)", "channel"
        )
        self.job_failing = self._gauge(
            "job_failing", "1 while the newest run of a job has failed", "name"
        )
        self.scheduler_idle = self._gauge(
            "scheduler_idle_seconds", "Since any job was last begun, 0 before the first"
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"guiyan_{name}", text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"guiyan_{name}", text, labels, registry=self._registry)
