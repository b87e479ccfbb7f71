"""A callback address of WeCom before the real door and store, without the turns behind them."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from aiohttp import web

from bot.commands.service import run_loop
from channels.wecom.callback import Callback, Event
from channels.wecom.cipher import Cipher
from handlers.intake import Door
from records import schema
from records.database import Database
from records.messages import Inbound, InboundKind
from records.vault import Vault

PATH = "/wecom/app"
TOKEN, CORP = "bench", "ww0000000000000000"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
STORE = "wecom.db"


def a_cipher() -> Cipher:
    """The cipher of the benchmark, both sides."""
    return Cipher(TOKEN, AES_KEY, CORP)


def _now() -> datetime:
    return datetime.now(UTC)


def _inbound(event: Event) -> Inbound:
    return Inbound(
        channel="wecom_app",
        chat=event.sender,
        outer_id=event.dedupe_key(),
        kind=InboundKind.TEXT,
        text=event.text("Content"),
        sent_at=event.sent_at or _now(),
    )


async def _serve() -> None:
    database = Database(f"sqlite:///{STORE}")
    await schema.migrate(database)
    door = Door(database, Vault("a key for benchmarks"), now=_now, wake_sender=lambda: None)

    async def take(event: Event) -> None:
        await door.receive([_inbound(event)])

    server = web.Application()
    server.add_routes(Callback(a_cipher(), PATH, take).routes())
    runner = web.AppRunner(server, access_log=None, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    run_loop(_serve())
