"""Campaigns rest where nobody knows any more what of them has left."""

from __future__ import annotations

from datetime import datetime

from records import campaign_drafts as drafts
from records import feeding
from records.campaigns import CampaignState
from records.database import Session

_WHY = "从备份恢复，之后发过什么不知道"


def pause_all(session: Session, now: datetime) -> list[int]:
    """Nothing more leaves of those under way until somebody resumes them; which."""
    numbers = drafts.in_state(session, CampaignState.APPROVED, CampaignState.RUNNING)
    for number in numbers:
        campaign = drafts.find(session, number, locks=True)
        if campaign is not None:
            campaign.state = CampaignState.PAUSED.value
            feeding.pause(session, number)
            drafts.step(session, number, "paused", by="system", at=now, note=_WHY)
    return numbers
