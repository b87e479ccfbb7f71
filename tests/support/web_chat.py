"""The web chat on a real server with a real store; its answers are written down beforehand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from channels.webchat.channel import WebChat
from channels.webchat.visitors import COOKIE
from records import inbound, outbox, sending
from records.database import Database
from records.inbound import NewInbound
from records.messages import Inbound, InboundKind, Option, Priority
from records.outbox import NewOutgoing, OutboxState, sealed_content
from records.sending import Claim, Outcome
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Answer:
    """One scripted message to the visitor."""

    text: str
    options: tuple[Option, ...] = ()
    kind: str = "reply"


Script = Mapping[str, Sequence[Answer]]


class ScriptedDoor:
    """Stores what comes in, and answers from a script through the outbox as the sender would."""

    def __init__(self, database: Database, vault: Vault, channel: WebChat, script: Script) -> None:
        self._database = database
        self._vault = vault
        self._channel = channel
        self._script = script
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self.heard: list[str] = []
        self.fault: Exception | None = None
        self.delay = 0.0

    async def receive(self, messages: Iterable[Inbound]) -> list[bool]:
        """As the real door: durable when it returns, answered a little later."""
        if self.fault:
            raise self.fault
        batch = list(messages)
        new = [self._database.batch(inbound.store, self._row(message)) for message in batch]
        fresh = list(await asyncio.gather(*new))
        for message, is_new in zip(batch, fresh, strict=True):
            if is_new:
                self.heard.append(message.text)
                task = asyncio.create_task(self._answer(message))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return fresh

    async def say(self, chat: str, answer: Answer, *, key: str, is_near: bool = True) -> None:
        """Queue one message for a visitor and send what is due."""
        await self.queue(chat, answer, key=key)
        await self.send_due(is_near=is_near)

    async def queue(
        self, chat: str, answer: Answer, *, key: str, priority: Priority = Priority.REPLY
    ) -> None:
        """Put one message in the outbox."""
        payload = sealed_content(
            self._vault, answer.text, options=answer.options, kind=answer.kind
        )
        now = datetime.now(UTC)
        row = NewOutgoing(WebChat.kind, chat, key, payload, now, priority.value)
        await self._database.run(outbox.enqueue, [row])

    async def send_due(self, *, is_near: bool = True, limit: int = 10) -> None:
        """As the sender does it; `is_near` says whether it runs in the web chat's own process."""
        claim = Claim("test", (WebChat.kind,), limit, datetime.now(UTC))
        for claimed in await self._database.batch(sending.claim, claim):
            if is_near:
                await self._channel.send(outbox.as_outgoing(claimed, self._vault))
            outcome = Outcome(claimed.id, OutboxState.SENT, datetime.now(UTC))
            await self._database.batch(sending.settle, outcome)

    async def finish(self) -> None:
        """Wait until everything that came in has been answered."""
        await asyncio.gather(*self._tasks)

    async def _answer(self, message: Inbound) -> None:
        word = "START" if message.kind is InboundKind.START else message.text
        default = [Answer(f"您说的是“{message.text}”。")]
        async with self._turn:
            for number, answer in enumerate(self._script.get(word, default)):
                await asyncio.sleep(self.delay)
                await self.say(message.chat, answer, key=f"{message.outer_id}/{number}")

    def _row(self, message: Inbound) -> NewInbound:
        return NewInbound(
            channel=message.channel,
            outer_id=message.outer_id,
            conversation=message.conversation,
            sequence=message.sequence,
            payload=self._vault.seal(message.as_payload()),
            sent_at=message.sent_at,
            received_at=message.sent_at,
        )


@asynccontextmanager
async def serving(channel: WebChat, door: ScriptedDoor, port: int = 0) -> AsyncIterator[str]:
    """The channel on a free port of this machine; yields its address."""
    app = web.Application()
    app.add_routes(channel.routes(door.receive))
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    host, bound = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{bound}"
    finally:
        await channel.stop()
        await runner.cleanup()
        await door.finish()


class Visit:
    """One visitor's browser, as a program."""

    def __init__(self, session: aiohttp.ClientSession, door: ScriptedDoor, chat: WebChat) -> None:
        self.session = session
        self.door = door
        self.chat = chat

    @property
    def visitor(self) -> str:
        """The random number in the cookie."""
        cookies = {cookie.key: cookie.value for cookie in self.session.cookie_jar}
        return cookies[COOKIE].partition(".")[0]

    async def post(self, content: object, **headers: str) -> tuple[int, dict[str, Any]]:
        """POST a message, as JSON unless it is bytes; status and answer."""
        body = content if isinstance(content, bytes) else orjson.dumps(content)
        async with self.session.post("/chat/api/messages", data=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """GET JSON; status and answer."""
        async with self.session.get(path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def history(self) -> list[dict[str, Any]]:
        """Both sides of the conversation."""
        _, answer = await self.get("/chat/api/history")
        return list(answer["messages"])

    @asynccontextmanager
    async def listening(self, query: str = "", **headers: str) -> AsyncIterator[Events]:
        """The stream of events."""
        path = "/chat/api/stream" + query
        async with self.session.get(path, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            yield Events(answer)


class Events:
    """What comes through a stream, one block at a time."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def block(self) -> dict[str, str]:
        """The next block's fields by name; a comment is under ""."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(5):
            while line := (await self.answer.content.readline()).decode().rstrip("\n"):
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        return fields

    async def told(self) -> dict[str, str]:
        """The next block that says something: not a sign of life."""
        while "data" not in (block := await self.block()):
            pass
        return block

    async def messages(self, count: int) -> list[dict[str, Any]]:
        """The next `count` messages, whatever else comes between."""
        return [orjson.loads((await self.told())["data"]) for _ in range(count)]

    async def texts(self, count: int) -> list[str]:
        """The words of the next `count` messages."""
        return [str(message["text"]) for message in await self.messages(count)]


@asynccontextmanager
async def visiting(
    database: Database, vault: Vault, script: Script | None = None, **settings: Any
) -> AsyncIterator[Visit]:
    """A visitor who has opened the page."""
    chat = WebChat(database, vault, **settings)
    door = ScriptedDoor(database, vault, chat, script or {})
    jar = aiohttp.CookieJar(unsafe=True)  # an address instead of a name
    async with (
        serving(chat, door) as url,
        aiohttp.ClientSession(url, cookie_jar=jar) as session,
    ):
        await session.get("/chat")
        yield Visit(session, door, chat)
