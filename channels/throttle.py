"""Named limits: when a message may leave, told as a moment rather than by waiting."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.base import Limits

_MANY = 50_000  # buckets kept before the idle ones are swept out


@dataclass(frozen=True, slots=True)
class Pace:
    """What one bucket lets through: `rate` a second, `burst` at once; `count` of it are wanted."""

    name: str
    rate: float
    burst: int
    count: int = 1


@dataclass(slots=True)
class _Bucket:
    """GCRA: `tat` is when the next message would be due at an even pace."""

    tat: datetime
    silent_until: datetime | None = None

    def is_idle(self, now: datetime) -> bool:
        return self.tat <= now and (self.silent_until is None or self.silent_until <= now)


class Buckets:
    """Buckets by name, made when they are first asked for.

    Within any stretch of time t a bucket lets through at the most `burst + rate * t`.
    """

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}

    def slot(
        self, wanted: Sequence[Pace], now: datetime, ahead: timedelta = timedelta(0)
    ) -> datetime:
        """When all of these have room; taken from them at once if that is within `ahead`."""
        at = max((self.free_at(pace, now) for pace in wanted), default=now)
        if at <= now + ahead:
            for pace in wanted:
                self._take(pace, at)
        return at

    def room(self, pace: Pace, now: datetime, ahead: timedelta) -> int:
        """How many would be let through from now on within `ahead`."""
        at = self.free_at(pace, now)
        return 0 if at > now + ahead else 1 + int((now + ahead - at).total_seconds() * pace.rate)

    def silence(self, name: str, until: datetime) -> None:
        """Let nothing through before `until`."""
        bucket = self._buckets.setdefault(name, _Bucket(until))
        bucket.silent_until = max(bucket.silent_until or until, until)

    def free_at(self, pace: Pace, now: datetime) -> datetime:
        """When this has room."""
        bucket = self._buckets.get(pace.name)
        if bucket is None:
            return now
        paced = bucket.tat + timedelta(seconds=(pace.count - pace.burst) / pace.rate)
        return max(now, paced, bucket.silent_until or now)

    def _take(self, pace: Pace, now: datetime) -> None:
        if len(self._buckets) > _MANY:
            self._buckets = {k: b for k, b in self._buckets.items() if not b.is_idle(now)}
        bucket = self._buckets.setdefault(pace.name, _Bucket(now))
        bucket.tat = max(bucket.tat, now) + timedelta(seconds=pace.count / pace.rate)


AHEAD = timedelta(seconds=0.1)  # so much earlier is bulk taken in hand than it leaves


class Throttle:
    """Hands out send times within the limits of one channel.

    Buckets: one a chat (Telegram: about one message a second, short bursts allowed; groups 20 a
    minute) and `bulk` for the whole channel, for messages that answer nobody. A reply takes only
    its chat's: it never queues behind a campaign. Where the provider counts all messages of any
    second, bulk takes what replies leave of it.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buckets = Buckets()
        self._ended: deque[float] = deque()  # when the sends of the last second were answered
        self._under_way = 0

    def slot(self, chat: str, *, is_group: bool, is_bulk: bool, now: datetime) -> datetime:
        """When this message may be sent; taken at once if that is now, or soon for bulk."""
        rate = self._limits.per_group if is_group else self._limits.per_chat
        wanted = [Pace(f"chat {chat}", rate, self._limits.burst)]
        if not is_bulk:
            return self._buckets.slot(wanted, now)
        return self._buckets.slot([*wanted, self._bulk], now, AHEAD)

    def room(self, now: datetime) -> int:
        """How many messages of bulk it is time to take in hand."""
        return self._buckets.room(self._bulk, now, AHEAD)

    def rest(self, now: datetime) -> timedelta:
        """How long there is no room for bulk."""
        return max(timedelta(0), self._buckets.free_at(self._bulk, now) - AHEAD - now)

    def is_full(self) -> bool:
        """Whether the provider may count as many messages in this second as it takes.

        A message arrives between its sending and the answer: it counts until a second after that.
        """
        if not self._limits.a_second:
            return False
        before = time.monotonic() - 1
        while self._ended and self._ended[0] <= before:
            self._ended.popleft()
        return len(self._ended) + self._under_way > self._limits.a_second

    def begins(self) -> None:
        """A message is about to be sent."""
        self._under_way += 1

    def steps_back(self) -> None:
        """It is not sent yet."""
        self._under_way -= 1

    def ends(self) -> None:
        """The provider has answered, or will not any more."""
        self._under_way -= 1
        if self._limits.a_second:
            self._ended.append(time.monotonic())

    def pause(self, chat: str, until: datetime, *, is_bulk: bool) -> None:
        """The provider asked for silence: hold this chat, and all bulk if bulk caused it."""
        for name in [f"chat {chat}"] + (["bulk"] if is_bulk else []):
            self._buckets.silence(name, until)

    @property
    def _bulk(self) -> Pace:
        return Pace("bulk", self._limits.bulk, 1)
