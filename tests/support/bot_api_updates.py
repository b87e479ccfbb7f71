"""Updates on their way to the bot: a long poll that confirms by offset, or a webhook."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from tests.support.bot_api_checks import Refused

Update = dict[str, Any]

_DEFAULT_KINDS = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
_TAKEN_OVER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_HOOKED = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are delivered, as setWebhook gave it."""

    url: str
    secret: str = ""
    max_connections: int = 40


class Updates:
    """What the bot has not confirmed yet, oldest first."""

    def __init__(self, rng: random.Random) -> None:
        self.pending: dict[int, Update] = {}
        self.kinds = _DEFAULT_KINDS
        self.webhook: Webhook | None = None
        self.last_error = ""
        self.retry_first = 1.0
        self.duplicate_rate = 0.0
        self._rng = rng
        self._doubled: set[int] = set()
        self._last_id = 1_000_000
        self._poller = 0
        self._is_over = False
        self._stirred = asyncio.Event()
        self._queues: dict[str, deque[int]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(40)
        self._session: aiohttp.ClientSession | None = None

    def add(self, update: Update, *, is_raw: bool = False) -> int:
        """Put an update in the queue; its id. One of a kind not asked for is dropped, as there."""
        number = int(update.get("update_id", self._last_id + 1))
        self._last_id = max(number, self._last_id)
        update = {"update_id": number, **update}
        if not is_raw and not self.kinds.intersection(update):
            return number
        self.pending[number] = update
        self._stirred.set()
        if self.webhook is not None:
            self._queue(update)
        return number

    async def poll(self, offset: int, limit: int, patience: float) -> list[Update]:
        """getUpdates: confirm what is below `offset`, then wait for something to give out."""
        if self.webhook is not None:
            raise Refused(409, _HOOKED)
        self._confirm(offset)
        self._poller += 1
        mine, self._is_over = self._poller, False
        self._stirred.set()
        await asyncio.sleep(0)
        end = asyncio.get_running_loop().time() + patience
        while not self.pending and mine == self._poller and not self._is_over:
            self._stirred.clear()
            try:
                async with asyncio.timeout_at(end):
                    await self._stirred.wait()
            except TimeoutError:
                break
        if mine != self._poller:
            raise Refused(409, _TAKEN_OVER)
        return [self.pending[number] for number in sorted(self.pending)[:limit]]

    def hook(self, webhook: Webhook | None) -> None:
        """setWebhook, deleteWebhook: what waits goes the new way."""
        self.webhook = webhook
        for worker in self._workers:
            worker.cancel()
        self._queues.clear()
        self._poller += 1
        self._stirred.set()
        if webhook is not None:
            self._slots = asyncio.Semaphore(webhook.max_connections)
            for number in sorted(self.pending):
                self._queue(self.pending[number])

    def end_polls(self) -> None:
        """Let a long poll come back empty now, as it would at its end."""
        self._is_over = True
        self._stirred.set()

    async def close(self) -> None:
        self.hook(None)
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _confirm(self, offset: int) -> None:
        ids = sorted(self.pending)
        gone = ids[:offset] if offset < 0 else [number for number in ids if number < offset]
        for number in gone:
            if not self._gives_again(number):
                del self.pending[number]

    def _gives_again(self, number: int) -> bool:
        if number in self._doubled or self._rng.random() >= self.duplicate_rate:
            return False
        self._doubled.add(number)
        return True

    def _queue(self, update: Update) -> None:
        key = _queue_key(update)
        if key in self._queues:
            self._queues[key].append(update["update_id"])
            return
        self._queues[key] = deque([update["update_id"]])
        worker = asyncio.create_task(self._work(key))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, key: str) -> None:
        queue, delay = self._queues[key], self.retry_first
        while queue:
            number = queue[0]
            if await self._delivered(self.pending[number]):
                delay = self.retry_first
                if self._gives_again(number):
                    continue
                queue.popleft()
                self.pending.pop(number, None)
            else:
                await asyncio.sleep(delay)
                delay = min(delay * 2, 60)
        del self._queues[key]

    async def _delivered(self, update: Update) -> bool:
        assert self.webhook is not None
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook.secret
        async with self._slots:
            try:
                async with self._client().post(
                    self.webhook.url, data=orjson.dumps(update), headers=headers
                ) as answer:
                    if 200 <= answer.status < 300:
                        return True
                    self.last_error = f"Wrong response from the webhook: {answer.status}"
            except (aiohttp.ClientError, TimeoutError) as error:
                self.last_error = type(error).__name__
        return False

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60)
            )
        return self._session


def _queue_key(update: Update) -> str:
    """The server's queues: a button press by its user, all else by its chat."""
    if isinstance(tap := update.get("callback_query"), dict):
        return f"user {tap['from']['id']}"
    for value in update.values():
        if isinstance(value, dict) and isinstance(value.get("chat"), dict):
            return f"chat {value['chat'].get('id')}"
    return "nobody's"
