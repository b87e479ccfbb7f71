"""Made-up people and projects of one county, to be graded by people and ranked by rules."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from matching.codes import Category, Evidence, Reach, Site, Skill, Status, Support
from matching.profiles import seeker_of
from matching.projects import Certificate, Project, Seeker
from matching.weights import shipped

DAY = date(2026, 11, 22)
NEIGHBOURS = {"1": frozenset("2"), "2": frozenset("3"), "3": frozenset("4")}  # of the towns
_COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Cases:
    """Who is graded against what; `towns` are what the towns are called."""

    people: tuple[Seeker, ...]
    projects: tuple[Project, ...]
    towns: Mapping[str, str]


@cache
def for_clerks() -> Cases:
    """The sixty people and twelve projects that clerks grade."""
    table = tomllib.loads(shipped("cases.toml"))
    people = tuple(seeker(row["id"], row) for row in table["person"])
    return Cases(people, projects(table["project"]), table["towns"])


def projects(rows: list[dict[str, Any]]) -> tuple[Project, ...]:
    """The projects of a file, the last verified not the first by its place."""
    return tuple(_project(number, row) for number, row in enumerate(rows))


def _project(number: int, row: Mapping[str, Any]) -> Project:
    day = DAY - timedelta(7 * number % 60)
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
        expires_on=DAY + timedelta(365),
        evidence=Evidence.EXPERT_REVIEWED,
    )


def seeker(name: str, row: Mapping[str, Any]) -> Seeker:
    """A person of a file."""
    return seeker_of(
        row["codes"],
        id=name,
        county=_COUNTY,
        town=row.get("town", ""),
        reach=Reach.AGREED,
        refused=frozenset(map(Category, row.get("refused", ()))),
    )
