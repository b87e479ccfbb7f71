"""The rules of what leaves unasked, written a second time: from what people and staff said alone.

Nothing of the program decides here: not its caps, not its calendar, not its wishes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
_DAY = timedelta(days=1)
_EVES = {date(2027, 2, 5), date(2028, 1, 25)}  # 除夕, from a printed almanac
_OPEN, _CLOSED, _DINNER = time(8, 30), time(20, 30), time(18)
_REGISTERED = {  # what was answered at registration
    "day": (time(8, 30), time(18)),
    "evening": (time(18), time(20, 30)),
    "night_shift": (time(14), time(20, 30)),
}
_PAID, _LASTS = 5, timedelta(hours=48)  # messages for a word, where the provider counts
MARK = re.compile(
    r"【(\d+)版(\d+)】|〔([a-z]+)\d+〕"
)  # of a campaign, or of another sender's topic


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came to a phone: an account, all its words, and when."""

    at: datetime
    account: str
    words: str

    @property
    def day(self) -> date:
        return self.at.astimezone(CHINA).date()

    def campaigns(self) -> list[tuple[int, int]]:
        """The campaigns of which it holds a message, and in which version."""
        return [(int(m[1]), int(m[2])) for m in MARK.finditer(self.words) if m[1]]

    def topics(self) -> list[str]:
        return [m[3] for m in MARK.finditer(self.words) if m[3]]


@dataclass
class Human:
    """Somebody, and what they said; `wishes` by name, with the moment from and until which."""

    id: str
    accounts: tuple[str, ...]
    hours: str = ""
    agrees: bool = True
    heard: dict[str, list[datetime]] = field(default_factory=dict)
    wishes: list[tuple[datetime, str, str, datetime | None]] = field(default_factory=list)
    stops: list[tuple[datetime, bool]] = field(default_factory=list)  # stopped, or allowed again
    died: datetime | None = None

    def wish(self, name: str, at: datetime) -> str | None:
        """What they wished last of this; None where nothing holds."""
        said = [one for one in self.wishes if one[1] == name and one[0] <= at]
        if not said:
            return None
        _, _, value, until = said[-1]
        return None if value == "-" or (until is not None and until <= at) else value

    def is_stopped(self, at: datetime) -> bool:
        return next((is_stop for when, is_stop in reversed(self.stops) if when <= at), False)


@dataclass
class Agreed:
    """What of a campaign was agreed to: its version, to whom, from when, until when, on what."""

    version: int
    people: frozenset[str]
    begins: datetime
    early: datetime  # for who works at night: their free time is before the shift
    ends: datetime
    topic: str
    spans: list[tuple[datetime, datetime | None]]  # in which it may leave: not paused or stopped


Campaigns = Mapping[int, list[Agreed]]


def broken(people: Iterable[Human], arrived: Iterable[Arrived], campaigns: Campaigns) -> list[str]:
    """Every breach, in words; none is right."""
    by_account: dict[str, list[Arrived]] = {}
    for one in arrived:
        by_account.setdefault(one.account, []).append(one)
    faults: list[str] = []
    for human in people:
        mine = sorted(
            (a for account in human.accounts for a in by_account.get(account, ())),
            key=lambda a: a.at,
        )
        for number, one in enumerate(mine):
            found = [*_often(human, mine[: number + 1]), *_hour(human, one), *_said(human, one)]
            found += [*_paid(human, one, by_account[one.account]), *_agreed(human, one, campaigns)]
            faults += [f"{human.id} at {one.at:%m-%d %H:%M}: {fault}" for fault in found]
        times = Counter(number for one in mine for number, _ in one.campaigns())
        faults += [
            f"{human.id}: campaign {n} {count} times" for n, count in times.items() if count > 1
        ]
    return faults


def _often(human: Human, until_now: list[Arrived]) -> Iterator[str]:
    """One a day, three in seven days, eight in thirty, or fewer where they said so."""
    now = until_now[-1]
    week, month = 3, 8
    if rate := human.wish("rate", now.at):
        own_week, own_month = (int(n) for n in rate.split("/"))
        week, month = min(week, own_week), min(month, own_month)
    for days, most in ((1, 1), (7, week), (30, month)):
        if sum(now.day - one.day < days * _DAY for one in until_now) > most:
            yield f"more than {most} in {days} days"


def _hour(human: Human, one: Arrived) -> Iterator[str]:
    here = one.at.astimezone(CHINA)
    if not _OPEN <= here.time() < _CLOSED:
        yield "quiet hours"
    if (one.day in _EVES and here.time() >= _DINNER) or one.day - _DAY in _EVES:
        yield "the family's dinner"
    if hours := human.wish("hours", one.at):
        begin, end = (time.fromisoformat(each) for each in hours.split("-"))
        if not begin <= here.time() < end:
            yield "not their hours"
    elif human.hours in _REGISTERED:
        begin, end = _REGISTERED[human.hours]
        if not begin <= here.time() < end:
            yield "not the hours they answered"
    days = human.wish("days", one.at)
    if days and str(here.isoweekday()) not in days:
        yield "not their days"


def _said(human: Human, one: Arrived) -> Iterator[str]:
    if human.is_stopped(one.at):
        yield "after a stop"
    if human.died is not None and one.at >= human.died:
        yield "to somebody dead"
    if human.wish("pause", one.at) is not None:
        yield "while they wanted nothing"
    for topic in one.topics():
        if human.wish(f"topic:{topic}", one.at) is not None:
            yield f"refused {topic}"


def _paid(human: Human, one: Arrived, on_account: list[Arrived]) -> Iterator[str]:
    """Where the provider counts: so many for each word of theirs, and not too long after it."""
    if not one.account.startswith("kf:"):
        return
    words = [at for at in human.heard.get(one.account, ()) if at <= one.at]
    if not words or one.at - words[-1] >= _LASTS:
        yield "without a word of theirs"
    if words and sum(words[-1] <= other.at <= one.at for other in on_account) > _PAID:
        yield "more than a word pays for"


def _agreed(human: Human, one: Arrived, campaigns: Campaigns) -> Iterator[str]:
    for number, version in one.campaigns():
        known = next((a for a in campaigns.get(number, ()) if a.version == version), None)
        if known is None:
            yield f"version {version} of campaign {number}, which nobody agreed to"
            continue
        if human.id not in known.people:
            yield f"not on the list of campaign {number}"
        if not human.agrees:
            yield "never said yes to being written to"
        begins = known.early if human.hours == "night_shift" else known.begins
        if not begins <= one.at < known.ends:
            yield f"campaign {number} out of its time"
        if not any(a <= one.at and (b is None or one.at < b) for a, b in known.spans):
            yield f"campaign {number} while it was halted"
        if known.topic and human.wish(f"topic:{known.topic}", one.at) is not None:
            yield f"refused {known.topic}"
