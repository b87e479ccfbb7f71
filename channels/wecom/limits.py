"""The platform's limits by name, as data, and over what each is counted.

The figures are the platform's (pages 90454, 90236, 91770), save where a line says that they are
ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from channels.throttle import Pace

CHINA = ZoneInfo("Asia/Shanghai")
_BURST_SHARE = 6


class Window(Enum):
    """What a limit is counted over; as long is the block of whoever exceeds it."""

    MINUTE = timedelta(minutes=1)
    HOUR = timedelta(hours=1)
    DAY = timedelta(days=1)
    MONTH = timedelta(days=30)

    def block_ends(self, now: datetime) -> datetime:
        """When calls may go again after a refusal at `now`: for a day's limit, at midnight."""
        span: timedelta = self.value
        if self is not Window.DAY:
            return now + span
        tomorrow = now.astimezone(CHINA).date() + span
        return datetime.combine(tomorrow, time(), CHINA)


class Per(Enum):
    """Whose calls a limit adds up."""

    API = "api"  # all calls of one path by the corp
    ADDRESS = "address"  # all calls from this machine
    MEMBER = "member"  # messages to one member
    PERSONS = "persons"  # messages to members, each counted
    ROBOT = "robot"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit; without `paths` it holds for every API that has none of its own.

    `most` is None where the figure depends on the corp and is not known. `is_silent`: what is too
    much is dropped without an error, so no refusal ever tells of it. `is_booked`: counted exactly,
    for all processes together; what is not is kept by each process at an even pace.
    """

    name: str
    most: int | None
    window: Window
    per: Per
    paths: tuple[str, ...] = ()
    is_silent: bool = False
    is_booked: bool = False

    def __str__(self) -> str:
        return f"{self.name}={self.most or '(not set)'}"

    def pace(self, whose: str, count: int = 1) -> Pace | None:
        """The bucket of this limit for one path, member or robot: a sixth of it at once.

        The rest goes at an even pace, so that any window holds at the most `most` calls, also one
        in which this program was started again.
        """
        if self.most is None:
            return None
        burst = max(1, self.most // _BURST_SHARE)
        rate = max(1, self.most - 2 * burst) / self.window.value.total_seconds()
        return Pace(f"{self.name} {whose}", rate, burst, count)


MESSAGE, SYNC, HOOK = "message/send", "kf/sync_msg", "webhook/send"
PICTURES = ("media/uploadimg",)
SYNC_UNTOLD = "kf/sync_msg without token"  # a pull that no callback asked for

LIMITS: tuple[Limit, ...] = (
    Limit("api-minute", 10_000, Window.MINUTE, Per.API),
    Limit("api-hour", 150_000, Window.HOUR, Per.API, is_booked=True),
    Limit("address-minute", 20_000, Window.MINUTE, Per.ADDRESS),
    Limit("address-hour", 600_000, Window.HOUR, Per.ADDRESS),
    Limit("member-minute", 30, Window.MINUTE, Per.MEMBER, (MESSAGE,), is_silent=True),
    Limit("member-hour", 1_000, Window.HOUR, Per.MEMBER, (MESSAGE,), is_silent=True),
    # Two hundred for each account of the corp.
    Limit("persons-day", None, Window.DAY, Per.PERSONS, (MESSAGE,), is_booked=True),
    Limit("robot-minute", 20, Window.MINUTE, Per.ROBOT, (HOOK,)),
    Limit("untold-sync", 12, Window.MINUTE, Per.API, (SYNC_UNTOLD,)),  # ours, none is told
    Limit("tokens-hour", 60, Window.HOUR, Per.API, ("gettoken",)),  # ours, against blocks
    Limit("moments-minute", 10, Window.MINUTE, Per.API, ("externalcontact/add_moment_task",)),
    Limit("pictures-day", 1_000, Window.DAY, Per.API, PICTURES, is_booked=True),
    Limit("pictures-month", 3_000, Window.MONTH, Per.API, PICTURES, is_booked=True),
)


def limits_from(text: str) -> tuple[Limit, ...]:
    """The limits with other figures, given as "robot-minute=10, persons-day=20000".

    Raises ValueError with the rest of a sentence that begins with the setting's name.
    """
    parts = text.replace("，", ",").split(",")
    figures = dict(_figure(part) for part in parts if part.strip())
    return tuple(replace(limit, most=figures.get(limit.name, limit.most)) for limit in LIMITS)


def _figure(part: str) -> tuple[str, int]:
    name, _, figure = (piece.strip() for piece in part.partition("="))
    if name not in {limit.name for limit in LIMITS}:
        known = ", ".join(limit.name for limit in LIMITS)
        raise ValueError(f"names {name!r}, which is no limit; there are {known}")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", figure):
        raise ValueError(f"needs a whole number from 1 on for {name}, as in {name}=10")
    return name, int(figure)
