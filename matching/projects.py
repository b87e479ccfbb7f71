"""A project, what a ranking may see of a person, and what it says of the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matching.codes import (
    Band,
    Bar,
    Category,
    Evidence,
    Lack,
    Mark,
    Reach,
    Site,
    Skill,
    Status,
    Support,
    Term,
)
from matching.weights import themes


@dataclass(frozen=True, slots=True)
class Certificate:
    """A paper of a trade; levels 1 初级 to 5 高级技师, 0 where it has none. A higher one serves.

    `until` is its last day, None where it does not end.
    """

    kind: str
    level: int = 0
    until: date | None = None

    def serves(self, required: Certificate, today: date) -> bool:
        """Whether it is of the kind, high enough, and still valid today."""
        is_valid = self.until is None or today <= self.until
        return is_valid and self.kind == required.kind and self.level >= required.level


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An offer of domain 6.2; money in yuan, days as dates, places as codes.

    No towns means the whole county. `support` are ids of policies, `offers` what they and the
    department come to. `expires_on` is the last day on which it is shown.
    """

    id: str
    title: str
    category: Category
    county: str
    towns: tuple[str, ...] = ()
    source_dept: str = ""
    contact_role: str = ""
    min_capital_yuan: int
    max_capital_yuan: int | None = None
    site_need: Site = Site.NONE
    land_mu: float | None = None
    skills_any: frozenset[Skill] = frozenset()
    skills_required: frozenset[Skill] = frozenset()
    certificates_required: frozenset[Certificate] = frozenset()
    training_available: bool = False
    is_full_time: bool = False
    people_needed: int | None = None
    payback_months: tuple[int, int] | None = None
    support: tuple[str, ...] = ()
    offers: frozenset[Support] = frozenset()
    risk_line: str
    failure_case: str = ""
    slots: int
    status: Status
    published_on: date | None
    verified_on: date | None
    expires_on: date
    evidence: Evidence
    theme_tags: frozenset[str] = frozenset()

    @property
    def all_offers(self) -> frozenset[Support]:
        """What comes with it, the training among it."""
        return self.offers | ({Support.TRAINING} if self.training_available else set())


@dataclass(frozen=True, slots=True)
class Trade:
    """How many years somebody has worked in a line of business."""

    category: Category
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeker:
    """All that a ranking may see of a person: what is not here cannot move a rank.

    None is "not told"; an empty set is "none". `unsaid` are questions that the person would
    rather not answer: they are not put again. `refused` are the lines of H7, `seen` the ids of
    projects that were pushed lately and are not pushed again. Never to be added: gender, age,
    ethnicity, disability, schooling, anything about credit or health.
    """

    id: str
    county: str = ""
    town: str = ""
    wants: frozenset[Category] | None = None  # empty: 没想好
    skills: frozenset[Skill] | None = None
    lacks: frozenset[Lack] | None = None
    band: Band | None = None
    accepts_loan: bool = False
    trades: frozenset[Trade] | None = None
    sites: frozenset[Site] | None = None
    certificates: frozenset[Certificate] | None = None
    refused: frozenset[Category] = frozenset()
    accepts_other_county: bool = False
    is_personal: bool = True
    reach: Reach = Reach.NO_CONSENT
    unsaid: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What else a ranking sees: the places, and how often each project was shown.

    `vacancies` are kinds of site listed in a county; `bans` are (place, line) as staff recorded
    them, a place being a town or a county; `entities` and `limits` count what runs of a line in
    a town and how much of it staff think enough; `shown` counts the people, other than the one
    who asks, to whom a project was shown in the last 30 days.
    """

    neighbours: Mapping[str, frozenset[str]] = field(default_factory=dict)
    vacancies: frozenset[tuple[str, Site]] = frozenset()
    bans: frozenset[tuple[str, Category]] = frozenset()
    entities: Mapping[tuple[str, Category], int] = field(default_factory=dict)
    limits: Mapping[tuple[str, Category], int] = field(default_factory=dict)
    themes: Mapping[str, frozenset[str]] = field(default_factory=themes)
    shown: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """What one term adds to the score: weight × share; a share of None is not known (0.5)."""

    term: Term
    share: float | None
    points: float


@dataclass(frozen=True, slots=True)
class Reason:
    """A true reason: the sentence, the field that caused it, and the values found there.

    The field is the person's ("seeker.skills"), or of the project ("project.theme_tags").
    """

    term: Term
    field: str
    values: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A project for a person: how well it fits (0 to 1), how surely, and why.

    `reasons` are at most two, `caution` is one sentence; `marks` are the codes of what is open.
    """

    project: Project
    score: float
    confidence: float
    parts: tuple[Part, ...] = ()
    penalty: float = 0.0
    reasons: tuple[Reason, ...] = ()
    caution: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a project is not shown to a person: the constraints that it fails."""

    project: Project
    bars: tuple[Bar, ...]
