"""Spoiled updates to the webhook over HTTP: never a 5xx, and sound ones between them arrive."""

from __future__ import annotations

import random

import aiohttp
import orjson

from tests.fuzz.answers import Fault
from tests.fuzz.callbacks import telegram_body, updates
from tests.support.bot_api import BotApi
from tests.support.telegram_channel import SECRET, ListDoor, hooked

_FIRST = 10**12  # ids of the sound ones, which no spoiled one has
_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


async def hooked_up(count: int, seed: int) -> list[Fault]:
    """The faults of so many spoiled updates, each with a sound one behind it."""
    door, faults = ListDoor(), []
    async with BotApi() as api, hooked(api, door) as url, aiohttp.ClientSession() as client:
        for number in range(count):
            body = telegram_body(random.Random(f"{seed}/{number}"))
            for sent in (body, _sound(number)):
                async with client.post(url, data=sent, headers=_HEADERS) as answer:
                    if answer.status >= 500:
                        what = f"webhook, seed {seed}, number {number}: status {answer.status}"
                        faults.append(Fault(what, repr(sent[:300])))
    arrived = {message.outer_id for message in door.kept}
    lost = [n for n in range(count) if str(_FIRST + n) not in arrived]
    return faults + [Fault(f"webhook, seed {seed}: a sound update was lost", str(n)) for n in lost]


def _sound(number: int) -> bytes:
    said = next(one for one in updates() if one.get("message", {}).get("text") == "/help")
    return orjson.dumps(said | {"update_id": _FIRST + number})
