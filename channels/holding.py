"""The channels that this process sends on: each is one sender's at a time, so that paces hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from records import leases
from records.alive import Sign, is_dead
from records.database import Database
from records.leases import Held

LASTS = timedelta(seconds=4)  # so soon another takes over from a sender that died
_RENEW = 1.0  # seconds
_GIVE_WAY = 2.5  # seconds after a fault of the store in which whoever had a channel goes first


class Holding:
    """Leases on channels, renewed as time goes; on the embedded default all are ours."""

    def __init__(
        self,
        database: Database,
        kinds: Sequence[str],
        owner: str,
        now: Callable[[], datetime],
        *,
        lasts: timedelta = LASTS,
    ) -> None:
        self._database = database
        self._kinds = tuple(kinds)
        self._owner, self._now, self._lasts = owner, now, lasts
        self._until: dict[str, float] = {}  # by this machine's steady clock
        self._asked = float("-inf")
        self._gives_way = float("-inf")
        self._sign: Sign | None = None

    def holds(self, kind: str) -> bool:
        """Whether nobody else sends there now; a process that was frozen knows that it may be."""
        return self._database.is_sqlite or time.monotonic() < self._until.get(kind, 0.0)

    def give_way(self) -> None:
        """The store was away, all leases may have ended: only what was ours is taken for now."""
        self._gives_way = time.monotonic() + _GIVE_WAY

    async def renew(self) -> list[Held]:
        """Keep what is ours and take what is nobody's; what is new."""
        asked = time.monotonic()
        kinds = self._kinds if asked >= self._gives_way else tuple(self._until)
        if self._database.is_sqlite or not kinds or asked - self._asked < _RENEW:
            return []
        self._asked = asked
        self._sign = self._sign or Sign(self._owner)
        held = await self._database.run(
            leases.hold,
            [_name(kind) for kind in kinds],
            self._owner,
            self._lasts,
            self._now(),
            is_dead,
        )
        self._until = {_kind(one.name): asked + self._lasts.total_seconds() for one in held}
        return [Held(_kind(one.name), one.rested) for one in held if one.rested is not None]

    async def let_go(self) -> None:
        """Leave the channels to others."""
        if not self._database.is_sqlite and self._until:
            self._until = {}
            await self._database.run(leases.let_go, self._owner, self._now())
        if self._sign is not None:
            self._sign.take_down()
            self._sign = None


def _name(kind: str) -> str:
    return f"channel {kind}"


def _kind(name: str) -> str:
    return name.removeprefix("channel ")
