"""`bench match`: projects for everybody in a night, one person at once, and how good they are."""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from typing import Any, TypeVar

from bot.benching import matching_quality, matching_world, recheck
from bot.benching.matching_frame import by_columns
from bot.benching.matching_peers import by_plain_loop
from bot.benching.program import BenchFailure
from matching.aspects import View
from matching.nightly import Night, decide
from matching.projects import Project, Seeker
from matching.ranking import rank
from matching.reasons import explain
from matching.stock import Stock

PEOPLE, PROJECTS, COUNTIES = 380_000, 2_000, 10
NIGHT_GOAL_SECONDS, NIGHT_GOAL_MB = 60, 1_500
AT_ONCE, ASKED, ONE_GOAL_MS = 5_000, 40, 50
LOOPED, FRAMED = 100, 1_000  # people of the samples
CARDS = 1  # a push tells of one project
_T = TypeVar("_T")


def measure(database_url: str = "", people: int = PEOPLE) -> dict[str, Any]:
    """All figures of matching; `people` may be fewer, to try it out."""
    rechecked = recheck.measure(database_url, people)  # first: it may refuse the database
    return {
        "night": a_night(people),
        "one_person": one_person(),
        "quality": matching_quality.report(),
        "policy_recheck": rechecked,
    }


def a_night(people: int = PEOPLE, offers: int = PROJECTS) -> dict[str, Any]:
    """Everybody's projects decided, beside a plain loop and long columns on samples of them."""
    _say(f"making {people:,} people and {offers:,} projects")
    seekers = matching_world.seekers(people, COUNTIES)
    projects = matching_world.projects(offers, COUNTIES)
    view = matching_world.night(COUNTIES)
    _say("deciding the night")
    seconds, night = _timed(lambda: decide(seekers, projects, view, told=CARDS))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    _say("explaining what was decided")
    explaining, told = _timed(lambda: _explained(night, seekers, view))
    _say("the same of a sample by a loop and by columns")
    return {
        "people": people,
        "projects": offers,
        "seconds": round(seconds, 1),
        "seconds_goal": NIGHT_GOAL_SECONDS,
        "process_mb": memory,
        "process_mb_goal": NIGHT_GOAL_MB,
        "people_with_projects": int((night.picks[:, 0] >= 0).sum()),
        "wanted_beyond_caps": int(night.wanted.sum()) - told,
        "reasons_written": told,
        "reasons_seconds": round(explaining, 1),
        **_peers(seekers, projects, view, seconds),
    }


def _peers(
    seekers: Sequence[Seeker], projects: Sequence[Project], view: View, seconds: float
) -> dict[str, Any]:
    """The same by other means; their times are of the sample, and as long for everybody."""
    free = _without_caps(view)
    few, some = seekers[:LOOPED], seekers[:FRAMED]
    looped, by_loop = _timed(lambda: by_plain_loop(few, projects, free))
    framed, by_frame = _timed(lambda: by_columns(some, projects, free))
    ours = _ids(decide(some, projects, free), len(some))
    for name, other in (("a plain loop", by_loop), ("columns", by_frame)):
        differing = sum(one != two for one, two in zip(ours, other, strict=False))
        if differing:
            raise BenchFailure(f"{name} decided otherwise for {differing} of {len(other)} people")
    everybody = len(seekers)
    return {
        "plain_loop_people": len(few),
        "plain_loop_seconds": round(looped, 2),
        "plain_loop_seconds_for_all": round(looped / len(few) * everybody),
        "columns_people": len(some),
        "columns_seconds": round(framed, 2),
        "columns_seconds_for_all": round(framed / len(some) * everybody),
        "times_faster_than_columns": round(framed / len(some) * everybody / seconds, 1),
        "decided_otherwise_by_either": 0,
    }


def one_person() -> dict[str, Any]:
    """One person against a county with far more projects than any has; reasons and all."""
    _say(f"one person against {AT_ONCE:,} projects")
    projects = matching_world.projects(AT_ONCE, counties=1)
    view = View.on(matching_world.TODAY, around=matching_world.surroundings(1))
    building, stock = _timed(lambda: Stock(projects))
    gc.collect()
    gc.freeze()  # as the service does with what stays
    people = matching_world.seekers(ASKED, 1)
    strangers = [Seeker(id=one.id, county=one.county) for one in people]
    times = [_computing(lambda one=one: rank(one, stock, view)) for one in people]  # type: ignore[misc]
    longer = [_computing(lambda one=one: rank(one, stock, view)) for one in strangers]  # type: ignore[misc]
    return {
        "projects": AT_ONCE,
        "p50_ms": round(median(times) * 1000, 1),
        "worst_ms": round(max(times) * 1000, 1),
        "with_a_question_p50_ms": round(median(longer) * 1000, 1),
        "with_a_question_worst_ms": round(max(longer) * 1000, 1),
        "ms_goal": ONE_GOAL_MS,
        "once_for_all_ms": round(building * 1000, 1),
    }


def _computing(work: Callable[[], object]) -> float:
    """Seconds of one core, whatever else the machine does meanwhile."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _without_caps(view: View) -> View:
    """So that no order matters, and columns can decide the same."""
    limits = {**view.rules.limits, "exposure_least": 10**9}
    return replace(view, rules=replace(view.rules, limits=limits))


def _ids(night: Night, count: int) -> list[tuple[str, ...]]:
    return [tuple(project.id for project in night.of(n)) for n in range(count)]


def _explained(night: Night, seekers: Sequence[Seeker], view: View) -> int:
    """Write the reasons of all that is to be sent; how many projects these are."""
    return sum(
        bool(explain(seekers[n], project, view).reasons)
        for n in range(len(seekers))
        for project in night.of(n)[:CARDS]
    )


def _timed(work: Callable[[], _T]) -> tuple[float, _T]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def _say(what: str) -> None:
    sys.stderr.write(f"bench match: {what}\n")
    sys.stderr.flush()
