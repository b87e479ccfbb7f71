"""The same decisions by a plain loop, and by long columns as a dataframe would hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from matching.aspects import View, room_left
from matching.codes import Category
from matching.judging import judge
from matching.nightly import order
from matching.picking import TOP, is_narrow, turn
from matching.projects import Project, Seeker
from matching.stock import spin
from matching.weights import HUNDREDTHS, WHOLE, Rules


def by_plain_loop(
    seekers: Sequence[Seeker], projects: Sequence[Project], view: View
) -> list[tuple[str, ...]]:
    """The ids that each person gets, person by person, project by project."""
    shown = Counter({one.id: view.rules.cap(one.slots) - room_left(one, view) for one in projects})
    found: list[tuple[str, ...]] = [()] * len(seekers)
    for number in order(seekers, view):
        seeker = seekers[number]
        if seeker.is_personal and seeker.county:
            now = replace(view, around=replace(view.around, shown=shown))
            found[number] = first_of(seeker, projects, now)
            shown.update(found[number])
    return found


def first_of(
    seeker: Seeker, projects: Sequence[Project], view: View, count: int = TOP
) -> tuple[str, ...]:
    """The best for one person, picked one after the other."""
    return picked(seeker, dict(_shown(seeker, projects, view)), view, count)


def picked(
    seeker: Seeker, worth: dict[Project, int], view: View, count: int = TOP
) -> tuple[str, ...]:
    """The best of projects with these scores (in WHOLE), picked one after the other."""
    taken: list[Project] = []
    while worth and len(taken) < count:
        best = _next(seeker, worth, taken, view)
        taken.append(best)
        del worth[best]
    return tuple(project.id for project in taken)


def _shown(seeker: Seeker, projects: Sequence[Project], view: View) -> list[tuple[Project, int]]:
    kept = []
    for project in projects:
        if project.county != seeker.county and not seeker.accepts_other_county:
            continue
        if view.is_push and project.id in seeker.seen:
            continue
        found = judge(seeker, project, view)
        if found.may_be_shown(view.rules):
            kept.append((project, found.points))
    return kept


def _next(seeker: Seeker, worth: dict[Project, int], taken: list[Project], view: View) -> Project:
    rules, left = view.rules, worth
    lines = {project.category for project in taken}
    others = {one: points for one, points in worth.items() if one.category not in lines}
    if len(taken) == TOP - 1 and len(lines) == 1 and others and not is_narrow(seeker):
        left = others
    marginal = {
        one: rules.variety * points - _likeness(one.category, taken, rules, seeker)
        for one, points in left.items()
    }
    tied = max(marginal.values()) - rules.variety * rules.near_tie
    mine = turn(seeker.id, view.today)
    return min(
        (one for one in marginal if marginal[one] >= tied),
        key=lambda one: spin(one.id) * mine % 2**32,
    )


def _likeness(line: Category, taken: list[Project], rules: Rules, seeker: Seeker) -> int:
    if is_narrow(seeker):
        return 0
    most = max((rules.likeness(line, one.category) for one in taken), default=0)
    return most * (HUNDREDTHS - rules.variety) * WHOLE // HUNDREDTHS
