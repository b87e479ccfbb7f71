"""The platform's limits by name, as data: when the next call may go, told as a moment.

A limit of N in a window is kept as a bucket of N/6 at once and an even pace for the rest, so that
any window holds at the most N calls, also one in which this program was started again. The figures
are the platform's (pages 90454, 90236, 91770), save where a line says that they are ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from channels.throttle import Buckets, Pace

_CHINA = ZoneInfo("Asia/Shanghai")
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
        tomorrow = now.astimezone(_CHINA).date() + span
        return datetime.combine(tomorrow, time(), _CHINA)


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
    much is dropped without an error, so no refusal ever tells of it.
    """

    name: str
    most: int | None
    window: Window
    per: Per
    paths: tuple[str, ...] = ()
    is_silent: bool = False

    def __str__(self) -> str:
        return f"{self.name}={self.most or '(not set)'}"

    def pace(self, whose: str, count: int = 1) -> Pace | None:
        """The bucket of this limit for one path, member or robot."""
        if self.most is None:
            return None
        burst = max(1, self.most // _BURST_SHARE)
        rate = max(1, self.most - 2 * burst) / self.window.value.total_seconds()
        return Pace(f"{self.name} {whose}", rate, burst, count)


MESSAGE, SYNC, HOOK = "message/send", "kf/sync_msg", "webhook/send"
SYNC_UNTOLD = "kf/sync_msg without token"  # a pull that no callback asked for

LIMITS: tuple[Limit, ...] = (
    Limit("api-minute", 10_000, Window.MINUTE, Per.API),
    Limit("api-hour", 150_000, Window.HOUR, Per.API),
    Limit("address-minute", 20_000, Window.MINUTE, Per.ADDRESS),
    Limit("address-hour", 600_000, Window.HOUR, Per.ADDRESS),
    Limit("member-minute", 30, Window.MINUTE, Per.MEMBER, (MESSAGE,), is_silent=True),
    Limit("member-hour", 1_000, Window.HOUR, Per.MEMBER, (MESSAGE,), is_silent=True),
    Limit("persons-day", None, Window.DAY, Per.PERSONS, (MESSAGE,)),  # 200 for each account
    Limit("robot-minute", 20, Window.MINUTE, Per.ROBOT, (HOOK,)),
    Limit("untold-sync", 12, Window.MINUTE, Per.API, (SYNC_UNTOLD,)),  # ours, none is told
    Limit("tokens-hour", 60, Window.HOUR, Per.API, ("gettoken",)),  # ours, against blocks
    Limit("moments-minute", 10, Window.MINUTE, Per.API, ("externalcontact/add_moment_task",)),
    Limit("pictures-day", 1_000, Window.DAY, Per.API, ("media/uploadimg",)),
    Limit("pictures-month", 3_000, Window.MONTH, Per.API, ("media/uploadimg",)),
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


@dataclass(frozen=True, slots=True)
class Use:
    """What one call uses: its path, the robot if it is one, the members whom a message reaches."""

    path: str
    robot: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    until: datetime
    window: int  # its place among the windows of the path, shortest first


class Pacing:
    """The buckets of one corp in this process; all its clients share one."""

    def __init__(self, limits: Sequence[Limit] = LIMITS) -> None:
        self._limits = limits
        self._buckets = Buckets()
        self._blocks: dict[tuple[str, str], _Block] = {}

    def slot(self, use: Use, now: datetime) -> datetime:
        """When this call may be made; its share is taken if that is now."""
        block = self._blocks.get((use.path, use.robot))
        if block is not None and block.until > now:
            return block.until
        return self._buckets.slot(self._paces(use), now)

    def refused(self, use: Use, now: datetime) -> datetime:
        """The platform said "too often": until when this API is left alone.

        It does not say which limit was met: first we take the shortest for it, and the next longer
        one whenever it refuses again within the window after a block.
        """
        windows = self._windows(use.path)
        block = self._blocks.get((use.path, use.robot))
        place = 0
        if block is not None and now < block.until + windows[block.window].value:
            place = block.window if now < block.until else block.window + 1
        place = min(place, len(windows) - 1)
        until = windows[place].block_ends(now)
        self._blocks[use.path, use.robot] = _Block(until, place)
        return until

    def _of(self, path: str) -> list[Limit]:
        own = [limit for limit in self._limits if path in limit.paths]
        general = [limit for limit in self._limits if not limit.paths]
        return (own or [g for g in general if g.per is Per.API]) + [
            g for g in general if g.per is Per.ADDRESS
        ]

    def _windows(self, path: str) -> list[Window]:
        limits = [one for one in self._of(path) if not one.is_silent and one.per != Per.ADDRESS]
        found = {one.window for one in limits} or {Window.MINUTE}
        return sorted(found, key=lambda window: window.value)

    def _paces(self, use: Use) -> list[Pace]:
        paces = [pace for limit in self._of(use.path) for pace in _paces_of(limit, use)]
        return [pace for pace in paces if pace is not None]


def _paces_of(limit: Limit, use: Use) -> list[Pace | None]:
    match limit.per:
        case Per.API:
            return [limit.pace(use.path)]
        case Per.ADDRESS:
            return [limit.pace("")]
        case Per.MEMBER:
            return [limit.pace(member) for member in dict.fromkeys(use.members)]
        case Per.PERSONS:
            return [limit.pace("", max(1, len(use.members)))]
        case Per.ROBOT:
            return [limit.pace(use.robot)]
