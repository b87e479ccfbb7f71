"""How good the rankings are, by the list of the design (6.8): figures, each beside its bar."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.benching import matching_world as world
from bot.benching.matching_month import a_month
from bot.benching.matching_oracle import breaks
from matching import golden
from matching.aspects import View
from matching.judging import judge
from matching.profiles import seeker_of
from matching.projects import Project, Reason, Seeker
from matching.ranking import best
from matching.reasons import explain
from matching.stock import Stock
from matching.weights import our_rules

PAIRS, PROFILES, COUNTY_PROJECTS = 2_000, 120, 150
# What a ranking may not see, as a register might hold it, with values to swap.
WITHHELD: dict[str, tuple[Any, ...]] = {
    "gender": ("male", "female", "unsaid"),
    "age_band": ("16-29", "30-39", "40-49", "50-59", "60+"),
    "ethnicity": ("han", "tujia", "hui"),
    "disability": (True, False),
    "group_status": (["disabled"], ["veteran"], ["poverty"], []),
    "education": ("primary", "university"),
}
_INPUTS: dict[str, Any] = {
    "wants": None, "skills": None, "lacks": None, "band": None, "trades": None, "town": "",
    "sites": None, "certificates": None,
}  # fmt: skip


def report() -> dict[str, Any]:
    """All of it; a figure that misses its bar is printed all the same."""
    return {
        **constraint_safety(),
        **true_reasons(),
        **blindness(),
        **exposure(),
        **robustness(),
        **agreement(),
    }


def pairs(count: int, seed: int = 7) -> Iterator[tuple[Seeker, Project, View]]:
    """Made pairs of a person and a project of one small city, half of them in a push."""
    draw = random.Random(seed)
    around = world.surroundings(2)
    people, offers = world.seekers(count, 2, seed), world.projects(count, 2, seed)
    for number in range(count):
        shown = {offers[number].id: draw.choice([0, 0, 19, 20, 40])}
        view = View.on(world.TODAY, around=replace(around, shown=shown), is_push=number % 2 == 0)
        yield people[number], offers[number], view


def constraint_safety() -> dict[str, Any]:
    """Each pair held against the constraints written a second time."""
    shown = broken = otherwise = 0
    for seeker, project, view in pairs(PAIRS):
        told, found = breaks(seeker, project, view), judge(seeker, project, view)
        is_shown = found.may_be_shown(view.rules)
        shown += is_shown
        broken += is_shown and bool(told)
        otherwise += told != {bar.value for bar in found.bars}
    return {
        "pairs": PAIRS,
        "pairs_shown": shown,
        "constraints_broken": broken,
        "constraints_broken_bar": 0,
        "bars_named_otherwise": otherwise,
    }


@dataclass(frozen=True, slots=True)
class _Town:
    """People and projects of one county to rank."""

    people: Sequence[Seeker]
    stock: Stock
    view: View


def _town(people: int = 200) -> _Town:
    stock = Stock(world.projects(COUNTY_PROJECTS, 1, seed=5))
    view = View.on(world.TODAY, around=world.surroundings(1))
    return _Town(
        [replace(one, is_personal=True) for one in world.seekers(people, 1, 6)], stock, view
    )


def true_reasons() -> dict[str, Any]:
    """Each reason of what is shown: is it there again, and gone without its field?"""
    town = _town()
    told = false = 0
    for seeker in town.people:
        for project in best(seeker, town.stock, town.view):
            for reason in explain(seeker, project, town.view).reasons:
                told += 1
                false += not stands_on_its_field(reason, seeker, project, town.view)
    return {"reasons": told, "reasons_that_fail": false, "reasons_that_fail_bar": 0}


def stands_on_its_field(reason: Reason, seeker: Seeker, project: Project, view: View) -> bool:
    """Whether the reason is found again, goes with the field it cites, and takes score along."""
    side, name = reason.field.split(".")
    emptied: dict[str, Any] = {name: {"town": "", "theme_tags": frozenset()}.get(name)}
    one = replace(seeker, **emptied) if side == "seeker" else seeker
    offer = replace(project, **emptied) if side == "project" else project
    now, then = explain(seeker, project, view), explain(one, offer, view)
    is_gone = reason.term not in {other.term for other in then.reasons}
    return reason in now.reasons and is_gone and then.score < now.score


def profiles(count: int, seed: int = 8) -> list[dict[str, Any]]:
    """Whole profiles as a register may hold them, with what a ranking may not see."""
    draw = random.Random(seed)
    return [
        _codes(seeker) | {name: draw.choice(values) for name, values in WITHHELD.items()}
        for seeker in world.seekers(count, 1, seed)
    ]


def _codes(seeker: Seeker) -> dict[str, Any]:
    told = {
        "want_kind": seeker.wants and sorted(seeker.wants),
        "skills": seeker.skills and sorted(seeker.skills),
        "lacks": seeker.lacks and sorted(seeker.lacks),
        "capital_band": seeker.band,
        "work_years_industry": [[t.category.value, t.years] for t in seeker.trades or ()] or None,
        "land_site": seeker.sites and sorted(seeker.sites),
    }
    return {name: value for name, value in told.items() if value is not None}


def blindness() -> dict[str, Any]:
    """Rankings of whole profiles, before and after each withheld field is swapped."""
    town = _town(0)
    swaps = changed = 0
    for number, codes in enumerate(profiles(PROFILES)):
        first = _ranked(codes, number, town)
        for name, values in WITHHELD.items():
            for value in values:
                swaps += 1
                changed += _ranked(codes | {name: value}, number, town) != first
    return {"swaps_of_withheld_fields": swaps, "rankings_changed": changed,
            "rankings_changed_bar": 0}  # fmt: skip


def _ranked(codes: dict[str, Any], number: int, town: _Town) -> tuple[str, ...]:
    seeker = seeker_of(codes, id=f"profile{number}", county=world.county(0),
                       town=world.town(0, number))  # fmt: skip
    return tuple(project.id for project in best(seeker, town.stock, town.view))


def exposure() -> dict[str, Any]:
    """Thirty days of pushes."""
    month = a_month()
    return {
        "gini_of_exposure": round(month.gini, 2),
        "gini_bar": 0.5,
        "projects_ever_shown": round(month.ever_shown, 3),
        "projects_ever_shown_bar": 0.9,
        "most_of_a_cap_used": round(month.most_of_cap, 2),
        "lines_among_three": round(month.lines, 2),
        "lines_among_three_bar": 2,
    }


def robustness() -> dict[str, Any]:
    """Every answer taken away in turn: how much of the first three stays."""
    town = _town()
    dropped = kept = lost = asked = 0
    for seeker in town.people:
        first = set(best(seeker, town.stock, town.view))
        for name, empty in _INPUTS.items():
            less = replace(seeker, **{name: empty})
            after = set(best(less, town.stock, town.view))
            if not first or less == seeker:
                continue
            dropped += 1
            kept += len(first & after)
            lost += bool(after) and not first & after
            asked += not after
    return {
        "answers_taken_away": dropped,
        "of_three_still_there": round(kept / dropped, 2),
        "of_three_still_there_bar": 1,
        "other_three_instead": round(lost / dropped, 3),
        "too_little_known_then": round(asked / dropped, 3),
    }


def agreement() -> dict[str, Any]:
    """On our own small graded set, for there is none of clerks."""
    rules = our_rules()
    return {
        "graded_by": "one maker of the service, knowing the rules; no set of clerks exists",
        "graded_people": len(golden.our_own().people),
        "graded_people_shown_something": golden.shown_something(rules),
        "ndcg_at_3": round(golden.agreement(rules), 3),
        "ndcg_at_3_bar": 0.8,
        "ndcg_by_score_alone": round(golden.agreement(rules, golden.by_score_alone), 3),
        **{
            f"ndcg_{name}": round(golden.agreement(rules, choose), 3)
            for name, choose in golden.BASELINES.items()
        },
    }
