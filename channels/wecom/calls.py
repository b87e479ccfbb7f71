"""Calls with everything around them: pace, pass, deadline, repetition where it does no harm."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from channels.wecom.failures import (
    OK,
    TOKEN_PATH,
    TOO_OFTEN,
    Trouble,
    WecomError,
    advice,
)
from channels.wecom.pacing import Pacing, Use
from channels.wecom.tokens import Now, Pass, Sleep, Token
from channels.wecom.wire import TOTAL_SECONDS, Ask, Reply, Wire
from records.database import StoreUnavailable

log = logging.getLogger("guiyan.wecom")

T = TypeVar("T")

_TRIES = 3
_LEAST_SECONDS = 0.5  # a try with less than this left is not worth making
_TOLD = frozenset({Trouble.CONFIGURATION, Trouble.CREDENTIALS, Trouble.TOKEN, Trouble.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call may take in all and each try, and rests between tries (doubled each time).

    The sender takes a claim for a dead process's after twenty seconds.
    """

    seconds: float = 18.0
    each: float = TOTAL_SECONDS
    rest: float = 0.5
    sleep: Sleep = asyncio.sleep
    jitter: Callable[[], float] = random.random


class Calls:
    """Makes the calls of one app or one robot."""

    def __init__(
        self,
        *,
        wire: Wire,
        entry: Pass,
        pacing: Pacing,
        now: Now,
        setting: str,
        patience: Patience,
    ) -> None:
        self._wire = wire
        self._entry = entry
        self._pacing = pacing
        self._now = now
        self._setting = setting
        self._patience = patience
        self._faults: dict[str, str] = {}  # by path
        self._named: set[tuple[str, int]] = set()  # told in the log, once

    def fault(self) -> str:
        """What keeps calls from working, until a call of that path succeeds; "" if nothing."""
        return self._entry.fault() or next(iter(self._faults.values()), "")

    async def make(
        self, ask: Ask, use: Use, read: Callable[[Reply, str], T], *, may_repeat: bool
    ) -> T:
        """What `read` makes of the reply; raises WecomError.

        Without `may_repeat` only what was certainly not carried out, for want of a good token, is
        asked again.
        """
        deadline = asyncio.get_running_loop().time() + max(self._patience.seconds, ask.seconds)
        tries, in_doubt = 0, False
        while True:
            try:
                return await self._with_token(ask, use, read, deadline)
            except WecomError as error:
                error.may_repeat, error.after_doubt = may_repeat, in_doubt
                in_doubt = in_doubt or error.is_doubtful
                tries += 1
                rest = self._rest(tries)
                is_late = _left(deadline) < rest + _LEAST_SECONDS
                if not (may_repeat and error.trouble.is_passing) or tries >= _TRIES or is_late:
                    self._note(error)
                    raise
            await self._patience.sleep(rest)

    def _rest(self, tries: int) -> float:
        return self._patience.rest * 2.0 ** (tries - 1) * (0.5 + self._patience.jitter())

    async def _with_token(
        self, ask: Ask, use: Use, read: Callable[[Reply, str], T], deadline: float
    ) -> T:
        token = await _in_time(self._entry.get, deadline)
        try:
            return await self._once(ask, use, read, deadline, token=token)
        except WecomError as error:
            if error.trouble is not Trouble.TOKEN:
                raise
            refusal = error
        other = await _in_time(lambda: self._entry.replaced(token), deadline)
        if other is None:
            raise refusal
        return await self._once(ask, use, read, deadline, token=other)

    async def _once(
        self,
        ask: Ask,
        use: Use,
        read: Callable[[Reply, str], T],
        deadline: float,
        *,
        token: Token,
    ) -> T:
        now = self._now()
        await self._take_turn(ask, use, now)
        seconds = max(_LEAST_SECONDS, min(ask.seconds, _left(deadline)))
        query = {**ask.query, self._entry.name: token.value}
        try:
            value = read(
                await self._wire.ask(replace(ask, query=query, seconds=seconds)), ask.path
            )
        except WecomError as error:
            if error.code == TOO_OFTEN:
                error.retry_after = self._pacing.refused(use, now) - now
            elif error.trouble is Trouble.NOT_SENT:
                self._pacing.unsent(use, now)
            raise
        self._faults.pop(ask.path, None)
        return value

    async def _take_turn(self, ask: Ask, use: Use, now: datetime) -> None:
        """Count the call before it is made; raises WecomError where it may not be made now."""
        try:
            turn = await self._pacing.turn(use, now)
        except StoreUnavailable:
            raise WecomError(OK, ask.path, trouble=Trouble.NOT_SENT) from None
        if turn > now:
            raise WecomError(TOO_OFTEN, ask.path, retry_after=turn - now)

    def _note(self, error: WecomError) -> None:
        if error.path == TOKEN_PATH or error.trouble not in _TOLD:
            return  # the tokens tell of theirs
        sentence = advice(error, self._setting)
        if error.stops_all:
            is_new = self._faults.get(error.path) != sentence
            self._faults[error.path] = sentence
        else:
            is_new = (error.path, error.code) not in self._named
            self._named.add((error.path, error.code))
        if is_new:
            log.error("%s", sentence)


def _left(deadline: float) -> float:
    return deadline - asyncio.get_running_loop().time()


async def _in_time(get: Callable[[], Awaitable[T]], deadline: float) -> T:
    """The pass, before the deadline; without it the call was not made."""
    try:
        async with asyncio.timeout_at(deadline):
            return await get()
    except TimeoutError:
        pass
    raise WecomError(OK, TOKEN_PATH, trouble=Trouble.NOT_SENT)
