"""A project, a demand or a search for people as it is entered, and what makes it complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from matching.codes import Category, Evidence, Site
from records.project_lists import Listed
from records.projects import Entered, ProjectKind, ProjectRow, Provenance
from registry.columns import bare

TITLE, DEPT, RISK, WORDS, ROLE = 18, 20, 30, 60, 20  # characters, so that a card fits a phone
_NO_TERMS = frozenset(
    {"kind", "title", "category", "county", "source_dept", "slots", "expires_on"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The fields of domain 6.2 that somebody enters, and `about`, what it is in a sentence.

    Money in yuan, towns as ids of places, `place` where it is in words, certificates as pairs of
    kind and level, `payback_months` from and to.
    """

    kind: ProjectKind
    title: str
    category: Category
    county: str
    source_dept: str = ""
    contact_role: str = ""
    about: str = ""
    towns: tuple[str, ...] = ()
    place: str = ""
    min_capital_yuan: int = 0
    max_capital_yuan: int | None = None
    site_need: Site = Site.NONE
    land_mu: float | None = None
    skills_any: tuple[str, ...] = ()
    skills_required: tuple[str, ...] = ()
    certificates_required: tuple[tuple[str, int], ...] = ()
    training_available: bool = False
    is_full_time: bool = False
    people_needed: int | None = None
    payback_months: tuple[int, int] | None = None
    support: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    risk_line: str = ""
    failure_case: str = ""
    partner: str = ""
    theme_tags: tuple[str, ...] = ()
    slots: int = 1
    expires_on: date | None = None

    @property
    def terms(self) -> dict[str, Any]:
        """What is kept together as JSON."""
        return {name: _plain(v) for name, v in asdict(self).items() if name not in _NO_TERMS}


@dataclass(frozen=True, slots=True)
class Owned:
    """An offer, whose it is and who brought it."""

    offer: Offer
    provenance: Provenance
    person_id: str = ""
    owner: Mapping[str, str] = field(default_factory=dict)

    def entered(self) -> Entered:
        """As it is stored."""
        offer, is_own = self.offer, self.provenance is Provenance.PERSON
        return Entered(
            kind=offer.kind,
            county=offer.county,
            title=offer.title,
            key=key(offer.title),
            category=offer.category.value,
            provenance=self.provenance,
            source_dept=offer.source_dept,
            terms=offer.terms,
            slots=offer.slots,
            evidence=(Evidence.UNVERIFIED if is_own else Evidence.DEPT_SUPPLIED).value,
            expires_on=offer.expires_on,
            person_id=self.person_id,
            owner=self.owner,
        )


def key(title: str) -> str:
    """A title as it is compared."""
    return bare(title)[:40]


def offer_of(row: ProjectRow | Listed) -> Offer:
    """The offer of a stored project."""
    terms = dict(row.terms)
    terms["site_need"] = Site(terms.get("site_need", Site.NONE))
    for name in ("towns", "skills_any", "skills_required", "support", "offers", "theme_tags"):
        terms[name] = tuple(terms.get(name, ()))
    pairs = terms.get("certificates_required", ())
    terms["certificates_required"] = tuple((str(kind), int(level)) for kind, level in pairs)
    payback = terms.get("payback_months")
    terms["payback_months"] = (int(payback[0]), int(payback[1])) if payback else None
    return Offer(
        kind=ProjectKind(row.kind),
        title=row.title,
        category=Category(row.category),
        county=row.county,
        source_dept=row.source_dept,
        slots=row.slots,
        expires_on=row.expires_on,
        **terms,
    )


def missing(offer: Offer, today: date) -> Iterator[str]:
    """What must be mended before it may be shown, a sentence each."""
    if not offer.title or len(offer.title) > TITLE:
        yield f"名称要写，最多{TITLE}个字"
    if not offer.county:
        yield "没写是哪个县"
    if not offer.source_dept or len(offer.source_dept) > DEPT:
        yield f"来源部门要写，最多{DEPT}个字"
    if offer.kind is ProjectKind.PROJECT and (not offer.risk_line or len(offer.risk_line) > RISK):
        yield f"要注意的风险必须写，最多{RISK}个字"
    if offer.max_capital_yuan is not None and offer.max_capital_yuan < offer.min_capital_yuan:
        yield "本钱最多比最少还少"
    if offer.slots < 1:
        yield "名额至少写1"
    if offer.expires_on is None or offer.expires_on < today:
        yield "有效期要写，不能是过去的日子"


def differences(old: Offer, new: Offer) -> list[str]:
    """The fields that two offers of one title say differently; what is new is no difference."""
    before, after = asdict(old), asdict(new)
    blank = asdict(Offer(kind=old.kind, title="", category=old.category, county=""))
    return [n for n in after if after[n] != before[n] and after[n] not in (blank[n], "", None)]


def _plain(value: Any) -> Any:
    return (
        [list(v) if isinstance(v, tuple) else v for v in value]
        if isinstance(value, tuple)
        else value
    )
