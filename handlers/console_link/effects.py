"""What asking for the console causes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from records import console_access
from records.database import Session
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class OfferLink:
    """A link of this code signs `name` in, once."""

    name: str
    code: str
    life: timedelta


def apply(effect: OfferLink, session: Session, vault: Vault, now: datetime) -> None:
    """Keep what the link opens."""
    console_access.offer_link(
        session,
        console_access.link_print(vault, effect.code),
        effect.name,
        at=now,
        actor=f"staff:{effect.name}",
        life=effect.life,
    )
