"""Which words of a campaign its recipients get."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session

from records.campaigns import Campaign, CampaignRecipient

_CAMPAIGNS = Campaign.__table__  # type: ignore[attr-defined]
_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]


def digest(session: Session, campaign: int) -> str:
    """What was agreed to of a campaign."""
    query = select(_CAMPAIGNS.c.digest).where(_CAMPAIGNS.c.id == campaign)
    return str(session.execute(query).scalar() or "")


def variants(session: Session, campaign: int, ids: Sequence[str]) -> dict[str, str]:
    """The wording that each of these gets; who is erased is missing."""
    r = _RECIPIENTS.c
    query = select(r.person_id, r.variant).where(r.campaign_id == campaign, r.person_id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query)}
