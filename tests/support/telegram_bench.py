"""What sending costs: `python -m tests.support.telegram_bench` (Bot API stand-in, 40 to 80 ms).

Three ways to send the same message with three buttons: our channel, PTB's own `send_message` over
our transport, and the bare HTTP request as the floor.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import orjson
import uvloop
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from channels.telegram.channel import Telegram
from channels.telegram.client import Client
from channels.telegram.request import AiohttpRequest
from channels.telegram.sending import calls
from records.messages import Option, Outgoing
from tests.support.bot_api import TOKEN

TEXT = "定陶区个体户创业担保贷款最高10万元。\n依据：2017年的文件。办之前请打电话问一下。"
OPTIONS = (Option("怎么申请", "apply"), Option("要什么材料", "papers"), Option("返回", "back"))

Send = Callable[[int], Awaitable[object]]


def message(number: int) -> Outgoing:
    return Outgoing(number, "telegram", str(number + 1), TEXT, OPTIONS)


@asynccontextmanager
async def by_channel(url: str) -> AsyncIterator[Send]:
    channel = Telegram(token=TOKEN, base_url=url, mode="polling", webhook_secret="", public_url="")
    yield lambda number: channel.send(message(number))
    await channel.close()


@asynccontextmanager
async def by_ptb(url: str) -> AsyncIterator[Send]:
    request = AiohttpRequest()
    client = Client(TOKEN, url, request)

    async def send(number: int) -> object:
        rows = [[InlineKeyboardButton(o.label, callback_data=o.value)] for o in OPTIONS]
        return await client.send_message(
            number + 1,
            TEXT,
            reply_markup=InlineKeyboardMarkup(rows),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    yield send
    await request.shutdown()


@asynccontextmanager
async def by_bare_http(url: str) -> AsyncIterator[Send]:
    async with aiohttp.ClientSession() as session:

        async def send(number: int) -> object:
            async with session.post(
                f"{url}/bot{TOKEN}/sendMessage",
                data=orjson.dumps(calls(message(number))[0]),
                headers={"Content-Type": "application/json"},
            ) as answer:
                return orjson.loads(await answer.read())

        yield send


async def measure(send: Send, count: int, parallel: int) -> tuple[float, float]:
    """Messages a second, and milliseconds of our CPU a message."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await send(number)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(parallel)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return count / wall, 1000 * cpu / count


async def compare(options: argparse.Namespace) -> None:
    command = ("-m", "tests.support.bot_api", "--port", "0", "--knows-everybody")
    latency = ("--latency-ms", *map(str, options.latency_ms))
    server = await asyncio.create_subprocess_exec(
        sys.executable, *command, *latency, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    url = (await server.stdout.readline()).decode().split(" at ")[1].split(",")[0]
    try:
        for name, way in (("channel", by_channel), ("PTB", by_ptb), ("bare HTTP", by_bare_http)):
            async with way(url) as send:
                await measure(send, 200, options.parallel)
                rate, cost = await measure(send, options.count, options.parallel)
            print(f"{name:10} {rate:6.0f} messages/s {cost:6.3f} CPU-ms each")  # noqa: T201
    finally:
        server.terminate()
        await server.wait()


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--parallel", type=int, default=64)
    parser.add_argument("--latency-ms", type=float, nargs=2, default=(40, 80))
    uvloop.run(compare(parser.parse_args()))


if __name__ == "__main__":
    main()
