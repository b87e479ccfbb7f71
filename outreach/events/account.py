"""What became of everybody's invitation, by the ledger of the campaign that carries them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from records import ledger
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.events import Answer
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


_HAVE = frozenset({Fate.GOT, Fate.UNSURE})


def has_it(fate: Fate) -> bool:
    """Whether somebody may know of the event by its invitation."""
    return fate in _HAVE


def expects(said: Answer, fate: Fate) -> bool:
    """Whether somebody may think of coming, and is told when there is nothing to come to."""
    return said is Answer.YES or (said is Answer.NONE and has_it(fate))


def arrived(session: Session, campaign: Campaign, person_id: str) -> datetime | None:
    """When the invitation reached somebody; None where it has not, or was not for them."""
    line = ledger.of_person(session, campaign.id or 0, person_id)
    if line is None or not has_it(_OF_STAND.get(line.stand, Fate.REFUSED)):
        return None
    return line.settled_at


def fates(session: Session, campaign: Campaign) -> Mapping[str, Fate]:
    """For each whom the campaign was to write to, by the person's id."""
    waits = Fate.HALTED if campaign.state == CampaignState.PAUSED.value else Fate.WAITING
    found = {**_OF_STAND, Stand.HELD: waits}
    return {
        line.person_id: found.get(line.stand, Fate.REFUSED)
        for line in ledger.lines(session, campaign.id or 0)
    }
