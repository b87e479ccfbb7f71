"""The projects of one person: the best that may be shown, or what to do where there are none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from matching.asking import question_for
from matching.aspects import View, is_current
from matching.codes import Evidence, Site
from matching.picking import NONE, TOP, Picker, is_narrow, turn, unseen
from matching.projects import Match, Project, Seeker
from matching.reasons import explain
from matching.stock import Stock, Sums, Tables

TRIED = 200  # projects on which the answers to a question are tried out


class Basis(StrEnum):
    """What a list was made from."""

    DATA = "data"  # what the person told
    FIRST_LOOK = "first_look"  # hardly anything is known: easy projects of different lines
    SAME_FOR_ALL = "same_for_all"  # the person wants no use made of what is known


@dataclass(frozen=True, slots=True)
class Ranking:
    """Matches, best first; the one field to ask for next, if any; or a person to talk to."""

    basis: Basis
    matches: tuple[Match, ...]
    question: str | None = None
    offer_person: bool = False


def rank(
    seeker: Seeker,
    stock: Stock,
    view: View,
    *,
    count: int = TOP,
    but: Collection[str] = frozenset(),
) -> Ranking:
    """What to show somebody who asks, or, with `view.is_push`, to write to them unasked.

    A push is made of matches or is nothing: no first look, no question, and nothing to who
    wants no use made of what is known. `but` are the ids of projects that are left out.
    """
    if not seeker.is_personal:
        same = same_for_all(
            seeker.county, stock, view, count=0 if view.is_push else count, but=but
        )
        return Ranking(Basis.SAME_FOR_ALL, same)
    if not stock.projects:
        question = None if view.is_push else question_for(seeker, stock, view)
        return Ranking(Basis.DATA, (), question, not view.is_push and question is None)
    sums = _sums(seeker, stock, view)
    sums.leave_out([stock.numbers[one] for one in but if one in stock.numbers])
    found = _picked(seeker, stock, view, sums, count)
    if found or view.is_push:
        return Ranking(Basis.DATA, _explained(seeker, found, view))
    question = question_for(seeker, _likeliest(stock, sums, but), view)
    first = _easy(seeker, stock, view, sums) if _is_cold(seeker) else ()
    return Ranking(
        Basis.FIRST_LOOK if first else Basis.DATA,
        _explained(seeker, first, view),
        question,
        offer_person=question is None,
    )


def best(seeker: Seeker, stock: Stock, view: View, *, count: int = TOP) -> tuple[Project, ...]:
    """The projects that may be shown, in their order."""
    if not stock.projects:
        return ()
    return _picked(seeker, stock, view, _sums(seeker, stock, view), count)


def _sums(seeker: Seeker, stock: Stock, view: View) -> Sums:
    return Tables(stock, [seeker], view).sums(np.zeros(1, np.intp))


def _picked(
    seeker: Seeker, stock: Stock, view: View, sums: Sums, count: int
) -> tuple[Project, ...]:
    allowed = sums.may_be_shown(view)
    if view.is_push:
        allowed &= unseen(stock, [seeker])
    picks = Picker(stock, view.rules).pick(
        sums.points,
        allowed,
        turns=np.array([turn(seeker.id, view.today)], np.uint32),
        narrow=np.array([is_narrow(seeker)]),
        count=count,
    )
    return tuple(stock.projects[n] for n in picks[0] if n != NONE)


def _likeliest(stock: Stock, sums: Sums, but: Collection[str]) -> Stock:
    """The projects that a question is tried out on: those that score best so far."""
    if len(stock.projects) <= TRIED and not but:
        return stock
    likeliest = [stock.projects[n] for n in np.argsort(-sums.points[0])[:TRIED]]
    return Stock([one for one in likeliest if one.id not in but])


def same_for_all(
    county: str,
    stock: Stock,
    view: View,
    *,
    count: int = TOP,
    but: Collection[str] = frozenset(),
) -> tuple[Match, ...]:
    """The county's newest verified projects: for any two of its people the same list."""
    kept = [p for p in stock.projects if p.id not in but and _is_for_all(p, county, view)]
    kept.sort(key=lambda project: (_newest_first(project), project.id))
    return tuple(
        Match(project=one, score=0, confidence=0, caution=one.risk_line) for one in kept[:count]
    )


def _is_for_all(project: Project, county: str, view: View) -> bool:
    places = project.towns or (county,)
    is_banned = (county, project.category) in view.around.bans or all(
        (place, project.category) in view.around.bans for place in places
    )
    is_sound = is_current(project, view) and project.evidence is not Evidence.UNVERIFIED
    return project.county == county and project.slots > 0 and is_sound and not is_banned


def _newest_first(project: Project) -> int:
    return -project.verified_on.toordinal() if project.verified_on else 0


def _easy(seeker: Seeker, stock: Stock, view: View, sums: Sums) -> tuple[Project, ...]:
    """Easy projects of different lines, taking turns: for who has told hardly anything."""
    is_open = sums.is_open[0]
    mine = np.uint32(turn(seeker.id, view.today))
    order = np.lexsort((stock.turns * mine, _hurdles(stock)))
    found: dict[int, int] = {}
    for n in order[is_open[order]]:
        found.setdefault(int(stock.lines[n]), int(n))
        if len(found) == TOP:
            break
    return tuple(stock.projects[n] for n in found.values())


def _hurdles(stock: Stock) -> NDArray[np.intp]:
    """How much stands before a start, roughly: papers, a site, more than small money."""
    return np.array([_hurdle(project) for project in stock.projects], np.intp)


def _hurdle(project: Project) -> int:
    return (
        bool(project.certificates_required)
        + (project.site_need not in (Site.NONE, Site.HOME))
        + (project.min_capital_yuan > 10_000)
        + (project.min_capital_yuan > 50_000)
    )


def _is_cold(seeker: Seeker) -> bool:
    told = (seeker.wants, seeker.skills, seeker.band, seeker.trades, seeker.lacks)
    return bool(seeker.county) and all(one is None for one in told)


def _explained(seeker: Seeker, projects: Sequence[Project], view: View) -> tuple[Match, ...]:
    return tuple(explain(seeker, project, view) for project in projects)
