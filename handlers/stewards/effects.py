"""What staff say of a group, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach.groups import placing
from outreach.groups.placing import GroupRefused, Said
from records.conversations import Overtaken
from records.database import Session
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """One of the staff says what a group is; without anything said it is dropped."""

    staff: str
    number: int
    said: Said | None
    is_back: bool = False  # nothing is said but that it is ours after all


def apply(effect: PlaceGroup, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so; Overtaken where it cannot be any more."""
    try:
        by = placing.acting(session, effect.staff)
        one = placing.find(session, vault, str(effect.number), by)
        if effect.said is None:
            placing.drop(session, one, by, now, back=effect.is_back)
        else:
            placing.say(session, vault, one, effect.said, by, now)
    except GroupRefused:
        raise Overtaken from None
