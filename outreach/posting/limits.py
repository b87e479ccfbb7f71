"""What limits posts: the numbers of tables/posting.toml, and who has had enough."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from outreach.calendars import day_of
from records import group_posts
from records.database import Session

Caps = tuple[tuple[int, int], ...]  # in so many days, so many


@dataclass(frozen=True, slots=True)
class Full:
    """That there were `most` posts already within `days`."""

    days: int
    most: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers."""

    group: Caps
    mentor: Caps
    second_person_above: int
    text: int
    paste_days: int

    @property
    def looks_back(self) -> timedelta:
        """How far back posts count."""
        return timedelta(days=max(days for days, _ in (*self.group, *self.mentor)))


@cache
def table() -> dict[str, Any]:
    """The whole table."""
    return tomllib.loads(files("outreach.tables").joinpath("posting.toml").read_text("utf-8"))


@cache
def limits() -> Limits:
    """What holds now."""
    found = table()["limits"]
    return Limits(
        group=_caps(found["group"]),
        mentor=_caps(found["mentor"]),
        second_person_above=found["second_person_above"],
        text=found["text"],
        paste_days=found["paste_days"],
    )


def full_groups(
    session: Session, group_ids: Sequence[int], now: datetime, *, but: int = 0
) -> dict[int, Full]:
    """Those of these groups for which one more would be too many; `but` is not counted."""
    since = day_of(now) - limits().looks_back
    past = group_posts.counted(session, group_ids, since, but=but)
    found = {group: full_of(at, limits().group, now) for group, at in past.items()}
    return {group: full for group, full in found.items() if full}


def full_writer(session: Session, staff: str, now: datetime) -> Full | None:
    """Whether one more of somebody would be too many."""
    past = group_posts.made_since(session, staff, day_of(now) - limits().looks_back)
    return full_of(past, limits().mentor, now)


def left_today(session: Session, staff: str, now: datetime) -> int:
    """How many more somebody may write today."""
    past = group_posts.made_since(session, staff, day_of(now) - limits().looks_back)
    today = day_of(now)
    room = (
        most - sum(day_of(at) >= today - timedelta(days=days - 1) for at in past)
        for days, most in limits().mentor
    )
    return max(0, min(room))


def full_of(past: Sequence[datetime], caps: Caps, now: datetime) -> Full | None:
    """The first cap that one more today would break, by calendar days in China."""
    today = day_of(now)
    for days, most in caps:
        since = today - timedelta(days=days - 1)
        if sum(day_of(at) >= since for at in past) >= most:
            return Full(days, most)
    return None


def _caps(rows: Sequence[Sequence[int]]) -> Caps:
    return tuple((row[0], row[1]) for row in rows)
