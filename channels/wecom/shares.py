"""Exact counts of long windows: booked in the store before the calls, a few at a time.

What was booked counts, whatever became of the call: so a restart knows what is used, and processes
of one database share. A process books some calls ahead and loses no more than these when it dies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from channels.wecom.limits import CHINA, Window
from records import call_counts
from records.call_counts import Booking, Grant
from records.database import Database

# A call may arrive so long after it was booked, and clocks differ: by so much windows overlap.
_LATE = timedelta(seconds=15)
_PERIODS = 480  # of a window that slides; a call counts until all of its period has left
_FOR_ANSWERS = 100  # the part of a window that bulk leaves: one in so many
_AHEAD = 1000  # the most that is booked at once: one in so many


@dataclass(frozen=True, slots=True)
class Need:
    """So many calls of a limit, of which a window takes `most`."""

    name: str
    most: int
    window: Window
    count: int = 1
    is_bulk: bool = False

    @property
    def room(self) -> int:
        """How much of a window a call like this may fill up to."""
        return self.most - self.most // _FOR_ANSWERS if self.is_bulk else self.most

    def periods(self, now: datetime) -> list[datetime]:
        """The beginnings of those that a call at `now` counts in: around midnight two days."""
        if self.window is Window.DAY:
            return sorted({_midnight(now - _LATE), _midnight(now + _LATE)})
        length = self.window.value / _PERIODS
        return [now - (now - _EPOCH) % length]

    def over(self, period: datetime) -> datetime:
        """When what was booked in a period counts no more."""
        length = timedelta() if self.window is Window.DAY else self.window.value / _PERIODS
        return period + length + self.window.value + _LATE


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Counts(Protocol):
    """Where bookings are kept."""

    async def book(self, booking: Booking) -> Grant: ...


class StoredCounts:
    """In the database, for all processes that use it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def book(self, booking: Booking) -> Grant:
        """Durable when this returns; raises StoreUnavailable."""
        return await self._database.run(call_counts.book, booking)


@dataclass
class OwnCounts:
    """In memory, for one process."""

    used: dict[str, dict[int, int]] = field(default_factory=dict)

    async def book(self, booking: Booking) -> Grant:
        """The same without a database."""
        return call_counts.booked(self.used.setdefault(booking.name, {}), booking)


@dataclass(slots=True)
class _Held:
    """What this process has booked of one period: how much is left, and was asked for last."""

    left: int = 0
    size: int = 1


class Shares:
    """What this process may still use of what it has booked."""

    def __init__(self, counts: Counts | None = None) -> None:
        self._counts = counts or OwnCounts()
        self._held: dict[tuple[str, bool], dict[datetime, _Held]] = {}
        self._full: dict[tuple[str, bool], datetime] = {}
        self._lock = asyncio.Lock()

    async def take(self, needs: Sequence[Need], now: datetime) -> datetime:
        """When all of these have room; taken from them at once if that is now."""
        if not needs:
            return now
        async with self._lock:
            for need in needs:
                if (at := await self._free_at(need, now)) > now:
                    return at
            for need, held in self._holds(needs, now):
                held.left -= need.count
        return now

    def give_back(self, needs: Sequence[Need], now: datetime) -> None:
        """The calls that took these at `now` were certainly not made."""
        for need, held in self._holds(needs, now):
            held.left += need.count

    def _holds(self, needs: Sequence[Need], now: datetime) -> list[tuple[Need, _Held]]:
        found = [
            (need, self._held.get(_key(need), {}).get(period))
            for need in needs
            for period in need.periods(now)
        ]
        return [(need, held) for need, held in found if held is not None]

    async def _free_at(self, need: Need, now: datetime) -> datetime:
        """Book what is missing; `now` if so much is held then."""
        full = self._full.get(_key(need), now)
        if full > now:
            return full
        for period in need.periods(now):
            held = self._held.get(_key(need), {}).get(period, _Held())
            if held.left < need.count:
                grant = await self._booked(need, period, now)
                if not grant.count:
                    return self._filled(need, need.over(_moment(grant.waits_for)))
        return now

    def _filled(self, need: Need, until: datetime) -> datetime:
        if need.count == 1:  # else a smaller one may still find room
            self._full[_key(need)] = until
        return until

    async def _booked(self, need: Need, period: datetime, now: datetime) -> Grant:
        mine = self._held.setdefault(_key(need), {})
        held = mine.get(period, _Held())
        size = min(2 * held.size, max(1, need.most // _AHEAD))
        past = [one for one in mine if one not in need.periods(now)]
        unused = {_number(one): mine[one].left for one in past}
        grant = await self._counts.book(
            _booking(need, period, now, needed=need.count - held.left, ahead=size, unused=unused)
        )
        for one in past:
            del mine[one]
        if grant.count:
            mine[period] = _Held(held.left + grant.count, size)
        return grant


def _booking(
    need: Need,
    period: datetime,
    now: datetime,
    *,
    needed: int,
    ahead: int,
    unused: dict[int, int],
) -> Booking:
    is_day = need.window is Window.DAY
    oldest = _number(now - (need.over(period) - period)) + 1
    return Booking(
        name=need.name,
        period=_number(period),
        needed=needed,
        wanted=max(needed, ahead),
        most=need.room,
        first=_number(period) if is_day else oldest,
        last=_number(period) if is_day else None,
        oldest=oldest,
        unused=unused,
    )


def _key(need: Need) -> tuple[str, bool]:
    return need.name, need.is_bulk


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(CHINA).date(), time(), CHINA)


def _number(period: datetime) -> int:
    return round(period.timestamp() * 1000)


def _moment(number: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=number)
