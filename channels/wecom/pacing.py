"""When the next call may go, told as a moment: by even paces, exact counts, and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.throttle import Buckets, Pace
from channels.wecom.limits import LIMITS, Limit, Per, Window
from channels.wecom.shares import Counts, Need, Shares


@dataclass(frozen=True, slots=True)
class Use:
    """What one call uses: its path, the robot if it is one, the members whom a message reaches.

    `is_bulk`: nobody waits for it, so it leaves the share that is kept for answers.
    """

    path: str
    robot: str = ""
    members: tuple[str, ...] = ()
    is_bulk: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    until: datetime
    window: int  # its place among the windows of the path, shortest first


class Pacing:
    """The limits of one corp; all its clients in this process share one.

    `counts` are those of all processes; without them this one counts for itself.
    """

    def __init__(self, limits: Sequence[Limit] = LIMITS, counts: Counts | None = None) -> None:
        self._limits = limits
        self._buckets = Buckets()
        self._shares = Shares(counts)
        self._blocks: dict[tuple[str, str], _Block] = {}

    async def turn(self, use: Use, now: datetime) -> datetime:
        """When this call may be made; its share is taken if that is now.

        Raises StoreUnavailable where the share cannot be written down before the call.
        """
        if (until := self._blocked(use, now)) > now:
            return until
        needs = self._needs(use)
        if (at := await self._shares.take(needs, now)) > now:
            return at
        if (at := self.slot(use, now)) > now:
            self._shares.give_back(needs, now)
        return at

    def unsent(self, use: Use, now: datetime) -> None:
        """The call whose turn was `now` certainly never left: its share is free again."""
        self._shares.give_back(self._needs(use), now)

    def slot(self, use: Use, now: datetime) -> datetime:
        """The same by blocks and even paces alone."""
        if (until := self._blocked(use, now)) > now:
            return until
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

    def _blocked(self, use: Use, now: datetime) -> datetime:
        block = self._blocks.get((use.path, use.robot))
        return max(block.until, now) if block else now

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
        limits = [limit for limit in self._of(use.path) if not limit.is_booked]
        paces = [pace for limit in limits for pace in _paces_of(limit, use)]
        return [pace for pace in paces if pace is not None]

    def _needs(self, use: Use) -> list[Need]:
        return [
            _need(limit, limit.most, use)
            for limit in self._of(use.path)
            if limit.is_booked and limit.most is not None
        ]


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


def _need(limit: Limit, most: int, use: Use) -> Need:
    count = max(1, len(use.members)) if limit.per is Per.PERSONS else 1
    whose = "" if limit.per is Per.PERSONS else f" {use.path}"
    return Need(f"{limit.name}{whose}", most, limit.window, count, use.is_bulk)
