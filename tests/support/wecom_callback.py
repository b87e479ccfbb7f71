"""A callback address on a real server, and WeCom's side of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import ClientResponse, ClientSession, web

from channels.wecom.callback import Callback, Event
from channels.wecom.cipher import Cipher
from channels.wecom.envelope import Reply

PATH = "/wecom/app"
TOKEN, KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "ww5823bf96d3bd56c7"
MOMENT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
NOW = int(MOMENT.timestamp())
TEXT = (
    f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName>zhangsan</FromUserName>"
    f"<CreateTime>{NOW}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[悄悄话]]></Content><MsgId>4561255354251345929</MsgId></xml>"
)


@dataclass
class Store:
    """Takes events into a list; raises `failures` first, and answers with `reply`."""

    kept: list[Event] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    reply: Reply | None = None

    async def take(self, event: Event) -> Reply | None:
        if self.failures:
            raise self.failures.pop(0)
        self.kept.append(event)
        return self.reply


def a_cipher() -> Cipher:
    return Cipher(TOKEN, KEY, CORP)


def query(encrypt: str, at: int = NOW, nonce: str = "263014780") -> dict[str, str]:
    """The query of a callback that carries `encrypt`."""
    timestamp = str(at)
    signature = a_cipher().sign(timestamp, nonce, encrypt)
    return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}


def sealed(text: str) -> str:
    return a_cipher().encrypt(text, timestamp="", nonce="").encrypt


def wrapped(encrypt: str) -> bytes:
    """The body of a callback in XML."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[218]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    ).encode()


@dataclass(frozen=True, slots=True)
class Site:
    """The address, as somebody outside sees it."""

    url: str
    session: ClientSession

    async def post(self, text: str, at: int = NOW) -> ClientResponse:
        """Send one message as WeCom does."""
        encrypt = sealed(text)
        return await self.session.post(self.url, params=query(encrypt, at), data=wrapped(encrypt))

    async def check(self, text: str) -> ClientResponse:
        """The URL check."""
        encrypt = sealed(text)
        return await self.session.get(self.url, params=query(encrypt) | {"echostr": encrypt})


@asynccontextmanager
async def serving(store: Store, cipher: Cipher | None = None) -> AsyncIterator[Site]:
    """The address until the end of the block; its clock stands still."""
    callback = Callback(cipher or a_cipher(), PATH, store.take, now=lambda: MOMENT, patience=0.2)
    server = web.AppRunner(web.Application(), access_log=None, auto_decompress=False)
    server.app.add_routes(callback.routes())
    await server.setup()
    try:
        await web.TCPSite(server, "127.0.0.1", 0).start()
        host, port = server.addresses[0][:2]
        async with ClientSession() as session:
            yield Site(f"http://{host}:{port}{PATH}", session)
    finally:
        await server.cleanup()
