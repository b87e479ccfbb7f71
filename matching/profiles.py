"""A person's coded answers as a ranking sees them: the fields named here, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from matching.codes import UNDECIDED, Band, Category, Lack, Reach, Site, Skill
from matching.projects import Certificate, Seeker, Trade
from matching.weights import Rules

_Code = TypeVar("_Code", bound=StrEnum)
UNSAID = "unsaid"  # the answer of who would rather not tell
_YES = "yes"
# Question D11: what is rented may be a shop or a workshop.
_SITES = {
    "home": {Site.HOME},
    "land": {Site.LAND},
    "shop": {Site.SHOP},
    "workshop": {Site.WORKSHOP},
    "rented": {Site.SHOP, Site.WORKSHOP},
    "none": set(),
}
_ASKED = (
    *("want_kind", "skills", "capital_band", "work_years_industry", "lacks"),
    *("land_site", "certificates", "home_village", "home_place"),
)


def seeker_of(
    codes: Mapping[str, Any],
    *,
    id: str,
    county: str,
    town: str = "",
    is_personal: bool = True,
    reach: Reach = Reach.NO_CONSENT,
    refused: frozenset[Category] = frozenset(),
    seen: frozenset[str] = frozenset(),
) -> Seeker:
    """The person of a registration, from the codes of its answers; words it does not know are
    passed over, and what was not answered stays not told.

    `capital_band` is the code of a Band, `work_years_industry` a list of [line, years],
    `certificates` a list of [kind, level, last day or ""], `accepts_loan` and `other_county` are
    "yes" or not.
    """
    return Seeker(
        id=id,
        county=county,
        town=town,
        wants=_wants(codes),
        skills=_codes(Skill, codes.get("skills")),
        lacks=_codes(Lack, codes.get("lacks")),
        band=_band(codes.get("capital_band")),
        accepts_loan=codes.get("accepts_loan") == _YES,
        trades=_trades(codes),
        sites=_sites(codes.get("land_site")),
        certificates=_certificates(codes.get("certificates")),
        refused=refused,
        accepts_other_county=codes.get("other_county") == _YES,
        is_personal=is_personal,
        reach=reach,
        unsaid=frozenset(name for name in _ASKED if codes.get(name) == UNSAID),
        seen=seen,
    )


def refused_lines(
    refusals: Iterable[tuple[Category, date]], today: date, rules: Rules
) -> frozenset[Category]:
    """The lines that somebody waved away twice within 180 days (H7)."""
    oldest = today - timedelta(rules.limits["refusal_days"])
    recent = [line for line, day in refusals if oldest <= day <= today]
    return frozenset(one for one in recent if recent.count(one) >= rules.limits["refusals"])


def lines_not_wanted(codes: Mapping[str, Any], today: date, rules: Rules) -> frozenset[Category]:
    """The lines that somebody said outright they do not want, within 180 days (H7)."""
    oldest, known = today - timedelta(rules.limits["refusal_days"]), _by_code(Category)
    return frozenset(
        known[line]
        for line, day in codes.get("not_kind", ())
        if line in known and oldest <= date.fromisoformat(day)
    )


@cache
def _by_code(kind: type[_Code]) -> Mapping[str, _Code]:
    """The members of a kind by their codes: quicker than asking the kind, for many people."""
    return {one.value: one for one in kind}


def _several(value: Any) -> list[Any] | None:
    """An answer as a list; None where there is none, or the person would rather not tell."""
    if value is None or value == UNSAID:
        return None
    return list(value) if isinstance(value, list | tuple) else [value]


def _codes(kind: type[_Code], value: Any) -> frozenset[_Code] | None:
    told, known = _several(value), _by_code(kind)
    return None if told is None else frozenset(known[one] for one in told if one in known)


def _wants(codes: Mapping[str, Any]) -> frozenset[Category] | None:
    wants = _codes(Category, codes.get("want_kind"))
    is_open = wants is not None and not wants and UNDECIDED not in codes["want_kind"]
    return None if is_open else wants


def _band(value: Any) -> Band | None:
    return _by_code(Band).get(value)


def _trades(codes: Mapping[str, Any]) -> frozenset[Trade] | None:
    """What they worked in, and the business that they run."""
    told = list(_several(codes.get("work_years_industry")) or ())
    if isinstance(codes.get("biz_months"), int):
        told.append((codes.get("biz_kind"), codes["biz_months"] // 12))
    lines = _by_code(Category)
    found = frozenset(Trade(lines[line], int(years)) for line, years in told if line in lines)
    is_told = found or _several(codes.get("work_years_industry")) is not None
    return found if is_told else None


def _sites(value: Any) -> frozenset[Site] | None:
    told = _several(value)
    if told is None:
        return None
    return frozenset(site for one in told for site in _SITES.get(one, ()))


def _certificates(value: Any) -> frozenset[Certificate] | None:
    told = _several(value)
    if told is None:
        return None
    return frozenset(
        Certificate(str(kind), int(level), date.fromisoformat(until) if until else None)
        for kind, level, until in told
    )
