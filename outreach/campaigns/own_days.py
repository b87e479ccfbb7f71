"""Waves by a day of people's own: when each is due, in memory and as a table for the freeze."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from matching.facts import add_months
from outreach.calendars import CHINA, after_quiet
from records.campaigns import CampaignWave, OwnDay, Reason
from records.freezing import NIGHT_SHIFT
from records.own_days import Due, Turns

WORDS = {OwnDay.LICENSED: "办照", OwnDay.REGISTERED: "登记", OwnDay.RETURN: "返乡"}
_DAY = timedelta(days=1)
_BEFORE = 3 * _DAY  # months of unlike length, and the silence of the festival, shift no more


@dataclass(frozen=True, slots=True)
class Own:
    """So many months and days after a day of somebody's own, before it where negative."""

    own: OwnDay
    months: int
    days: int
    clock: time
    is_evening: bool = False

    @property
    def words(self) -> str:
        """When this is, as people say it."""
        when = "晚上" if self.is_evening else f"{self.clock:%H:%M}"
        return f"每人{WORDS[self.own]}{self._shift()} {when}"

    def due(self, day: date) -> Due:
        """The moment of those whose day this is; in the silence of the festival, after it."""
        said = datetime.combine(self._on(day), self.clock, CHINA)
        at = after_quiet(said)
        is_early = self.is_evening and at == said
        return Due(day, at, at - NIGHT_SHIFT if is_early else at)

    def turn(self, day: date | None, now: datetime, ends: datetime) -> Due | Reason:
        """The moment of somebody, or why they have none between now and the end."""
        if day is None:
            return Reason.NO_DAY
        due = self.due(day)
        if due.at <= now:
            return Reason.DAY_PAST
        return Reason.DAY_LATER if due.at >= ends else due

    def turns(self, wave: int, now: datetime, ends: datetime) -> Turns:
        """The same for every day that somebody's own can be."""
        today = now.astimezone(CHINA).date()
        day = add_months(today - self.days * _DAY, -self.months) - _BEFORE
        while self.turn(day, now, ends) is Reason.DAY_PAST:
            day += _DAY
        first, dues = day, []
        while isinstance(due := self.turn(day, now, ends), Due):
            dues.append(due)
            day += _DAY
        return Turns(wave, self.own, first, tuple(dues))

    def _on(self, day: date) -> date:
        return add_months(day, self.months) + self.days * _DAY

    def _shift(self) -> str:
        if not self.months and not self.days:
            return "当天"
        if self.months < 0 or (not self.months and self.days < 0):
            months = f"{-self.months}个月" if self.months else ""
            return f"前{months}" + (f"{-self.days}天" if self.days else "")
        if self.own is OwnDay.RETURN and not self.months:
            return f"后{self.days}天"
        full = f"满{self.months}个月" if self.months else f"满{self.days}天"
        if not self.months or not self.days:
            return full
        return f"{full}{'前' if self.days < 0 else '后'}{abs(self.days)}天"


def of_wave(wave: CampaignWave) -> Own | None:
    """By what day of people's own a wave goes; None where the calendar says when."""
    if not wave.day:
        return None
    clock = wave.at.astimezone(CHINA).time()
    return Own(OwnDay(wave.day), wave.months, wave.days, clock, wave.is_evening)


def turns(waves: Iterable[CampaignWave], now: datetime, ends: datetime) -> tuple[Turns, ...]:
    """Of the waves those by a day of people's own, with everybody's moment."""
    own = ((wave.number, of_wave(wave)) for wave in waves)
    return tuple(one.turns(number, now, ends) for number, one in own if one)
