"""The reverse list: who is interested in a project, masked until both sides said yes (6.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from records import people, project_people
from records.database import Session
from records.people import Status
from records.vault import Vault

ASKED, WAITS, OPEN = "没说愿意让项目方知道", "愿意见面，等项目方点头", "双方都愿意"


@dataclass(frozen=True, slots=True)
class Seen:
    """One who is interested, as an owner may see them; the phone only where both agreed."""

    answer: int
    project: int
    name: str
    phone: str
    standing: str
    at: datetime
    is_willing: bool


def interested(session: Session, vault: Vault, projects: Sequence[int]) -> list[Seen]:
    """Who wants to know more of these projects; who left is not among them."""
    found = project_people.interested(session, projects)
    profiles = people.by_ids(session, vault, [one.person_id for one in found])
    seen = []
    for one in found:
        profile = profiles.get(one.person_id)
        if profile is None or profile.status is not Status.CONFIRMED:
            continue
        standing = OPEN if one.is_mutual else WAITS if one.agrees else ASKED
        name = profile.nickname if one.is_mutual else masked(profile.nickname)
        phone = profile.phone if one.is_mutual else ""
        seen.append(Seen(one.id, one.project, name, phone, standing, one.at, one.agrees))
    return seen


def masked(name: str) -> str:
    """王**: the first character, nothing of how long the name is."""
    return f"{name[:1] or '某'}**"
