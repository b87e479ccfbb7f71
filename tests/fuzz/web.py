"""Inputs to the running program over HTTP: taken or refused in a sentence, answered, no trace."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from handlers.dialogue import Reply
from tests.fuzz.answers import Fault
from tests.fuzz.figures import Figure
from tests.fuzz.inputs import Input
from tests.fuzz.talks import faults_of
from tests.support.program import Program

A_VISITOR = 15  # messages, fewer than one may send at once
AT_ONCE = 4
PATIENCE = 60.0  # seconds until all replies are there
_TRACES = ("Traceback", "flow failed", "turn failed", "could not be stored")


async def posted(given: Sequence[Input], allowed: frozenset[Figure]) -> list[Fault]:
    """The faults of the program when many visitors post these inputs."""
    with tempfile.TemporaryDirectory() as folder:
        async with Program(Path(folder), {}) as program:
            address = await program.start()
            await program.ready()
            visits = [given[n : n + A_VISITOR] for n in range(0, len(given), A_VISITOR)]
            room = asyncio.Semaphore(AT_ONCE)
            found = await asyncio.gather(*(_visit(address, v, allowed, room) for v in visits))
            traces = [Fault(f"in the log: {t}", "", "") for t in _TRACES if t in program.log()]
            return [fault for faults in found for fault in faults] + traces


async def _visit(
    address: str, given: Sequence[Input], allowed: frozenset[Figure], room: asyncio.Semaphore
) -> list[Fault]:
    jar = aiohttp.CookieJar(unsafe=True)  # an address without a name has cookies too
    async with room, aiohttp.ClientSession(address, cookie_jar=jar) as client:
        async with client.get("/chat") as page:
            await page.read()
        return [fault async for fault in _spoken(client, given, allowed)]


async def _spoken(
    client: aiohttp.ClientSession, given: Sequence[Input], allowed: frozenset[Figure]
) -> AsyncIterator[Fault]:
    taken = 0
    for number, one in enumerate(given):
        async with client.post("/chat/api/messages", data=_body(one, number)) as answer:
            said = await answer.json()
            taken += answer.status == 202
            if answer.status >= 500 or (answer.status != 202 and not said["error"].endswith("。")):
                yield Fault(f"status {answer.status}", one.text, str(said))
    for line in await _replies(client, taken):
        reply = Reply(line["text"], kind=line["kind"])
        for what in faults_of([reply], allowed):
            yield Fault(what, " / ".join(one.text[:40] for one in given), line["text"])


def _body(one: Input, seed: int) -> bytes:
    """Mostly what a page sends; now and then bytes that are no message at all."""
    chance = random.Random(f"{one.kind}{len(one.text)}{seed}")
    if chance.random() < 0.1:
        return chance.choice((one.text.encode("utf-8", "surrogatepass"), chance.randbytes(300)))
    value: Any = chance.choice((one.text,) * 20 + ([one.text], None, 7, {}))
    field = "option" if chance.random() < 0.2 else "text"
    return _json({field: value})


def _json(fields: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(fields)
    except TypeError:  # half a pair: as bytes that are no UTF-8
        return b'{"text":"' + str(fields).encode("utf-8", "surrogatepass") + b'"}'


async def _replies(client: aiohttp.ClientSession, taken: int) -> list[dict[str, Any]]:
    """What was answered, once nothing more comes."""
    end, before = time.monotonic() + PATIENCE, -1
    while time.monotonic() < end:
        async with client.get("/chat/api/history?limit=200") as answer:
            lines = (await answer.json())["messages"]
        mine = [line for line in lines if line["from"] == "me"]
        theirs = [line for line in lines if line["from"] == "bot"]
        if len(mine) == taken and len(theirs) == before and (theirs or not taken):
            return theirs
        before = len(theirs)
        await asyncio.sleep(1.0)
    return [{"text": "（没有回音）", "kind": "reply"}] if taken else []
