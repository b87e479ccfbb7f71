"""What an operator can watch: counters of messages and answers, gauges of what waits."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """The figures of one process, in Prometheus's text form."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.received = Counter(
            "guiyan_received",
            "Messages taken in, by channel",
            ["channel"],
            registry=self._registry,
        )
        self.duplicates = Counter(
            "guiyan_duplicates", "Messages known already", ["channel"], registry=self._registry
        )
        self.sends = Counter(
            "guiyan_sends", "Sends by result", ["channel", "result"], registry=self._registry
        )
        self.receive_seconds = Histogram(
            "guiyan_receive_seconds",
            "From a message's arrival to its durable commit",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5),
            registry=self._registry,
        )
        self.unanswered = Gauge(
            "guiyan_unanswered", "Conversations with open messages", registry=self._registry
        )
        self.outbox = Gauge(
            "guiyan_outbox", "Messages in the outbox, by state", ["state"], registry=self._registry
        )
        self.entries_due = Gauge(
            "guiyan_entries_due",
            "Entries that end or are to be reviewed within thirty days",
            registry=self._registry,
        )

    def text(self) -> bytes:
        """All of it, as `/metrics` serves it."""
        return generate_latest(self._registry)
