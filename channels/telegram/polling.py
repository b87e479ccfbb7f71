"""Asking Telegram for updates, and going on asking whatever goes wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from telegram.error import Conflict, InvalidToken, TelegramError

from channels.telegram.client import Client
from channels.telegram.failures import detail_of
from channels.telegram.parse import KINDS, is_update
from channels.telegram.request import SlowDown
from records.database import StoreUnavailable

log = logging.getLogger("guiyan.telegram")

T = TypeVar("T")

POLL_SECONDS = 50
_GRACE_SECONDS = 10.0  # how much later than promised an empty answer may come
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 4.0  # so soon people are heard again after a long cut, or a full disk


class Patience:
    """Repeats what fails, waiting longer each time; `trouble` says what is wrong now, or ""."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.trouble = ""
        self._sleep = sleep

    async def insist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The result, however long it takes; one log line for each kind of trouble.

        A wrong token is not waited for: InvalidToken is raised at once.
        """
        wait = _FIRST_WAIT
        while True:
            try:
                result = await attempt()
            except InvalidToken:
                self._note("the token is refused: set GUIYAN_TELEGRAM_TOKEN and start again")
                raise
            except SlowDown as error:
                await asyncio.sleep(max(_FIRST_WAIT, error.retry_after.total_seconds()))
                continue
            except (TelegramError, StoreUnavailable) as error:
                self._note(trouble_of(error))
            except Exception as error:  # a fault behind the door must not end the polling
                log.exception("updates could not be taken in")
                self._note(f"updates cannot be taken in ({type(error).__name__})")
            else:
                self.trouble = ""
                return result
            await self._sleep(wait)
            wait = min(wait * 1.5, _LONGEST_WAIT)

    def _note(self, trouble: str) -> None:
        if trouble != self.trouble:
            log.error("telegram: %s", trouble)
        self.trouble = trouble


class Poller:
    """Hands batches of updates to `take` and confirms each batch only after `take` returned."""

    def __init__(self, client: Client, take: Callable[[Sequence[Any]], Awaitable[None]]) -> None:
        self._client = client
        self._take = take
        self._offset = 0

    async def turn(self) -> None:
        """Confirm the last batch, wait for the next, and have it taken."""
        batch = await self._client.call(
            "getUpdates",
            {"offset": self._offset, "timeout": POLL_SECONDS, "allowed_updates": KINDS},
            seconds=POLL_SECONDS + _GRACE_SECONDS,
        )
        updates = [update for update in batch if is_update(update)]
        if batch and not updates:
            raise TelegramError("no updates in its answer")
        await self._take(updates)
        # After an empty answer all is confirmed, and the next number may be any: Telegram starts
        # anew after a quiet week.
        self._offset = max((update["update_id"] for update in updates), default=-1) + 1


def trouble_of(error: TelegramError | StoreUnavailable) -> str:
    """What went wrong, in a sentence for operators."""
    match error:
        case Conflict():
            return "another program takes the messages of this bot; only one may, stop the other"
        case StoreUnavailable():
            return f"messages wait at Telegram until they can be stored: {error}"
    return f"Telegram cannot be reached or refuses: {detail_of(error)}"
