"""Channels that reach nobody and are as strict as the providers."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from aiohttp import web

from channels.base import FailureKind, Limits, Receive, SendFailure
from records.messages import Outgoing, Receipt
from records.send_budgets import Standing

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_WECOM = "wecom"  # counts bytes, the others characters


class StandIn:
    """A channel for `share` of the people: so much slower, so that they take as long as all."""

    def __init__(
        self,
        kind: str,
        limits: Limits,
        share: float,
        budgets: Mapping[str, Standing],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self.kind = kind
        # The second is counted here, by the clock of the rehearsal.
        self.limits = replace(limits, bulk=limits.bulk * share, a_second=0)
        self.told: dict[str, str] = {}  # by conversation
        self.throttled = 0
        # A sender that comes late catches up a tenth; its own count of the second, by the clock of
        # the machine, would keep that within the provider's.
        self._most = math.ceil(1.1 * (limits.a_second or limits.bulk + 1))
        self._within = timedelta(seconds=1 / share)
        self._budgets = {key: (one.opened_at, one.used) for key, one in budgets.items()}
        self._sent: deque[datetime] = deque()
        self._numbers = count(1)
        self._now = now

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        """None."""
        return ()

    async def start(self, receive: Receive) -> None:
        """Nothing comes in."""

    async def stop(self) -> None:
        """Nothing came in."""

    async def close(self) -> None:
        """Nothing is open."""

    def fault(self) -> str:
        """None."""
        return ""

    async def check(self) -> str:
        """Nothing to try."""
        return ""

    async def send(self, message: Outgoing) -> Receipt:
        """Take it as the provider would."""
        self._check_length(message)
        self._check_pace()
        self._check_budget(message)
        self._sent.append(self._now())
        self.told[message.conversation] = message.text
        return Receipt(f"rehearsed-{next(self._numbers)}")

    def _check_length(self, message: Outgoing) -> None:
        counts_bytes = self.kind.startswith(_WECOM)
        size = len(message.text.encode()) if counts_bytes else len(message.text)
        if size > self.limits.text_length:
            raise SendFailure(FailureKind.TOO_LONG, f"{size} of {self.limits.text_length}")

    def _check_pace(self) -> None:
        now = self._now()
        while self._sent and now - self._sent[0] >= self._within:
            self._sent.popleft()
        if len(self._sent) >= self._most:
            self.throttled += 1
            wait = self._within - (now - self._sent[0])
            raise SendFailure(FailureKind.THROTTLED, "too many", retry_after=wait)

    def _check_budget(self, message: Outgoing) -> None:
        allowance = self.limits.allowance
        if allowance is None:
            return
        key = message.conversation
        opened, used = self._budgets.get(key, (_LONG_AGO, 0))
        cost = self.limits.cost(message.text, ())
        is_open = self._now() - opened < allowance.lasts
        if not is_open or used + cost > allowance.messages:
            raise SendFailure(FailureKind.NOT_NOW, "the window is closed")
        self._budgets[key] = (opened, used + cost)
