"""Drafts the new projects of a month, and the story of a week, for the staff of each county."""

from __future__ import annotations

import asyncio
from datetime import datetime

from outreach.campaigns import materials
from outreach.campaigns.materials import Place
from outreach.cases import cards
from records import staff_accounts
from records.database import Session
from records.scope import is_local
from records.staff_accounts import StaffRole
from scheduler.means import Means

OF_MONTH = "drafts the message about last month's new projects of each county, for staff to submit"
OF_WEEK = "drafts the message about a county's story of the week, for staff to submit"


async def of_month(means: Means, now: datetime) -> dict[str, int]:
    """How many counties have new projects and a draft of them, and how many staff were told."""

    def one(session: Session, place: Place) -> tuple[int, int]:
        new = materials.new_projects(session, place.area, now)
        if not new:
            return 0, 0
        number = materials.keep(
            session, place, materials.digest(place, new, now), materials.SYSTEM, now
        )
        if number is None:
            return 0, 0
        text = materials.told_of_projects(place, number, len(new))
        return 1, materials.tell(session, means.vault, place, text, f"digest/{number}", now)

    return _summed([await means.database.run(one, place) for place in await _places(means)])


async def of_week(means: Means, now: datetime) -> dict[str, int]:
    """How many counties have a draft of a story, and how many staff were told."""

    def one(session: Session, place: Place) -> tuple[int, int]:
        found = cards.of_the_week(session, means.vault, place.area)
        if found is None:
            return 0, 0
        material = materials.story(place, found, now)
        number = materials.keep(session, place, material, materials.SYSTEM, now)
        if number is None:
            return 0, 0
        text = materials.told_of_story(place, number)
        return 1, materials.tell(session, means.vault, place, text, f"cases/{number}", now)

    return _summed([await means.database.run(one, place) for place in await _places(means)])


async def _places(means: Means) -> list[Place]:
    """The counties that have staff of their own: nobody else would submit it."""
    areas = (await asyncio.to_thread(means.answerer)).library.areas
    found = await means.database.read(_counties)
    return [Place(code, area.short, area.name) for code in found if (area := areas.area(code))]


def _counties(session: Session) -> list[str]:
    own = {one.area for one in staff_accounts.everybody(session) if one.role is StaffRole.STAFF}
    return sorted(one for one in own if one and not is_local(one) and not one.endswith("00"))


def _summed(done: list[tuple[int, int]]) -> dict[str, int]:
    return {"drafted": sum(one for one, _ in done), "told": sum(told for _, told in done)}
