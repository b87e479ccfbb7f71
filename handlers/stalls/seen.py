"""What a turn knows of stalls: the campaign that somebody stands for, and what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.stalls.words import Wish, wish_of
from outreach import stalls
from records import scope
from records import stalls as records
from records.campaigns import Campaign
from records.database import Session
from records.staff_accounts import Staff
from records.stalls import Noted
from records.vault import Vault
from registry import villages


@dataclass(frozen=True, slots=True)
class Stall:
    """A campaign with stalls, and every line that was counted there."""

    number: int
    title: str
    noted: tuple[Noted, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stalls:
    """`wish` is what a line of staff asks; `open_ones` the campaigns that it may be about."""

    wish: Wish | None = None
    open_ones: tuple[Stall, ...] = ()


NONE = Stalls()


def of_talk(
    session: Session, vault: Vault, staff: Staff | None, texts: Sequence[str], now: datetime
) -> Stalls:
    """The stalls of somebody's county, where a line is about them."""
    wish = next((found for text in texts if (found := wish_of(text))), None)
    if staff is None or wish is None:
        return NONE
    county = villages.county_of(session, staff.area) if scope.is_local(staff.area) else ""
    open_ones = stalls.open_ones(session, staff, county, now)
    return Stalls(wish, tuple(_stall(session, vault, one) for one in open_ones))


def _stall(session: Session, vault: Vault, one: Campaign) -> Stall:
    number = one.id or 0
    noted = tuple(records.of_campaign(session, vault, number))
    return Stall(number, one.title, noted, tuple(stalls.lines(session, vault, one)))
