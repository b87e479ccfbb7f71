"""What became of everybody's invitation, by the ledger of the campaign that carries them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from records import ledger
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.ledger import Stand


class Fate(StrEnum):
    """What became of somebody's invitation."""

    GOT = "got"
    WAITING = "waiting"  # for the day, their hours, their caps
    HALTED = "halted"  # by staff before it left
    UNSURE = "unsure"  # was leaving, and nobody knows whether it arrived
    REFUSED = "refused"  # they said stop, cannot be reached, or it failed


_OF_STAND = {
    Stand.SENT: Fate.GOT,
    Stand.DELIVERED: Fate.GOT,
    Stand.HELD: Fate.WAITING,
    Stand.STOPPED: Fate.HALTED,
    Stand.UNCERTAIN: Fate.UNSURE,
}


def fates(session: Session, campaign: Campaign) -> Mapping[str, Fate]:
    """For each whom the campaign was to write to, by the person's id."""
    waits = Fate.HALTED if campaign.state == CampaignState.PAUSED.value else Fate.WAITING
    found = {**_OF_STAND, Stand.HELD: waits}
    return {
        line.person_id: found.get(line.stand, Fate.REFUSED)
        for line in ledger.lines(session, campaign.id or 0)
    }
