"""What left on the wire, held against every rule of domain M-10."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from outreach.calendars import CHINA, FESTIVALS
from tests.year.people import Human

_DAY = timedelta(days=1)
_MOST = ((1, 1), (7, 3), (30, 8))
_HOURS = {
    "day": (time(8, 30), time(18, 0)),
    "evening": (time(18, 0), time(20, 30)),
    "night_shift": (time(14, 0), time(20, 30)),
}


@dataclass(frozen=True, slots=True)
class Left:
    """A message that nobody had asked for, as it left."""

    at: datetime
    account: str
    key: str
    is_bulk: bool

    @property
    def is_advice(self) -> bool:
        return self.key.startswith(("elig/", "project/"))


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder as it was planned, and when its reason went away."""

    due: datetime
    until: datetime
    cancelled: datetime | None = None


def balance(
    people: Iterable[Human], left: Iterable[Left], planned: Mapping[str, Planned]
) -> list[str]:
    """Every breach of a rule, in words; none is right."""
    by_account: dict[str, list[Left]] = defaultdict(list)
    for message in left:
        if message.is_bulk:
            by_account[message.account].append(message)
    faults = [fault for found in by_account.values() for each in found for fault in _hour(each)]
    for human in people:
        mine = sorted(
            (m for account in human.accounts for m in by_account[account]), key=lambda m: m.at
        )
        faults += _caps(human, mine) + _advice(human, mine)
    faults += _own_hours(people, by_account) + _consent(people, by_account)
    faults += _stopped(people, by_account)
    return faults + _reminders(planned, [m for found in by_account.values() for m in found])


def _hour(message: Left) -> list[str]:
    here = message.at.astimezone(CHINA)
    is_eve = here.date() + _DAY in FESTIVALS and here.time() >= time(18, 0)
    is_night = not time(8, 30) <= here.time() < time(20, 30)
    if is_night or is_eve or here.date() in FESTIVALS:
        return [f"{message.key} left in quiet hours: {here}"]
    return []


def _own_hours(people: Iterable[Human], by_account: Mapping[str, list[Left]]) -> list[str]:
    """On an account on which all said the same."""
    said: dict[str, set[str]] = defaultdict(set)
    for human in people:
        for account in human.accounts:
            said[account].add(human.hours)
    faults = []
    for account, hours in said.items():
        begin, end = _HOURS.get(next(iter(hours)), (time(8, 30), time(20, 30)))
        faults += [
            f"{message.key} did not leave in the hours of {hours}: {message.at}"
            for message in by_account[account]
            if len(hours) == 1 and not begin <= message.at.astimezone(CHINA).time() < end
        ]
    return faults


def _caps(human: Human, mine: list[Left]) -> list[str]:
    days = Counter(message.at.astimezone(CHINA).date() for message in mine)
    faults = [f"{human.id} was written to {n} times on {day}" for day, n in days.items() if n > 1]
    for span, most in _MOST:
        for day in days:
            count = sum(timedelta() <= day - each < span * _DAY for each in days)
            if count > most:
                faults.append(f"{human.id} was written to {count} times in {span} days to {day}")
    return faults


def _advice(human: Human, mine: list[Left]) -> list[str]:
    found = [message for message in mine if message.is_advice]
    faults = []
    for before, after in pairwise(found):
        days = after.at.astimezone(CHINA).date() - before.at.astimezone(CHINA).date()
        if days < 14 * _DAY:
            faults.append(f"{human.id} had two recommendations within {days.days} days")
    for first, _, third in zip(found, found[1:], found[2:], strict=False):
        if not any(first.at <= heard <= third.at for heard in human.heard):
            faults.append(f"{human.id} had {third.key} after two that were ignored")
    return faults


def _stopped(people: Iterable[Human], by_account: Mapping[str, list[Left]]) -> list[str]:
    return [
        f"{human.id} had {message.key} on {message.at} after saying stop on {begin}"
        for human in people
        for begin, end in human.stops
        for account in human.accounts
        for message in by_account[account]
        if begin < message.at < (end or message.at + _DAY)
    ]


def _consent(people: Iterable[Human], by_account: Mapping[str, list[Left]]) -> list[str]:
    on: dict[str, list[Human]] = defaultdict(list)
    for human in people:
        for account in human.accounts:
            on[account].append(human)
    return [
        f"nobody on {account} agreed to {message.key}"
        for account, found in by_account.items()
        for message in found
        if message.is_advice and not any(human.has_agreed(message.at) for human in on[account])
    ]


def _reminders(planned: Mapping[str, Planned], left: list[Left]) -> list[str]:
    faults = []
    times = Counter(m.key for m in left if m.key.startswith("remind/year/"))
    faults += [f"{key} was said {n} times" for key, n in times.items() if n > 1]
    for message in left:
        plan = planned.get(message.key.removeprefix("remind/").rsplit("/", 1)[0])
        if plan is None:
            continue
        if not plan.due <= message.at < plan.until:
            faults.append(f"{message.key} was not said in its time: {message.at}")
        if plan.cancelled is not None and message.at > plan.cancelled:
            faults.append(f"{message.key} was said after its reason had gone")
    return faults
