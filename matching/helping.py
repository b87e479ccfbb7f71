"""Who goes with whom beside projects: mentors for a person, and people for a project's owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from matching.aspects import View
from matching.codes import Category
from matching.judging import judge
from matching.picking import turn
from matching.projects import Project, Seeker
from matching.weights import neighbours

MOST_CASES = 10  # a mentor with so many takes no more, if nothing else was agreed
NAMES = 2  # for the person to choose from
COMMON_TONGUE = "普通话"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor:
    """Somebody who guides others in some lines (none: not told); `cases` are those open now."""

    id: str
    lines: frozenset[Category]
    county: str
    cases: int = 0
    most: int = MOST_CASES
    languages: frozenset[str] = frozenset([COMMON_TONGUE])


@dataclass(frozen=True, slots=True)
class Countryside:
    """Which counties lie beside which; read both ways."""

    near: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def are_near(self, one: str, other: str) -> bool:
        return other in self.near.get(one, ()) or one in self.near.get(other, ())


NOWHERE = Countryside()


def mentors_for(
    seeker: Seeker,
    mentors: Sequence[Mentor],
    today: date,
    *,
    counties: Countryside = NOWHERE,
    language: str = COMMON_TONGUE,
) -> tuple[Mentor, ...]:
    """Two mentors to choose from: of the line, the county or one beside it, with room, who speak
    the language. The own county and the very line come first, then who has fewest cases.
    """
    mine = turn(seeker.id, today)
    able = [
        mentor
        for mentor in mentors
        if mentor.cases < mentor.most
        and language in mentor.languages
        and (mentor.county == seeker.county or counties.are_near(mentor.county, seeker.county))
        and _nearness(seeker, mentor) is not None
    ]
    able.sort(
        key=lambda mentor: (
            _nearness(seeker, mentor),
            mentor.county != seeker.county,
            mentor.cases,
            turn(mentor.id, today) * mine % 2**32,
        )
    )
    return tuple(able[:NAMES])


def _nearness(seeker: Seeker, mentor: Mentor) -> int | None:
    """0 the very line, 1 one beside it, 2 where either side told none; None does not fit."""
    lines = (seeker.wants or frozenset()) | {trade.category for trade in seeker.trades or ()}
    if not lines or not mentor.lines:
        return 2
    if lines & mentor.lines:
        return 0
    is_near = any(neighbours()[line] & mentor.lines for line in lines)
    return 1 if is_near else None


def fitting_first(project: Project, seekers: Sequence[Seeker], view: View) -> list[Seeker]:
    """The people who are interested in a project, for its owner: whom it fits best come first,
    whom a constraint keeps from it last, equal ones in turns. Who wants no use made of what is
    known counts as not known. Whether an owner may see somebody at all is for consent to say.
    """
    judged = [(one, judge(_as_seen(one), project, view)) for one in seekers]
    judged.sort(
        key=lambda pair: (
            bool(pair[1].bars),
            -pair[1].points,
            turn(pair[0].id, view.today),
            pair[0].id,
        )
    )
    return [one for one, _ in judged]


def _as_seen(seeker: Seeker) -> Seeker:
    if seeker.is_personal:
        return seeker
    return Seeker(id=seeker.id, county=seeker.county, reach=seeker.reach)
