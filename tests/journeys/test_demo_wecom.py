"""The demonstration on WeCom: the real service, the stand-in, and a customer who is answered."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.support.program import clean_environment

_ROOT = Path(__file__).parent.parent.parent


@dataclass
class Demo:
    """The demonstration as a process, and its page."""

    process: asyncio.subprocess.Process
    lines: list[str]
    url: str
    session: ClientSession

    async def play(self, name: str, **given: Any) -> Any:
        answer = await self.session.post(f"{self.url}/play/{name}", json=given)
        return (await answer.json()).get("done")

    async def customer(self) -> dict[str, Any]:
        answer = await self.session.get(f"{self.url}/play/state")
        found: dict[str, Any] = (await answer.json())["customers"][0]
        return found

    async def until(self, happened: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while not happened(found := await self.customer()):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return found


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.wecom.demo", "--port", "0",
        cwd=_ROOT, env=clean_environment(), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    async with asyncio.timeout(60):
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append((await process.stdout.readline()).decode())
            assert lines[-1], lines
    url = next(line for line in lines if line.startswith("演练场")).split()[-1]
    async with ClientSession() as session:
        yield Demo(process, lines, url, session)
    if process.returncode is None:
        process.kill()
    await process.wait()
    await asyncio.sleep(0.05)


async def test_a_customer_is_answered_and_the_demonstration_ends(demo: Demo) -> None:
    customer = (await demo.customer())["id"]
    await demo.play("enter", customer=customer)
    seen = await demo.until(lambda c: c["messages"])
    label = seen["messages"][0]["choices"][0]
    await demo.play("tap", customer=customer, label=label)
    seen = await demo.until(lambda c: len(c["messages"]) > 2)
    assert (seen["left"], seen["messages"][-1]["by"]) == (4, "us")
    demo.process.send_signal(signal.SIGINT)
    assert await demo.process.wait() == 0
