"""What the office settles of the official tables, from its settings."""

from __future__ import annotations

from bot.settings import Settings
from outreach.reports.rules import HalfYear, Rules, UrbanBy, festival_of

_YES = "yes"


def rules_of(settings: Settings) -> Rules:
    """The rules that tables are counted by."""
    return Rules(
        urban_by=UrbanBy(settings.count_urban_by),
        district_moves=settings.count_district_moves == _YES,
        half_year=HalfYear(settings.count_half_year),
        festival=festival_of(settings.count_festival),
        thinking=settings.count_thinking == _YES,
        short_away=settings.count_short_away == _YES,
    )
