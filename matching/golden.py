"""How well rules agree with people who graded projects for others, and what a change would do."""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from matching import cases
from matching.aspects import View
from matching.judging import judge
from matching.picking import TOP
from matching.projects import Seeker, Surroundings
from matching.ranking import rank
from matching.stock import Stock
from matching.weights import Rules, shipped

Chooser = Callable[[Seeker, View, Stock], Sequence[str]]
_WEEKS = 8  # turns of near-ties change by the week; figures are means over some


@dataclass(frozen=True, slots=True)
class Graded:
    """A person, and what each project is worth to them by a human's grade (0 to 3)."""

    seeker: Seeker
    grades: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GradedSet:
    """Graded people, and the projects that they were graded on."""

    stock: Stock
    people: tuple[Graded, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two files of rules on the graded set: agreement of each, and whose first three change."""

    before: float
    after: float
    people: int
    shown: tuple[int, int]  # to how many something is shown, before and after
    changes: tuple[str, ...]


@cache
def our_own() -> GradedSet:
    """The set on which weights are compared: graded by one of us."""
    table = tomllib.loads(shipped("graded.toml"))
    projects = cases.projects(table["project"])
    ids = [project.id for project in projects]
    people = [
        Graded(
            cases.seeker(f"person {n}", row),
            dict(zip(ids, map(int, row["grades"].replace(" ", "")), strict=True)),
        )
        for n, row in enumerate(table["person"], 1)
    ]
    return GradedSet(Stock(projects), tuple(people))


def ndcg(shown: Sequence[str], grades: Mapping[str, float]) -> float:
    """Normalised discounted cumulative gain of the first three, 1 for the best possible."""
    best = _gain(sorted(grades.values(), reverse=True)[:TOP])
    return _gain([grades[one] for one in shown[:TOP]]) / best if best else 1.0


def _gain(grades: Sequence[float]) -> float:
    worth = (math.pow(2, grade) - 1 for grade in grades)
    return math.fsum(one / math.log2(place) for place, one in enumerate(worth, 2))


def agreement(
    rules: Rules, choose: Chooser | None = None, graded: GradedSet | None = None
) -> float:
    """The mean nDCG@3 of what the rules show, or of another choice, over people and weeks.

    Only people to whom the rules show something count: the others are asked a question.
    """
    chosen, graded = choose or first_three, graded or our_own()
    scores = [
        ndcg(chosen(person.seeker, view, graded.stock), person.grades)
        for view in _views(rules)
        for person in graded.people
        if first_three(person.seeker, view, graded.stock)
    ]
    return sum(scores) / len(scores) if scores else 0.0


def shown_something(rules: Rules, graded: GradedSet | None = None) -> int:
    """To how many of the graded people the rules show something."""
    view, graded = next(_views(rules)), graded or our_own()
    return sum(bool(first_three(one.seeker, view, graded.stock)) for one in graded.people)


def _views(rules: Rules) -> Iterator[View]:
    around = Surroundings(neighbours=cases.NEIGHBOURS)
    for week in range(_WEEKS):
        yield View(today=cases.DAY + timedelta(7 * week), around=around, rules=rules)


def first_three(seeker: Seeker, view: View, stock: Stock) -> list[str]:
    """What the rules show."""
    return [match.project.id for match in rank(seeker, stock, view).matches]


def by_chance(seeker: Seeker, view: View, stock: Stock) -> list[str]:
    """A baseline: any three within the constraints."""
    able = _able(seeker, view, stock)
    return random.Random(f"{seeker.id} {view.today}").sample(able, min(TOP, len(able)))


def newest_first(seeker: Seeker, view: View, stock: Stock) -> list[str]:
    """A baseline: what was verified last, within the constraints."""
    ages = {one.id: -(one.verified_on or cases.DAY).toordinal() for one in stock.projects}
    return sorted(_able(seeker, view, stock), key=lambda one: (ages[one], one))


def by_shared_words(seeker: Seeker, view: View, stock: Stock) -> list[str]:
    """A baseline: the most codes in common, within the constraints; of equals the newest."""
    shared = _shared(seeker, stock)
    return sorted(newest_first(seeker, view, stock), key=lambda one: -shared[one])


def by_words_alone(seeker: Seeker, view: View, stock: Stock) -> list[str]:
    """A baseline: the most codes in common, whatever the constraints."""
    shared = _shared(seeker, stock)
    return sorted(shared, key=lambda one: (-shared[one], one))


def by_score_alone(seeker: Seeker, view: View, stock: Stock) -> list[str]:
    """The rules without variety and turns: what these two cost."""
    judged = [(judge(seeker, one, view), one.id) for one in stock.projects]
    kept = [(found.points, one) for found, one in judged if found.may_be_shown(view.rules)]
    return [one for _, one in sorted(kept, key=lambda pair: (-pair[0], pair[1]))]


def _shared(seeker: Seeker, stock: Stock) -> dict[str, int]:
    mine = (seeker.wants or frozenset()) | (seeker.skills or frozenset())
    return {one.id: len({one.category, *one.skills_any} & mine) for one in stock.projects}


def _able(seeker: Seeker, view: View, stock: Stock) -> list[str]:
    return [one.id for one in stock.projects if not judge(seeker, one, view).bars]


BASELINES: Mapping[str, Chooser] = {
    "by_chance": by_chance,
    "newest_first": newest_first,
    "by_shared_words": by_shared_words,
    "by_words_without_constraints": by_words_alone,
}


def compare(before: Rules, after: Rules) -> Comparison:
    """A dry run: what other rules would do to the graded set."""
    view, graded = next(_views(before)), our_own()
    changes = [
        f"{person.seeker.id}: {' '.join(old) or '-'}  ->  {' '.join(new) or '-'}"
        for person in graded.people
        if (old := first_three(person.seeker, view, graded.stock))
        != (new := first_three(person.seeker, replace(view, rules=after), graded.stock))
    ]
    return Comparison(
        before=agreement(before),
        after=agreement(after),
        people=len(graded.people),
        shown=(shown_something(before), shown_something(after)),
        changes=tuple(changes),
    )
