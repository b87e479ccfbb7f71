"""What a ranking looks at: stored projects, vacant places and rules of staff as values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from knowledge import villages
from matching.aspects import View
from matching.codes import Category, Evidence, Site, Skill, Status, Support
from matching.projects import Certificate, Project, Surroundings
from matching.weights import our_rules
from outreach.calendars import CHINA
from records import project_people, sites
from records.database import Session
from records.project_lists import Listed
from records.projects import ProjectRow
from records.sites import LineRule, SiteRow
from registry.offers import offer_of

_ENDLESS = date(9999, 12, 31)
_EXPOSURE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Where:
    """The counties that some projects are of, and the towns that they name."""

    counties: frozenset[str]
    towns: frozenset[str]

    @classmethod
    def of(cls, projects: Iterable[Project]) -> Where:
        """Those of these projects."""
        pairs = [(one.county, one.towns) for one in projects]
        towns = frozenset(town for _, named in pairs for town in named)
        return cls(frozenset(county for county, _ in pairs), towns)


def project_of(row: ProjectRow | Listed) -> Project:
    """A stored project as a ranking sees it."""
    offer = offer_of(row)
    return Project(
        id=str(row.number),
        title=row.title,
        category=offer.category,
        county=row.county,
        towns=offer.towns,
        source_dept=row.source_dept,
        contact_role=offer.contact_role,
        min_capital_yuan=offer.min_capital_yuan,
        max_capital_yuan=offer.max_capital_yuan,
        site_need=offer.site_need,
        land_mu=offer.land_mu,
        skills_any=frozenset(map(Skill, offer.skills_any)),
        skills_required=frozenset(map(Skill, offer.skills_required)),
        certificates_required=frozenset(Certificate(*c) for c in offer.certificates_required),
        training_available=offer.training_available,
        is_full_time=offer.is_full_time,
        people_needed=offer.people_needed,
        payback_months=offer.payback_months,
        support=offer.support,
        offers=frozenset(map(Support, offer.offers)),
        risk_line=offer.risk_line,
        failure_case=offer.failure_case,
        slots=row.slots,
        status=Status(row.state),
        published_on=row.published_on,
        verified_on=row.verified_on,
        expires_on=row.expires_on or _ENDLESS,
        evidence=Evidence(row.evidence),
        theme_tags=frozenset(offer.theme_tags),
    )


def view(
    session: Session,
    where: Where,
    now: datetime,
    *,
    people: Collection[str] = (),
    is_push: bool = False,
) -> View:
    """With what eyes the projects of these places are looked at today; `people` is who asks.

    For who asks, only the projects are counted that were shown so often that they may be full.
    """
    rules, lines = our_rules(), sites.rules(session)
    towns = where.towns | {line.place for line in lines}
    running = sites.running(session, towns) if lines else {}
    around = Surroundings(
        neighbours={},
        vacancies=vacancies(sites.within(session, where.counties)),
        bans=frozenset((r.place, Category(r.category)) for r in lines if r.most == 0),
        entities={(town, Category(t)): n for (town, t), n in running.items() if t in _LINES},
        limits=_limits(lines),
        shown=project_people.exposure(
            session,
            now - _EXPOSURE,
            but=people,
            counties=None if is_push else where.counties,
            least=1 if is_push else rules.limits["exposure_least"],
        ),
    )
    return View(today=now.astimezone(CHINA).date(), around=around, rules=rules, is_push=is_push)


_LINES = frozenset(Category)


def vacancies(rows: Iterable[SiteRow]) -> frozenset[tuple[str, Site]]:
    """The kinds of place that are free in each county; where nobody counted, it may be."""
    return frozenset((r.county, Site(r.fits)) for r in rows if r.vacancy is None or r.vacancy)


def town_name(town: str) -> str:
    """What a town is called; "" where no list knows it."""
    place = villages.shipped(town)
    return place.name if place else ""


def _limits(rules: Sequence[LineRule]) -> dict[tuple[str, Category], int]:
    return {(r.place, Category(r.category)): r.most for r in rules if r.most}
