"""What staff do with tags, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import tagging
from records.database import Session
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class TagPeople:
    """These get a tag, or lose it."""

    person_ids: tuple[str, ...]
    tag: str
    staff: str
    takes: bool = False


SegmentEffect = TagPeople


def apply(effect: SegmentEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn."""
    if effect.takes:
        tagging.take(session, effect.person_ids, effect.tag, by=effect.staff, now=now)
    else:
        tagging.put(session, effect.person_ids, effect.tag, by=effect.staff, now=now)
