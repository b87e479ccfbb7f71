"""What an hour's samples of a soak say: each limit, what was measured, and whether it held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

GROWTH_LIMIT, P99_LIMIT_MS = 0.05, 1_000.0
_TENTH = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """One limit: its name, what was measured (a share, ms or a number), and the limit."""

    name: str
    measured: float
    limit: float

    @property
    def holds(self) -> bool:
        return self.measured <= self.limit


def growth(samples: Sequence[float]) -> float:
    """The last tenth's median over that of the tenth after the first, less one.

    The first tenth is the warm-up. Raises `ValueError` for fewer than three samples.
    """
    if len(samples) < 3:
        raise ValueError("memory growth needs three samples: let the soak run longer")
    tenth = max(1, len(samples) // _TENTH)
    return median(samples[-tenth:]) / median(samples[tenth : 2 * tenth]) - 1


def percentile(times: Sequence[float], share: float) -> float:
    """The time that `share` of them did not exceed; `ValueError` where there is none."""
    if not times:
        raise ValueError("no reply was timed")
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def verdicts(
    memory: Mapping[str, Sequence[float]], times_ms: Sequence[float], faults: Mapping[str, int]
) -> list[Verdict]:
    """By process, its memory's growth; then the replies' p99; then each kind of fault."""
    return [
        *(
            Verdict(f"memory of {name}", growth(held), GROWTH_LIMIT)
            for name, held in memory.items()
        ),
        Verdict("reply p99 in ms", percentile(times_ms, 0.99), P99_LIMIT_MS),
        *(Verdict(kind, number, 0) for kind, number in faults.items()),
    ]
