"""A project in the words of the list that it is entered by, and what differs of two versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from matching.words import yuan
from records.projects import ProjectRow, ProjectState
from registry.offers import Offer, offer_of
from registry.projects_rows import file

STATES = {
    ProjectState.DRAFT: ("草稿", "warn"),
    ProjectState.CHECKED: ("审过了", "info"),
    ProjectState.PUBLISHED: ("已发布", "good"),
    ProjectState.PAUSED: ("停了", "plain"),
    ProjectState.CLOSED: ("结束了", "plain"),
}
ACTS = {
    "entered": "录入",
    "edited": "修改",
    "checked": "审过",
    "sent_back": "退回",
    "published": "发布",
    "verified": "核实",
    "paused": "停下",
    "closed": "结束",
}
CHOICES = ("kind", "category", "site_need", "training", "hours")  # one of a list
OWNER = ("owner_name", "owner_phone")
FIXED = ("kind", "county", *OWNER)  # cannot be edited
LEVELS = {1: "初级", 2: "中级", 3: "高级", 4: "技师", 5: "高级技师"}


def choices(key: str) -> list[tuple[str, str]]:
    """The words of a column, the first of each code."""
    return [(word, word) for word in _first(key).values()]


@cache
def _first(key: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for word, code in file().words[key].items():
        found.setdefault(code, word)
    return found


def written(row: ProjectRow) -> dict[str, str]:
    """What a list would say of it, by column."""
    return told(offer_of(row))


def told(offer: Offer) -> dict[str, str]:
    """The same of an offer; "" where nothing is said."""
    return {
        "kind": _first("kind")[offer.kind.value],
        "title": offer.title,
        "category": _first("category")[offer.category.value],
        "town": offer.place,
        "source_dept": offer.source_dept,
        "contact_role": offer.contact_role,
        "about": offer.about,
        "capital": _money(offer),
        "site_need": _first("site_need").get(offer.site_need.value, ""),
        "land_mu": _number(offer.land_mu),
        "skills_any": _several("skills_any", offer.skills_any),
        "skills_required": _several("skills_required", offer.skills_required),
        "certificates": "、".join(_certificate(*one) for one in offer.certificates_required),
        "training": _first("training").get("yes" if offer.training_available else "no", ""),
        "hours": _first("hours").get("full" if offer.is_full_time else "flexible", ""),
        "people_needed": _number(offer.people_needed),
        "payback": "—".join(dict.fromkeys(map(str, offer.payback_months or ()))),
        "support": "、".join(offer.support),
        "offers": _several("offers", offer.offers),
        "risk_line": offer.risk_line,
        "failure_case": offer.failure_case,
        "partner": offer.partner,
        "theme_tags": "、".join(offer.theme_tags),
        "slots": str(offer.slots),
        "expires_on": offer.expires_on.isoformat() if offer.expires_on else "",
    }


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The headings under which two versions differ, with both texts."""
    before, after = _of_snapshot(old), _of_snapshot(new)
    return [
        (file().heading(key), before[key], after[key])
        for key in before
        if before[key] != after[key]
    ]


def _of_snapshot(snapshot: Mapping[str, Any]) -> dict[str, str]:
    row = ProjectRow(
        **{**snapshot, "key": "", "sealed": b"", "entered_by": "", "expires_on": None}
    )
    return told(offer_of(row)) | {"expires_on": str(snapshot.get("expires_on", ""))}


def _money(offer: Offer) -> str:
    least, most = offer.min_capital_yuan, offer.max_capital_yuan
    if most is None or most == least:
        return yuan(least)
    return f"{yuan(least)}—{yuan(most)}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _several(key: str, codes: Sequence[str]) -> str:
    return "、".join(_first(key).get(code, code) for code in codes)


def _certificate(kind: str, level: int) -> str:
    return f"{LEVELS.get(level, '')}{kind}"
