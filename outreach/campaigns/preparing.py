"""A draft from what there is: a letter, the story of the week, the new projects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from knowledge.entry import Entry
from outreach.campaigns import materials, rights
from outreach.campaigns.materials import Material, Place
from outreach.campaigns.refusing import CampaignRefused
from outreach.cases import cards
from records.database import Session
from records.vault import Vault

LETTER, STORY, PROJECTS = "letter", "cases", "digest"


def prepare(
    session: Session,
    vault: Vault,
    kind: str,
    place: Place,
    entries: Iterable[Entry],
    *,
    by: str,
    now: datetime,
) -> tuple[int, Material]:
    """Draft it; its number, and what it begins with. CampaignRefused where there is nothing."""
    if not rights.may_run(rights.named(session, by), place.area):
        raise CampaignRefused(f"{by}不管{place.name}的群发：要本县的工作人员来写。")
    found = _material(session, vault, kind, place, entries, now)
    number = materials.keep(session, place, found, by, now)
    if number is None:
        raise CampaignRefused(f"{place.name}已经有一份《{found.title}》或同类的草稿了。")
    return number, found


def _material(
    session: Session,
    vault: Vault,
    kind: str,
    place: Place,
    entries: Iterable[Entry],
    now: datetime,
) -> Material:
    if kind == LETTER:
        return materials.letter(place, entries, now.date())
    if kind == STORY:
        story = cards.of_the_week(session, vault, place.area)
        if story is None:
            raise CampaignRefused(f"{place.name}还没有能讲的案例。")
        return materials.story(place, story, now)
    new = materials.new_projects(session, place.area, now)
    if not new:
        raise CampaignRefused(f"{place.name}上个月没有新添的项目。")
    return materials.digest(place, new, now)
