"""A project and a person who go together, to change one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from matching.aspects import View
from matching.codes import Band, Category, Evidence, Reach, Site, Skill, Status
from matching.projects import Project, Seeker

TODAY = date(2026, 11, 22)
NIGHT = View.on(TODAY, is_push=True)
CHAT = View.on(TODAY)
PROJECT = Project(
    id="p1",
    title="庭院养鸡",
    category=Category.FARMING,
    county="420581",
    towns=("420581001",),
    source_dept="农业农村局",
    min_capital_yuan=8_000,
    max_capital_yuan=30_000,
    site_need=Site.HOME,
    skills_any=frozenset([Skill.LIVESTOCK]),
    risk_line="鸡病一来可能亏本。",
    slots=5,
    status=Status.PUBLISHED,
    published_on=TODAY - timedelta(40),
    verified_on=TODAY - timedelta(40),
    expires_on=TODAY + timedelta(40),
    evidence=Evidence.EXPERT_REVIEWED,
)
SEEKER = Seeker(
    id="s1",
    county="420581",
    town="420581001",
    wants=frozenset([Category.FARMING]),
    skills=frozenset([Skill.LIVESTOCK]),
    band=Band.TO_50K,
    sites=frozenset([Site.HOME]),
    reach=Reach.AGREED,
)


def project(**changes: Any) -> Project:
    return replace(PROJECT, **changes)


def seeker(**changes: Any) -> Seeker:
    return replace(SEEKER, **changes)


def among(**changes: Any) -> View:
    """A night among other surroundings."""
    return replace(NIGHT, around=replace(NIGHT.around, **changes))
