"""What the place-holders of a wording stand for, person by person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from knowledge import villages
from knowledge.areas import Gazetteer
from records import addressed, assignments, places
from records.assignments import Help
from records.campaigns import Campaign
from records.database import Session
from records.vault import Vault

Values = Mapping[str, str]


def of_people(
    session: Session,
    vault: Vault,
    areas: Gazetteer,
    campaign: Campaign,
    ids: Sequence[str],
    office: str = "",
) -> dict[str, Values]:
    """For each of these people what is known; "" what is not."""
    known = addressed.named(session, vault, ids)
    names = _towns(session, {one.town for one in known.values() if one.town})
    helped = assignments.of_people(session, ids)
    county = county_of(areas, campaign)
    return {
        each: {
            "称呼": one.nickname if (one := known.get(each)) else "",
            "县": _area(areas, one.area if one else "") or county,
            "镇": names.get(one.town, "") if one else "",
            "专员": next(
                (by.helper for by in helped.get(each, ()) if by.help is Help.COMMISSIONER), ""
            ),
            "单位": office,
        }
        for each in ids
    }


def of_nobody(areas: Gazetteer, campaign: Campaign, office: str = "") -> Values:
    """What is known of somebody of whom nothing is known."""
    return {"县": county_of(areas, campaign), "单位": office}


def county_of(areas: Gazetteer, campaign: Campaign) -> str:
    """The place of a campaign as people call it."""
    return _area(areas, campaign.area) or "县里"


def _towns(session: Session, ids: Collection[str]) -> dict[str, str]:
    """What towns are called: as lists that were brought have it, else as the shipped ones."""
    shipped = {each: found.name for each in ids if (found := villages.shipped(each))}
    return shipped | {row.id: str(row.name) for row in places.by_ids(session, ids)}


def _area(areas: Gazetteer, code: str) -> str:
    found = areas.area(code) if code else None
    return found.short if found else ""
