"""Thirty days of pushes over a made-up county: who was shown what, and how evenly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.benching import matching_world
from matching.aspects import View, is_current
from matching.codes import Evidence, Reach
from matching.nightly import decide
from matching.projects import Project, Seeker

DAYS, EVERY = 30, 14  # a person is due every fortnight


@dataclass(frozen=True, slots=True)
class Month:
    """How often each project that could be shown was, and to how many people."""

    shown: dict[str, int]
    most_of_cap: float  # how much of its cap the fullest project used
    told: int  # people who got something
    lines: float  # different lines of business on average among three projects
    repeated: int  # projects pushed twice to the same person

    @property
    def gini(self) -> float:
        """0 where all projects are shown equally, towards 1 where one has it all."""
        counts = sorted(self.shown.values())
        total, size = sum(counts), len(counts)
        ranked = sum(rank * count for rank, count in enumerate(counts, 1))
        return 2 * ranked / (size * total) - (size + 1) / size if total else 0.0

    @property
    def ever_shown(self) -> float:
        """The share of projects that somebody was shown."""
        return sum(count > 0 for count in self.shown.values()) / len(self.shown)


def a_month(people: int = 3_000, projects: int = 200, counties: int = 2) -> Month:
    """A month in which one of fourteen people is due each day."""
    seekers = [
        replace(seeker, reach=Reach.AGREED)
        for seeker in matching_world.seekers(people, counties, seed=11)
    ]
    offers = matching_world.projects(projects, counties, seed=12)
    return _played(seekers, offers, matching_world.night(counties))


def _played(seekers: Sequence[Seeker], offers: Sequence[Project], start: View) -> Month:
    shown: Counter[str] = Counter()
    seen: dict[str, frozenset[str]] = {}
    lines: list[int] = []
    repeated = 0
    for day in range(DAYS):
        view = replace(start, today=start.today + timedelta(day),
                       around=replace(start.around, shown=dict(shown)))  # fmt: skip
        due = [
            replace(one, seen=seen.get(one.id, frozenset()))
            for number, one in enumerate(seekers)
            if number % EVERY == day % EVERY
        ]
        night = decide(due, offers, view)
        for number, seeker in enumerate(due):
            got = night.of(number)
            shown.update(project.id for project in got)
            repeated += sum(project.id in seeker.seen for project in got)
            seen[seeker.id] = seeker.seen | {project.id for project in got}
            lines += [len({project.category for project in got})] if len(got) == 3 else []
    return Month(
        shown={one.id: shown[one.id] for one in offers if _can_be_shown(one, start)},
        most_of_cap=max(shown[one.id] / start.rules.cap(one.slots) for one in offers),
        told=sum(bool(ids) for ids in seen.values()),
        lines=sum(lines) / len(lines),
        repeated=repeated,
    )


def _can_be_shown(project: Project, view: View) -> bool:
    is_known = project.evidence is not Evidence.UNVERIFIED
    return is_known and project.slots > 0 and is_current(project, view)
