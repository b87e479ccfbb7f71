"""The log of one account of 微信客服 as it is pulled: three days, pages, opaque cursors."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left
from dataclasses import dataclass, field
from random import Random

from tests.support.wecom.clock import DAY
from tests.support.wecom.wire import Body, Refused

_KEPT = 3 * DAY


@dataclass(slots=True)
class Paging:
    """How pages come; may be changed at any time."""

    most: int = 1000  # items a page, below what was asked for
    empty_rate: float = 0.0  # an empty page although there is more
    repeat_rate: float = 0.0  # the last item of the page before comes again


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of `sync_msg`."""

    items: list[Body]
    cursor: str
    has_more: bool


@dataclass(slots=True)
class Log:
    """All items of one account in order."""

    account: str
    rng: Random
    paging: Paging
    _times: list[float] = field(default_factory=list)
    _items: list[Body] = field(default_factory=list)

    def add(self, item: Body, at: float) -> None:
        self._times.append(at)
        self._items.append(item)

    def page(self, cursor: str, limit: int, now: float) -> Page:
        """What follows the cursor; without one, the earliest that is still kept."""
        start = max(self._place(cursor), bisect_left(self._times, now - _KEPT))
        end = min(len(self._items), start + min(limit, self.paging.most))
        if start < end and self.rng.random() < self.paging.empty_rate:
            end = start
        first = start - (0 < start < end and self.rng.random() < self.paging.repeat_rate)
        return Page(self._items[first:end], self._cursor(end), end < len(self._items))

    def _cursor(self, place: int) -> str:
        """Another text each time, and good for this account only."""
        body = place.to_bytes(8, "big") + self.rng.randbytes(4)
        return urlsafe_b64encode(body + self._mark(body)).decode().rstrip("=")

    def _place(self, cursor: str) -> int:
        if not cursor:
            return 0
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise Refused(40058, "invalid cursor") from None
        if len(cursor) > 64 or raw[12:] != self._mark(raw[:12]):
            raise Refused(40058, "invalid cursor")
        return int.from_bytes(raw[:8], "big")

    def _mark(self, body: bytes) -> bytes:
        return hashlib.sha256(self.account.encode() + body).digest()[:12]
