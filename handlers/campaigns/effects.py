"""What staff say of campaigns, made so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.places import country
from outreach.campaigns import states, trying
from outreach.campaigns.looking import House
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.states import Act
from outreach.reach import ALL
from outreach.segments import Office
from records.conversations import Overtaken
from records.database import Session
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class SeeCampaign:
    """Somebody looked at what waits for a second."""

    number: int
    by: str


@dataclass(frozen=True, slots=True)
class MoveCampaign:
    """It is agreed to, sent back, paused, goes on, is stopped."""

    act: Act
    number: int
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class TryCampaign:
    """It is sent to who asked for it, in the name of the office."""

    number: int
    by: str
    office: str


CampaignEffect = SeeCampaign | MoveCampaign | TryCampaign

_PLAIN: Mapping[Act, Callable[[Session, int, str, datetime], None]] = {
    Act.APPROVE: states.approve,
    Act.PAUSE: states.pause,
    Act.RESUME: states.resume,
}
_WITH_WHY: Mapping[Act, Callable[[Session, int, str, datetime, str], None]] = {
    Act.REFUSE: states.refuse,
    Act.STOP: states.stop,
}


def apply(effect: CampaignEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn; Overtaken where it cannot be any more."""
    try:
        if isinstance(effect, SeeCampaign):
            states.look(session, effect.number, effect.by, now)
        elif isinstance(effect, TryCampaign):
            house = House(Office(country(), ""), ALL, effect.office)
            trying.send(session, vault, house, effect.number, effect.by, now)
        elif effect.act in _PLAIN:
            _PLAIN[effect.act](session, effect.number, effect.by, now)
        else:
            _WITH_WHY[effect.act](session, effect.number, effect.by, now, effect.why)
    except CampaignRefused as refusal:
        raise Overtaken from refusal
