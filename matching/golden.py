"""How well rules agree with people who graded projects for others, and what a change would do."""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from matching.aspects import View
from matching.codes import Category, Evidence, Reach, Site, Skill, Status, Support
from matching.judging import judge
from matching.picking import TOP
from matching.profiles import seeker_of
from matching.projects import Certificate, Project, Seeker, Surroundings
from matching.ranking import rank
from matching.stock import Stock
from matching.weights import Rules, shipped

Chooser = Callable[[Seeker, View], Sequence[str]]
_COUNTY = "county"
_DAY = date(2026, 11, 22)
_WEEKS = 8  # turns of near-ties change by the week; figures are means over some
_NEAR = {"1": frozenset("2"), "2": frozenset("3"), "3": frozenset("4")}


@dataclass(frozen=True, slots=True)
class Graded:
    """A person, and what each project is worth to them by a human's grade (0 to 3)."""

    seeker: Seeker
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two files of rules on the graded set: agreement of each, and whose first three change."""

    before: float
    after: float
    people: int
    shown: tuple[int, int]  # to how many something is shown, before and after
    changes: tuple[str, ...]


@cache
def graded_projects() -> tuple[Project, ...]:
    """The projects of the graded set, the newest first."""
    return tuple(_project(n, row) for n, row in enumerate(_table()["project"]))


@cache
def graded_people() -> tuple[Graded, ...]:
    """The people of the graded set."""
    ids = [project.id for project in graded_projects()]
    return tuple(
        Graded(
            _seeker(n, row), dict(zip(ids, map(int, row["grades"].replace(" ", "")), strict=True))
        )
        for n, row in enumerate(_table()["person"], 1)
    )


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(shipped("graded.toml"))


def _project(number: int, row: Mapping[str, Any]) -> Project:
    day = _DAY - timedelta(7 * number % 60)  # so that the newest is not the first by its place
    return Project(
        id=row["id"],
        title=row["id"],
        category=Category(row["category"]),
        county=_COUNTY,
        towns=tuple(row.get("towns", ())),
        min_capital_yuan=row["least"],
        site_need=Site(row.get("site", "none")),
        skills_any=frozenset(map(Skill, row["useful"])),
        skills_required=frozenset(map(Skill, row.get("required", ()))),
        certificates_required=frozenset(Certificate(*paper) for paper in row.get("papers", ())),
        training_available=row.get("training", False),
        offers=frozenset(map(Support, row.get("offers", ()))),
        risk_line="graded",
        slots=10,
        status=Status.PUBLISHED,
        published_on=day,
        verified_on=day,
        expires_on=_DAY + timedelta(365),
        evidence=Evidence.EXPERT_REVIEWED,
    )


def _seeker(number: int, row: Mapping[str, Any]) -> Seeker:
    return seeker_of(
        row["codes"],
        id=f"person {number}",
        county=_COUNTY,
        town=row.get("town", ""),
        reach=Reach.AGREED,
        refused=frozenset(map(Category, row.get("refused", ()))),
    )


def ndcg(shown: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of the first three, 1 for the best possible."""
    best = _gain(sorted(grades.values(), reverse=True)[:TOP])
    return _gain([grades[one] for one in shown[:TOP]]) / best if best else 1.0


def _gain(grades: Sequence[int]) -> float:
    return sum(float(2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def agreement(rules: Rules, choose: Chooser | None = None) -> float:
    """The mean nDCG@3 of what the rules show, or of another choice, over people and weeks.

    Only people to whom the rules show something count: the others are asked a question.
    """
    chosen = choose or first_three
    scores = [
        ndcg(chosen(person.seeker, view), person.grades)
        for view in _views(rules)
        for person in graded_people()
        if first_three(person.seeker, view)
    ]
    return sum(scores) / len(scores) if scores else 0.0


def shown_something(rules: Rules) -> int:
    """To how many of the graded people the rules show something."""
    view = next(_views(rules))
    return sum(bool(first_three(person.seeker, view)) for person in graded_people())


def _views(rules: Rules) -> Iterator[View]:
    around = Surroundings(neighbours=_NEAR)
    for week in range(_WEEKS):
        yield View(today=_DAY + timedelta(7 * week), around=around, rules=rules)


def first_three(seeker: Seeker, view: View) -> list[str]:
    """What the rules show."""
    found = rank(seeker, _stock(), view)
    return [match.project.id for match in found.matches]


@cache
def _stock() -> Stock:
    return Stock(graded_projects())


def by_chance(seeker: Seeker, view: View) -> list[str]:
    """A baseline: any three within the constraints."""
    able = _able(seeker, view)
    return random.Random(f"{seeker.id} {view.today}").sample(able, min(TOP, len(able)))


def newest_first(seeker: Seeker, view: View) -> list[str]:
    """A baseline: what was verified last, within the constraints."""
    ages = {one.id: -(one.verified_on or _DAY).toordinal() for one in graded_projects()}
    return sorted(_able(seeker, view), key=lambda one: (ages[one], one))


def by_shared_words(seeker: Seeker, view: View) -> list[str]:
    """A baseline: the most codes in common, within the constraints; of equals the newest."""
    return sorted(newest_first(seeker, view), key=lambda one: -_shared(seeker)[one])


def by_words_alone(seeker: Seeker, view: View) -> list[str]:
    """A baseline: the most codes in common, whatever the constraints."""
    shared = _shared(seeker)
    return sorted(shared, key=lambda one: (-shared[one], one))


def by_score_alone(seeker: Seeker, view: View) -> list[str]:
    """The rules without variety and turns: what these two cost."""
    judged = [(judge(seeker, one, view), one.id) for one in graded_projects()]
    kept = [(found.points, one) for found, one in judged if found.may_be_shown(view.rules)]
    return [one for _, one in sorted(kept, key=lambda pair: (-pair[0], pair[1]))]


def _shared(seeker: Seeker) -> dict[str, int]:
    mine = (seeker.wants or frozenset()) | (seeker.skills or frozenset())
    return {one.id: len({one.category, *one.skills_any} & mine) for one in graded_projects()}


def _able(seeker: Seeker, view: View) -> list[str]:
    return [one.id for one in graded_projects() if not judge(seeker, one, view).bars]


BASELINES: Mapping[str, Chooser] = {
    "by_chance": by_chance,
    "newest_first": newest_first,
    "by_shared_words": by_shared_words,
    "by_words_without_constraints": by_words_alone,
}


def compare(before: Rules, after: Rules) -> Comparison:
    """A dry run: what other rules would do to the graded set."""
    around = Surroundings(neighbours=_NEAR)
    view = View(today=_DAY, around=around, rules=before)
    changes = [
        f"{person.seeker.id}: {' '.join(old) or '-'}  ->  {' '.join(new) or '-'}"
        for person in graded_people()
        if (old := first_three(person.seeker, view))
        != (new := first_three(person.seeker, replace(view, rules=after)))
    ]
    return Comparison(
        before=agreement(before),
        after=agreement(after),
        people=len(graded_people()),
        shown=(shown_something(before), shown_something(after)),
        changes=tuple(changes),
    )
