"""What each process says of itself while it works, and of what an alert would tell an operator."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

_MB = 1024 * 1024
_SENDS = "guiyan_sends_total"
# Results of a send as GuiyanSendsFail counts them; here the first one counts.
_FAILED = frozenset(
    ("unreachable", "uncertain", "misconfigured", "rejected", "unreadable", "unreadable_answer")
)

# As in deploy/alerts.yml: what the value of a gauge must not pass.
LIMITS: Mapping[str, float] = {
    "guiyan_oldest_unanswered_seconds": 60,
    "guiyan_oldest_due_seconds": 120,
    "guiyan_channel_fault": 0,
    "guiyan_job_failing": 0,
    "guiyan_scheduler_idle_seconds": 900,
    "process_resident_memory_bytes": 1_610_612_736,
}
# What must not have grown at all while nothing was done to the service.
NEVER = ("guiyan_store_faults_total",)


@dataclass(slots=True)
class Watched:
    """One process: when it was asked, its memory in MB, its seconds of computing."""

    name: str
    at: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    alarms: dict[str, int] = field(default_factory=dict)  # how often each would have been told
    throttled: float = 0.0  # sends that a provider wanted later: no alert, but too fast

    def note(self, samples: list[Sample], at: float) -> None:
        """One answer of /metrics."""
        self.at.append(at)
        self.memory.append(_one(samples, "process_resident_memory_bytes") / _MB)
        self.computed.append(_one(samples, "process_cpu_seconds_total"))
        sends = [one for one in samples if _is(one, _SENDS)]
        self.throttled = sum(one.value for one in sends if one.labels["result"] == "throttled")
        for alarm in alarms(samples):
            self.alarms[alarm] = self.alarms.get(alarm, 0) + 1


async def watch(client: ClientSession, watched: Watched, address: str) -> None:
    """Ask a process once."""
    async with client.get(f"{address}/metrics") as answer:
        answer.raise_for_status()
        watched.note(parsed(await answer.text()), time.time())


def parsed(text: str) -> list[Sample]:
    """All samples of one answer."""
    return [one for family in text_string_to_metric_families(text) for one in family.samples]


def alarms(samples: list[Sample]) -> Iterator[str]:
    """The names of what is beyond its limit."""
    for one in samples:
        if one.name == "guiyan_oldest_due_seconds" and one.labels.get("kind") != "awaited":
            continue
        if one.value > LIMITS.get(one.name, float("inf")) or (one.name in NEVER and one.value):
            yield one.name
        if _is(one, _SENDS) and one.labels["result"] in _FAILED and one.value:
            yield f"sends {one.labels['result']}"
        if _is(one, "guiyan_outbox") and one.labels["state"] == "uncertain" and one.value:
            yield "uncertain"


def _is(sample: Sample, name: str) -> bool:
    return sample.name == name


def _one(samples: list[Sample], name: str) -> float:
    named: Callable[[Sample], bool] = lambda one: one.name == name  # noqa: E731
    return float(next(filter(named, samples)).value)
