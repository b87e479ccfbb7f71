"""A made-up city to rank in: counties, towns, projects and people, the same each time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

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

TODAY = date(2026, 11, 22)
TOWNS = 12  # in a county
_Code = TypeVar("_Code")
_LINES = [line for line in Category if line is not Category.OTHER]
_SKILLS = [skill for skill in Skill if skill is not Skill.OTHER]
_SITES = [site for site in Site if site is not Site.NONE]
# What helps in which line, so that people and projects go together as they do in life.
_USEFUL = {
    Category.FARMING: (Skill.CROPS, Skill.LIVESTOCK, Skill.MACHINES),
    Category.FOOD_PROCESSING: (Skill.COOK, Skill.MACHINES, Skill.LEAD),
    Category.SHOP: (Skill.COOK, Skill.BEAUTY, Skill.LEAD),
    Category.ONLINE: (Skill.ONLINE, Skill.LEAD, Skill.CROPS),
    Category.TOURISM: (Skill.COOK, Skill.LEAD, Skill.CROPS),
    Category.SERVICES: (Skill.ELECTRICIAN, Skill.BUILDER, Skill.MACHINES),
    Category.TRANSPORT: (Skill.DRIVER, Skill.LEAD, Skill.MACHINES),
    Category.WORKSHOP: (Skill.SEWING, Skill.WELDER, Skill.LEAD),
}
_PAPERS = [
    Certificate("健康证"),
    Certificate("电工", 3),
    Certificate("焊工", 4),
    Certificate("货运"),
]
_LEAST = [0, 3_000, 5_000, 10_000, 10_001, 20_000, 30_000, 50_000, 80_000, 150_000, 300_000]


def county(number: int) -> str:
    """The code of a county."""
    return f"99{number:02}00"


def town(of: int, number: int) -> str:
    """The code of a town in a county; numbers go round."""
    return f"99{of:02}{number % TOWNS + 1:02}"


def projects(count: int, counties: int, seed: int = 1) -> list[Project]:
    """So many projects over so many counties; one of ten may not be shown."""
    draw = random.Random(seed)
    return [_project(number, counties, draw) for number in range(count)]


def _project(number: int, counties: int, draw: random.Random) -> Project:
    line, home = draw.choice(_LINES), draw.randrange(counties)
    useful, day = _USEFUL[line], TODAY - timedelta(draw.randint(0, 175))
    towns = draw.sample(range(TOWNS), draw.choice([0, 1, 1, 2, 3]))
    is_sound = draw.random() < 0.9
    return Project(
        id=f"project{number:05}",
        title=f"项目{number}",
        category=line,
        county=county(home),
        towns=tuple(town(home, one) for one in sorted(towns)),
        source_dept="农业农村局",
        min_capital_yuan=draw.choice(_LEAST),
        site_need=draw.choice([Site.NONE, Site.NONE, *_SITES]),
        skills_any=frozenset(draw.sample(useful, draw.choice([0, 1, 2, 3]))),
        skills_required=frozenset(useful[:1] if draw.random() < 0.2 else ()),
        certificates_required=frozenset([draw.choice(_PAPERS)] if draw.random() < 0.15 else ()),
        training_available=draw.random() < 0.4,
        offers=frozenset(draw.sample(list(Support), draw.randint(0, 3))),
        risk_line="行情有高有低，先小着干。",
        slots=draw.randint(1, 12),
        status=Status.PUBLISHED if is_sound else draw.choice(list(Status)),
        published_on=day,
        verified_on=day if is_sound else day - timedelta(draw.randint(0, 20)),
        expires_on=TODAY + timedelta(draw.randint(0, 300) if is_sound else draw.randint(-5, 5)),
        evidence=draw.choice([Evidence.EXPERT_REVIEWED] * 5 + [Evidence.DEPT_SUPPLIED] * 4
                             + [Evidence.UNVERIFIED]),
        theme_tags=frozenset(["green"] if draw.random() < 0.3 else ()),
    )  # fmt: skip


def seekers(count: int, counties: int, seed: int = 2, elsewhere: float = 0.2) -> list[Seeker]:
    """So many people; nobody tells everything, and `elsewhere` would go to another county."""
    draw = random.Random(seed)
    return [_seeker(number, counties, elsewhere, draw) for number in range(count)]


def _seeker(number: int, counties: int, elsewhere: float, draw: random.Random) -> Seeker:
    home = draw.randrange(counties)
    wants = _some(draw, 0.8, _LINES, most=2)
    likely = [skill for line in sorted(wants or _LINES) for skill in _USEFUL[line]]
    return Seeker(
        id=f"person{number:07}",
        county=county(home),
        town=town(home, draw.randrange(TOWNS)) if draw.random() < 0.85 else "",
        wants=wants,
        skills=_some(draw, 0.75, likely if draw.random() < 0.6 else _SKILLS, most=3),
        lacks=_some(draw, 0.7, list(Lack), most=2),
        band=draw.choice(list(Band)) if draw.random() < 0.4 else None,
        accepts_loan=draw.random() < 0.15,
        trades=_trades(draw) if draw.random() < 0.4 else None,
        sites=_some(draw, 0.3, _SITES, most=2),
        certificates=_some(draw, 0.25, _PAPERS, most=1),
        refused=frozenset(draw.sample(_LINES, 1) if draw.random() < 0.05 else ()),
        accepts_other_county=draw.random() < elsewhere,
        is_personal=draw.random() < 0.98,
        reach=Reach.AGREED if draw.random() < 0.85 else draw.choice(list(Reach)),
    )


def _some(
    draw: random.Random, told: float, codes: Sequence[_Code], most: int
) -> frozenset[_Code] | None:
    if draw.random() > told:
        return None
    return frozenset(draw.choice(codes) for _ in range(draw.randint(0, most)))


def _trades(draw: random.Random) -> frozenset[Trade]:
    return frozenset([Trade(draw.choice(_LINES), draw.randint(0, 20))])


def surroundings(counties: int, seed: int = 3) -> Surroundings:
    """Towns in a ring, some vacancies, some bans, some towns full of a line."""
    draw = random.Random(seed)
    towns = [(home, number) for home in range(counties) for number in range(TOWNS)]
    pairs = [(town(*one), line) for one in towns for line in _LINES]
    return Surroundings(
        neighbours={
            town(home, n): frozenset([town(home, n - 1), town(home, n + 1)]) for home, n in towns
        },
        vacancies=frozenset(
            (county(n), site) for n in range(counties) for site in _SITES if draw.random() < 0.4
        ),
        bans=frozenset(pair for pair in pairs if draw.random() < 0.02),
        entities={pair: draw.randint(0, 30) for pair in pairs},
        limits={pair: draw.choice([10, 20, 40]) for pair in pairs},
        themes={county(n): frozenset(["green"]) for n in range(0, counties, 2)},
    )


def night(counties: int) -> View:
    """The view of a nightly push over such a city."""
    return View.on(TODAY, around=surroundings(counties), is_push=True)
