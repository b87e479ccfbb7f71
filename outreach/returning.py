"""The day on which people say that they come home, as a code: read from their own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from outreach.almanac import AlmanacFault, bare, moment
from outreach.calendars import CHINA
from records import whereabouts
from records.database import Session
from records.own_days import RETURN_ON
from records.vault import Vault
from records.whereabouts import AWAY, STATE

_WHEN, _WORDS = "return_period", "return_period_text"
SAID = frozenset({_WHEN, _WORDS, STATE})  # answers that the code follows from
_BEFORE = re.compile(r"^(?:我|大概|大约|估计|可能|应该|一般|打算|准备|计划|想|就|在|要|于|等|到)+")
_AFTER = re.compile(
    r"(?:左右|前后|那天|那时候?|的?时候|就|再|要|能|才|动身|出发|坐车|回老家|回家|回来|回去|返乡|到家|回"
    r"|[啊吧呀的了哦])+$"
)


def settle(session: Session, vault: Vault, person_id: str, now: datetime) -> None:
    """Note the day, as far as their words name one; who is not away any more has none."""
    row = whereabouts.of(session, person_id)
    if row is None:
        return
    new = {name: value for name, value in row.codes.items() if name != RETURN_ON}
    if day := _day(row.codes, vault.open(row.sealed), now):
        new[RETURN_ON] = day.isoformat()
    if new != row.codes:
        whereabouts.keep(session, person_id, new)


def day_of(words: str, now: datetime) -> date | None:
    """The next day that these words name; None where they name none, or only about when."""
    text = _AFTER.sub("", _BEFORE.sub("", bare(words)))
    try:
        return moment(text, now).at.astimezone(CHINA).date()
    except AlmanacFault:
        return None


def _day(codes: Mapping[str, Any], texts: Mapping[str, Any], now: datetime) -> date | None:
    is_away = codes.get(STATE, AWAY) == AWAY
    said = str(texts.get(_WORDS) or "")
    return day_of(said, now) if said and is_away else None
