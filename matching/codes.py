"""The codes that people, projects and rules share; the registration's are its own words."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """A line of business, as in question 6 of the registration."""

    FARMING = "farming"
    FOOD_PROCESSING = "food_processing"
    SHOP = "shop"
    ONLINE = "online"
    TOURISM = "tourism"
    SERVICES = "services"
    TRANSPORT = "transport"
    WORKSHOP = "workshop"
    OTHER = "other"


UNDECIDED = "undecided"  # the answer of who knows no line yet


class Skill(StrEnum):
    """What somebody can do, as in question 7."""

    COOK = "cook"
    ELECTRICIAN = "electrician"
    WELDER = "welder"
    BUILDER = "builder"
    SEWING = "sewing"
    MACHINES = "machines"
    DRIVER = "driver"
    LIVESTOCK = "livestock"
    CROPS = "crops"
    BEAUTY = "beauty"
    ONLINE = "online"
    LEAD = "lead"
    OTHER = "other"


class Lack(StrEnum):
    """What somebody is short of, as in question 8."""

    CAPITAL = "capital"
    PROJECT = "project"
    SKILL = "skill"
    SITE = "site"
    PEOPLE = "people"
    SALES = "sales"
    PAPERWORK = "paperwork"
    UNSURE = "unsure"


class Support(StrEnum):
    """What comes with a project; which lack it answers stands in tables/needs.toml."""

    LOAN = "loan"
    SUBSIDY = "subsidy"
    TRAINING = "training"
    SITE = "site"
    HANDS = "hands"
    BUYER = "buyer"
    PAPERWORK = "paperwork"


class Band(StrEnum):
    """How much own money somebody has, from an edge to an edge."""

    TO_10K = "to_10k"
    TO_50K = "to_50k"
    TO_200K = "to_200k"
    OVER_200K = "over_200k"

    @property
    def least(self) -> int:
        """In yuan."""
        return _EDGES[self][0]

    @property
    def most(self) -> int | None:
        """In yuan; None where there is no edge."""
        return _EDGES[self][1]

    @classmethod
    def of(cls, yuan: int) -> Band:
        """The band of a sum that somebody named; a sum on an edge is in the lower band."""
        return next(band for band in cls if band.most is None or yuan <= band.most)


_EDGES: dict[Band, tuple[int, int | None]] = {
    Band.TO_10K: (0, 10_000),
    Band.TO_50K: (10_000, 50_000),
    Band.TO_200K: (50_000, 200_000),
    Band.OVER_200K: (200_000, None),
}


class Site(StrEnum):
    """A place to work in; a project that needs none says NONE."""

    NONE = "none"
    HOME = "home"
    SHOP = "shop"
    LAND = "land"
    WORKSHOP = "workshop"


class Evidence(StrEnum):
    """Who vouches for a project."""

    EXPERT_REVIEWED = "expert_reviewed"
    DEPT_SUPPLIED = "dept_supplied"
    UNVERIFIED = "unverified"


class Status(StrEnum):
    """Where a project stands on its way; only PUBLISHED is shown."""

    DRAFT = "draft"
    CHECKED = "checked"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"


class Reach(StrEnum):
    """Whether somebody may be written to unasked, and if not, why."""

    AGREED = "agreed"
    NO_CONSENT = "no_consent"
    STOPPED = "stopped"
    NOT_RETURNING = "not_returning"
    DECEASED = "deceased"


class Bar(StrEnum):
    """A hard constraint: a project that fails one is not shown."""

    NOT_CURRENT = "H1"
    OTHER_COUNTY = "H2"
    TOO_DEAR = "H3"
    NO_CERTIFICATE = "H4"
    NO_SITE = "H5"
    BANNED_THERE = "H6"
    REFUSED = "H7"
    FULL = "H8"
    NOT_TO_BE_WRITTEN_TO = "H9"
    UNVERIFIED = "H10"


class Term(StrEnum):
    """A part of the score; the weights file names them."""

    INTEREST = "interest"
    SKILL = "skill"
    CAPITAL = "capital"
    EXPERIENCE = "experience"
    LACK = "lack"
    PLACE = "place"
    THEME = "theme"


class Mark(StrEnum):
    """What must be said along with a project that is shown although something is open."""

    COUNT_YOUR_MONEY = "count_your_money"  # H3 with the money not known: 本钱要另算
    FIND_A_SITE = "find_a_site"  # H5: 要先找场地
    RENT_A_SITE = "rent_a_site"  # H5 by a listed vacancy
    TRAIN_FIRST = "train_first"  # H4 by training: 要先培训拿证
    BORROW = "borrow"  # only with the loan that the person accepts
