"""What 附件4 leaves open, as an office settles it (domain 2.4 and 5.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from borax.calendars.lunardate import LunarDate

_FESTIVAL = re.compile(r"(\d{1,2})-(\d{1,2})/(\d{1,2})-(\d{1,2})")
_MONTHS, _DAYS = 12, 30


class UrbanBy(StrEnum):
    """What makes somebody 城镇 or 农村."""

    HUKOU = "hukou"  # the household registration
    HOME = "home"  # the place: 社区 and 街道 are towns, villages are not


class HalfYear(StrEnum):
    """What half a year away is."""

    TOTAL = "total"  # added up over the last twelve months
    UNBROKEN = "unbroken"  # nothing at home lies between


@dataclass(frozen=True, slots=True)
class Festival:
    """春节期间, in days of the moon; by themselves from 腊月二十 to 正月十五."""

    first: tuple[int, int] = (12, 20)
    last: tuple[int, int] = (1, 15)

    def days(self, year: int) -> tuple[date, date]:
        """The first and the last day of the festival of a year."""
        begins = year if self.first <= self.last else year - 1
        return _solar(begins, self.first), _solar(year, self.last)


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of an office; as the paper is read where nobody says otherwise."""

    urban_by: UrbanBy = UrbanBy.HUKOU
    district_moves: bool = False  # from one district of a city to another is 出县
    half_year: HalfYear = HalfYear.TOTAL
    festival: Festival = Festival()
    thinking: bool = True  # 有想法没想好 is 有创业意向
    short_away: bool = False  # who was away for less than half a year may be 返乡, too


def festival_of(text: str) -> Festival:
    """12-20/1-15 as a festival; ValueError where it is none."""
    found = _FESTIVAL.fullmatch(text.strip())
    parts = [int(part) for part in found.groups()] if found else []
    festival = Festival((parts[0], parts[1]), (parts[2], parts[3])) if parts else None
    if festival is None or not (_is_day(festival.first) and _is_day(festival.last)):
        raise ValueError(
            f"must be days of the moon such as 12-20/1-15 (腊月二十 to 正月十五), not {text!r}"
        )
    return festival


def _is_day(day: tuple[int, int]) -> bool:
    return 1 <= day[0] <= _MONTHS and 1 <= day[1] <= _DAYS


def _solar(year: int, day: tuple[int, int]) -> date:
    """A day of a lunar year; the 30th of a month that has none is its 29th."""
    month, number = day
    try:
        found: date = LunarDate(year, month, number).to_solar_date()
    except ValueError:
        found = LunarDate(year, month, number - 1).to_solar_date()
    return found
