"""What is ticked off, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import next_steps
from records import checklists
from records.database import Session
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Tick:
    """Steps are done, or are not; `next_title` is what comes, "" where nothing shall be said."""

    person_id: str
    done: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    next_title: str = ""


def apply(effect: Tick, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn."""
    if effect.done:
        checklists.tick(session, effect.person_id, effect.done, now)
    if effect.undone:
        checklists.untick(session, effect.person_id, effect.undone)
    next_steps.remind(session, vault, effect.person_id, effect.next_title, now)
