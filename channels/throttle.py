"""Named limits: when a message may leave, told as a moment rather than by waiting."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from channels.base import Limits

_MANY = 10_000  # buckets kept before the idle ones are swept out
_ROUNDING = 1e-6


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

    def slot(self, wanted: Sequence[Pace], now: datetime) -> datetime:
        """When all of these have room; taken from them at once if that is now."""
        at = max((self.free_at(pace, now) for pace in wanted), default=now)
        if at <= now:
            for pace in wanted:
                self._take(pace, at)
        return at

    def room(self, pace: Pace, now: datetime) -> int:
        """How many would be let through now."""
        if self.free_at(pace, now) > now:
            return 0
        bucket = self._buckets.get(pace.name)
        behind = (_tat(bucket, pace, now) - now).total_seconds() if bucket else 0.0
        return pace.burst - math.ceil(max(0.0, behind) * pace.rate - _ROUNDING)

    def silence(self, name: str, until: datetime) -> None:
        """Let nothing through before `until`."""
        bucket = self._buckets.setdefault(name, _Bucket(until))
        bucket.silent_until = max(bucket.silent_until or until, until)

    def knows(self, name: str) -> bool:
        """Whether anything has gone by this."""
        return name in self._buckets

    def recall(self, pace: Pace, moments: Sequence[datetime], now: datetime) -> None:
        """What went before there was this bucket, the oldest first, counts as well."""
        self._buckets[pace.name] = _Bucket(now)
        for moment in moments:
            self._take(pace, moment)

    def free_at(self, pace: Pace, now: datetime) -> datetime:
        """When this has room."""
        bucket = self._buckets.get(pace.name)
        if bucket is None:
            return now
        paced = _tat(bucket, pace, now) + timedelta(seconds=(pace.count - pace.burst) / pace.rate)
        return max(now, paced, bucket.silent_until or now)

    def _take(self, pace: Pace, now: datetime) -> None:
        if len(self._buckets) > _MANY:
            self._buckets = {k: b for k, b in self._buckets.items() if not b.is_idle(now)}
        bucket = self._buckets.setdefault(pace.name, _Bucket(now))
        due = max(_tat(bucket, pace, now), now)
        bucket.tat = due + timedelta(seconds=pace.count / pace.rate)


def _tat(bucket: _Bucket, pace: Pace, now: datetime) -> datetime:
    """No later than what was let through can have made it: the clock may have been put back."""
    return min(bucket.tat, now + timedelta(seconds=pace.burst / pace.rate))


_LATE = 0.1  # seconds: a sender that had no processor for so long catches up
_CLAIM = 0.012  # seconds: about as long as a claim takes, before the message can be sent
_MOST_AHEAD = 3
_MOMENT = 0.004  # seconds: how soon what is under way may be answered
_BULK_MAKES_ROOM, _ANSWERS_GO = 0.3, 0.06  # seconds
_ALL = Pace("all", 1e6, 1_000_000)  # nothing but what the provider refuses


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
        self._bulk = Pace("bulk", limits.bulk, max(1, round(limits.bulk * _LATE)))
        self._ended: deque[float] = deque()  # when the sends of the last second were answered
        self._under_way = 0
        self._bulk_at = -math.inf  # when the last of it left
        self._refused: tuple[str, datetime] | None = None  # the last chat, and until when

    def slot(self, chat: str, *, is_group: bool, is_bulk: bool, now: datetime) -> datetime:
        """When this message may be sent; taken at once if that is now."""
        rate = self._limits.per_group if is_group else self._limits.per_chat
        wanted = [_ALL, Pace(f"chat {chat}", rate, self._limits.burst)]
        at = self._buckets.slot([*wanted, self._bulk] if is_bulk else wanted, now)
        if is_bulk and at <= now:
            self._bulk_at = time.monotonic()
        return at

    def knows(self, chat: str) -> bool:
        """Whether anything went to this chat from here."""
        return self._buckets.knows(f"chat {chat}")

    def recall(self, chat: str, moments: Sequence[datetime], now: datetime) -> None:
        """What went to this group before, perhaps from another process, counts as well."""
        pace = Pace(f"chat {chat}", self._limits.per_group, self._limits.burst)
        self._buckets.recall(pace, moments, now)

    def rests(self, until: datetime) -> None:
        """Send nothing before `until`."""
        for name in ("bulk", _ALL.name):
            self._buckets.silence(name, until)

    def room(self, now: datetime) -> int:
        """How many messages of bulk may be claimed now, to be sent when that is done."""
        room = self._buckets.room(self._bulk, now)
        return min(room, self._left(_CLAIM)) if self._limits.a_second else room

    def rest(self, now: datetime) -> float:
        """Seconds until there is room for bulk; 0 when there is."""
        pace = (self._buckets.free_at(self._bulk, now) - now).total_seconds()
        return max(pace, self.crowded(1) - _CLAIM, 0.0)

    def crowded(self, more: int = 0) -> float:
        """Seconds until the provider's second has room for `more` than are under way; 0 now.

        A message arrives between its sending and the answer: it counts until a second after that.
        """
        if not self._limits.a_second or (over := more - self._left()) <= 0:
            return 0.0
        if over > len(self._ended):
            return _MOMENT
        return max(0.0, self._ended[over - 1] + 1 - time.monotonic())

    def patience(self) -> float:
        """Seconds that an answer waits: room comes soon where bulk has filled the second."""
        return _BULK_MAKES_ROOM if self._carries_bulk() else _ANSWERS_GO

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

    def pause(self, chat: str, until: datetime, *, is_bulk: bool, now: datetime) -> None:
        """The provider asked for silence: hold this chat, and bulk where it may have caused it.

        Where it refuses another chat meanwhile, it means all of them.
        """
        names = [f"chat {chat}"] + (["bulk"] if is_bulk or self._carries_bulk() else [])
        last, self._refused = self._refused, (chat, until)
        if last is not None and last[0] != chat and now < last[1]:
            names = [*names, "bulk", _ALL.name]
        for name in names:
            self._buckets.silence(name, until)

    def _carries_bulk(self) -> bool:
        return time.monotonic() - self._bulk_at < 1

    def _left(self, ahead: float = 0.0) -> int:
        """How many more the provider's second surely takes, so many seconds from now."""
        before = time.monotonic() - 1
        while self._ended and self._ended[0] <= before:
            self._ended.popleft()
        over = sum(1 for at in islice(self._ended, _MOST_AHEAD) if at <= before + ahead)
        return self._limits.a_second - len(self._ended) + over - self._under_way
