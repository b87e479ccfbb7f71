"""Somebody at a running program's chat page: asks, and waits for the answer."""

from __future__ import annotations

import asyncio

import aiohttp

_PATIENCE = 30.0
_LOOK_AGAIN = 0.05
_SECOND_PART = 0.5  # a long answer comes in two


class Asker:
    """One visitor of one program."""

    def __init__(self, address: str) -> None:
        self._client = aiohttp.ClientSession(address, cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Asker:
        async with self._client.get("/chat") as page:
            assert page.status == 200
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self._client.close()

    async def ask(self, text: str) -> str:
        """The answer to a question."""
        async with self._client.post("/chat/api/messages", json={"text": text}) as taken:
            assert taken.status == 202
        async with asyncio.timeout(_PATIENCE):
            while not (told := await self._told()):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_AGAIN)
        await asyncio.sleep(_SECOND_PART)
        return told

    async def _told(self) -> str:
        """What has been answered since they last spoke."""
        told: list[str] = []
        for message in await self._history():
            if message["from"] == "me":
                told.clear()
            elif message["kind"] == "answer":
                told.append(message["text"])
        return "\n".join(told)

    async def _history(self) -> list[dict[str, str]]:
        async with self._client.get("/chat/api/history") as answer:
            told: dict[str, list[dict[str, str]]] = await answer.json()
        return told["messages"]
