"""Which words of a campaign its recipients get, and what they are called in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from records.campaigns import Campaign, CampaignRecipient
from records.people import NICKNAME, Person
from records.vault import Vault

_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_CAMPAIGNS = Campaign.__table__  # type: ignore[attr-defined]
_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by name and home; "" what is not known."""

    nickname: str
    area: str
    town: str


def named(session: Session, vault: Vault, ids: Sequence[str]) -> dict[str, Named]:
    """These people; VaultError where one is sealed with another key."""
    p = _PEOPLE.c
    rows = session.execute(select(p.id, p.sealed, p.area, p.town).where(p.id.in_(ids)))
    return {
        row.id: Named(str(vault.open(row.sealed).get(NICKNAME) or ""), row.area, row.town)
        for row in rows
    }


def digest(session: Session, campaign: int) -> str:
    """What was agreed to of a campaign."""
    query = select(_CAMPAIGNS.c.digest).where(_CAMPAIGNS.c.id == campaign)
    return str(session.execute(query).scalar() or "")


def variants(session: Session, campaign: int, ids: Sequence[str]) -> dict[str, str]:
    """The wording that each of these gets; who is erased is missing."""
    r = _RECIPIENTS.c
    query = select(r.person_id, r.variant).where(r.campaign_id == campaign, r.person_id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query)}
