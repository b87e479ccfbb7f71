"""Random people, projects and places that a ranking can meet, dense around its borders."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from matching.aspects import View
from matching.codes import (
    Band,
    Category,
    Evidence,
    Lack,
    Reach,
    Site,
    Skill,
    Status,
    Support,
)
from matching.projects import Certificate, Project, Seeker, Surroundings, Trade
from matching.weights import our_rules

TODAY = date(2026, 11, 22)
COUNTIES = ["A", "B"]
TOWNS = ["A1", "A2", "A3", "B1"]
lines = st.sampled_from(Category)
papers = st.builds(
    Certificate,
    st.sampled_from(["电工", "健康证"]),
    st.integers(0, 5),
    st.none() | st.sampled_from([TODAY - timedelta(1), TODAY]),
)
required = st.builds(Certificate, st.sampled_from(["电工", "健康证"]), st.integers(0, 5))
days = st.sampled_from([TODAY - timedelta(n) for n in (-1, 0, 1, 179, 180, 181)])
tags = st.frozensets(st.sampled_from(["绿色", "制造"]), max_size=2)


def _set(of: Any, most: int = 3) -> Any:
    return st.frozensets(of, max_size=most)


projects_drawn = st.builds(
    Project,
    id=st.text("abcdefgh", min_size=1, max_size=4),
    title=st.just("项目"),
    category=lines,
    county=st.sampled_from(["A", "A", "A", "B"]),
    towns=_set(st.sampled_from(TOWNS), 2).map(sorted).map(tuple),
    min_capital_yuan=st.sampled_from([0, 1, 10_000, 10_001, 50_000, 50_001, 200_001, 310_000]),
    site_need=st.sampled_from(Site),
    skills_any=_set(st.sampled_from(Skill)),
    skills_required=_set(st.sampled_from(Skill), 1),
    certificates_required=_set(required, 1),
    training_available=st.booleans(),
    offers=_set(st.sampled_from(Support)),
    risk_line=st.just("行情有高有低"),
    slots=st.sampled_from([0, 1, 5, 9]),
    status=st.sampled_from([Status.PUBLISHED] * 4 + [Status.DRAFT]),
    published_on=st.none() | st.just(TODAY - timedelta(30)) | days,
    verified_on=st.none() | st.just(TODAY - timedelta(30)) | days,
    expires_on=st.just(TODAY + timedelta(30)) | days,
    evidence=st.sampled_from(Evidence),
    theme_tags=tags,
)
stocks_drawn = st.lists(projects_drawn, min_size=1, max_size=14, unique_by=lambda p: p.id)
seekers_drawn = st.builds(
    Seeker,
    id=st.text("mnopqr", min_size=1, max_size=4),
    county=st.sampled_from(["A", "A", "A", "B", ""]),
    town=st.sampled_from(["", *TOWNS]),
    wants=st.none() | _set(lines, 2),
    skills=st.none() | _set(st.sampled_from(Skill)),
    lacks=st.none() | _set(st.sampled_from(Lack), 2),
    band=st.none() | st.sampled_from(Band),
    accepts_loan=st.booleans(),
    trades=st.none() | _set(st.builds(Trade, lines, st.integers(0, 7)), 2),
    sites=st.none() | _set(st.sampled_from(Site), 2),
    certificates=st.none() | _set(papers, 2),
    refused=_set(lines, 1),
    accepts_other_county=st.booleans(),
    is_personal=st.sampled_from([True, True, True, False]),
    reach=st.sampled_from([Reach.AGREED, Reach.AGREED, *Reach]),
    seen=_set(st.text("abcdefgh", min_size=1, max_size=4), 2),
)
people_drawn = st.lists(seekers_drawn, min_size=1, max_size=12, unique_by=lambda p: p.id)
_spots = st.tuples(st.sampled_from(TOWNS), lines)
surroundings_drawn = st.builds(
    Surroundings,
    neighbours=st.dictionaries(st.sampled_from(TOWNS), _set(st.sampled_from(TOWNS), 2)),
    vacancies=_set(st.tuples(st.sampled_from(COUNTIES), st.sampled_from(Site))),
    bans=_set(st.tuples(st.sampled_from(TOWNS + COUNTIES), lines)),
    entities=st.dictionaries(_spots, st.integers(0, 12)),
    limits=st.dictionaries(_spots, st.integers(0, 10)),
    themes=st.dictionaries(st.sampled_from(COUNTIES), tags),
    shown=st.dictionaries(st.text("abcdefgh", min_size=1, max_size=4), st.integers(0, 30)),
)
views_drawn = st.builds(
    View,
    today=st.just(TODAY),
    around=surroundings_drawn,
    rules=st.just(our_rules()),
    is_push=st.booleans(),
)


# What passes every constraint and speaks for itself, so that many have something to choose from.
good_projects = st.builds(
    Project,
    id=st.text("abcdefgh", min_size=1, max_size=6),
    title=st.just("项目"),
    category=lines,
    county=st.sampled_from(["A", "A", "B"]),
    towns=st.just(()) | st.just(("A1",)),
    min_capital_yuan=st.sampled_from([0, 5_000, 30_000]),
    skills_any=_set(st.sampled_from([Skill.COOK, Skill.LEAD]), 2),
    risk_line=st.just("行情有高有低"),
    slots=st.just(1),
    status=st.just(Status.PUBLISHED),
    published_on=st.just(TODAY),
    verified_on=st.just(TODAY),
    expires_on=st.just(TODAY),
    evidence=st.just(Evidence.EXPERT_REVIEWED),
)
good_stocks = st.lists(good_projects, min_size=1, max_size=14, unique_by=lambda p: p.id)
eager_seekers = st.builds(
    Seeker,
    id=st.text("mnopqrst", min_size=1, max_size=6),
    county=st.sampled_from(["A", "A", "B"]),
    town=st.sampled_from(["", "A1", "A2"]),
    wants=_set(lines, 2),
    skills=st.just(frozenset([Skill.COOK])) | _set(st.sampled_from(Skill)),
    band=st.none() | st.sampled_from([Band.TO_50K, Band.OVER_200K]),
    accepts_other_county=st.booleans(),
    reach=st.just(Reach.AGREED),
)
eager_people = st.lists(eager_seekers, min_size=1, max_size=20, unique_by=lambda p: p.id)
