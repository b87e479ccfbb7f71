"""What who stands at a stall says, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import stalls
from records.conversations import Overtaken
from records.database import Session
from records.stalls import Counted
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class CountTalks:
    """So many talked at a stall of a campaign."""

    campaign: int
    counted: Counted
    by: str


@dataclass(frozen=True, slots=True)
class TakeTalksBack:
    """A line was wrong."""

    number: int
    campaign: int
    by: str


StallEffect = CountTalks | TakeTalksBack


def apply(effect: StallEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so; Overtaken where it was taken back already."""
    if isinstance(effect, CountTalks):
        stalls.count(session, vault, effect.campaign, effect.counted, by=effect.by, now=now)
    elif not stalls.take_back(session, effect.number, effect.campaign, by=effect.by, now=now):
        raise Overtaken
