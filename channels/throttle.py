"""Named limits: when a message may leave, told as a moment rather than by waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.base import Limits

_MANY = 50_000  # buckets kept before the idle ones are swept out


@dataclass(slots=True)
class _Bucket:
    """GCRA: `tat` is when the next message would be due at an even pace."""

    tat: datetime
    silent_until: datetime | None = None


class Throttle:
    """Hands out send times within the limits of one channel.

    Buckets: one a chat (Telegram: about one message a second, short bursts allowed; groups 20 a
    minute) and `bulk` for the whole channel, for messages that answer nobody. A reply takes only
    its chat's: it never queues behind a campaign.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buckets: dict[str, _Bucket] = {}

    def slot(self, chat: str, *, is_group: bool, is_bulk: bool, now: datetime) -> datetime:
        """When this message may be sent; taken from the buckets at once if that is now."""
        wanted = [self._chat_bucket(chat, is_group)]
        if is_bulk:
            wanted.append(("bulk", self._limits.bulk, 1))
        at = max(self._free_at(name, rate, burst, now) for name, rate, burst in wanted)
        if at <= now:
            for name, rate, _ in wanted:
                self._take(name, rate, now)
        return at

    def pause(self, chat: str, until: datetime, *, is_bulk: bool) -> None:
        """The provider asked for silence: hold this chat, and all bulk if bulk caused it."""
        for name in [f"chat {chat}"] + (["bulk"] if is_bulk else []):
            bucket = self._buckets.setdefault(name, _Bucket(until))
            bucket.silent_until = max(bucket.silent_until or until, until)

    def _chat_bucket(self, chat: str, is_group: bool) -> tuple[str, float, int]:
        rate = self._limits.per_group if is_group else self._limits.per_chat
        return f"chat {chat}", rate, self._limits.burst

    def _free_at(self, name: str, rate: float, burst: int, now: datetime) -> datetime:
        bucket = self._buckets.get(name)
        if bucket is None:
            return now
        paced = bucket.tat - timedelta(seconds=(burst - 1) / rate)
        return max(now, paced, bucket.silent_until or now)

    def _take(self, name: str, rate: float, now: datetime) -> None:
        if len(self._buckets) > _MANY:
            self._buckets = {k: b for k, b in self._buckets.items() if b.tat > now}
        bucket = self._buckets.setdefault(name, _Bucket(now))
        bucket.tat = max(bucket.tat, now) + timedelta(seconds=1 / rate)
