"""The one question that could change the first three most: what a person has not told yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.aspects import View
from matching.codes import Band, Category, Lack, Site, Skill
from matching.picking import NONE, Picker, is_narrow, turn
from matching.projects import Project, Seeker, Trade
from matching.stock import Stock, Tables

COUNTY = "home_place"
_YEARS = 5  # a full answer to «how long»
_MOST = 12  # towns or certificates tried out at most


def question_for(seeker: Seeker, stock: Stock, view: View) -> str | None:
    """The field whose answer is expected to change the first three most; None if none would.

    Every answer counts as equally likely. What the person would rather not say is left alone.
    """
    if not seeker.county:
        return None if COUNTY in seeker.unsaid else COUNTY
    if not stock.projects:
        return None
    changes = dict(_changes(seeker, stock, view))
    best = max(changes.values(), default=0)
    return next((field for field, change in changes.items() if change == best > 0), None)


def _changes(seeker: Seeker, stock: Stock, view: View) -> Iterator[tuple[str, float]]:
    """How many of the first three an answer brings in on average, question by question."""
    asked = {
        field: answers
        for field, answers in _answers(seeker, stock.projects).items()
        if answers and field not in seeker.unsaid
    }
    tried = [seeker, *(one for answers in asked.values() for one in answers)]
    firsts = [set(row[row != NONE]) for row in _first_three(tried, stock, view)]
    now, start = firsts[0], 1
    for field, answers in asked.items():
        after = firsts[start : start + len(answers)]
        start += len(answers)
        yield field, sum(len(first ^ now) for first in after) / len(answers)


def _first_three(seekers: Sequence[Seeker], stock: Stock, view: View) -> NDArray[np.intp]:
    """By score alone, shown or not: an answer counts before it is certain enough."""
    sums = Tables(stock, seekers, view).sums(np.arange(len(seekers)))
    mine = turn(seekers[0].id, view.today)
    return Picker(stock, view.rules).pick(
        sums.points,
        sums.is_open,
        turns=np.full(len(seekers), mine, np.uint32),
        narrow=np.array([is_narrow(one) for one in seekers]),
    )


def _answers(seeker: Seeker, projects: Sequence[Project]) -> dict[str, list[Seeker]]:
    """The person as they would be after each answer to what is not known; of equal worth first."""
    answers: dict[str, list[Seeker]] = {}
    if seeker.wants is None:
        lines = [one for one in Category if one is not Category.OTHER]
        answers["want_kind"] = [replace(seeker, wants=frozenset([one])) for one in lines]
    if seeker.skills is None:
        skills = [one for one in Skill if one is not Skill.OTHER]
        answers["skills"] = [replace(seeker, skills=frozenset([one])) for one in skills]
    if seeker.band is None:
        answers["capital_band"] = [replace(seeker, band=band) for band in Band]
    if seeker.trades is None:
        lines = [one for one in Category if one is not Category.OTHER]
        answers["work_years_industry"] = [_after_years(seeker, one) for one in lines]
    if seeker.lacks is None:
        answers["lacks"] = [replace(seeker, lacks=frozenset([one])) for one in Lack]
    return answers | _answers_of_place(seeker, projects)


def _answers_of_place(seeker: Seeker, projects: Sequence[Project]) -> dict[str, list[Seeker]]:
    answers: dict[str, list[Seeker]] = {}
    if seeker.sites is None:
        sites = [frozenset([site]) for site in Site if site is not Site.NONE]
        answers["land_site"] = [replace(seeker, sites=one) for one in [*sites, frozenset()]]
    if not seeker.town:
        towns = {town for p in projects if p.county == seeker.county for town in p.towns}
        answers["home_village"] = [replace(seeker, town=one) for one in sorted(towns)[:_MOST]]
    if seeker.certificates is None:
        wanted = {one for p in projects for one in p.certificates_required}
        kinds = sorted(wanted, key=lambda one: (one.kind, one.level))
        answers["certificates"] = [
            replace(seeker, certificates=frozenset([one])) for one in kinds[:_MOST]
        ]
    return answers


def _after_years(seeker: Seeker, line: Category) -> Seeker:
    return replace(seeker, trades=frozenset([Trade(line, _YEARS)]))
