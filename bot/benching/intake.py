"""`bench intake`: how fast the door is, and how fast a whole conversation."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from bot.benching.load import Load, closed_loop, open_loop, post
from bot.benching.program import (
    STAND_IN,
    TOKEN,
    BenchFailure,
    address_of,
    control,
    cpu_seconds,
    free_port,
    process,
    wait_for,
    wait_until_ready,
)
from bot.settings import environment_with

SECRET = "bench-secret"
_SECRET_KEY = "a key for benchmarks only, of 32 characters"
REQUESTS = 20_000
CONNECTIONS = 64
PEOPLE = 1_000
RATE = 300
SECONDS = 20
_QUIET = 2.0
_FIRST = 10**9  # beyond the numbers of the stand-in, whose updates are stored before
QUESTIONS = (
    "定陶区个体户创业担保贷款最高多少",
    "宜昌一次性创业补贴要什么条件",
    "濮阳小微企业贴息贷款多少",
    "首页",
)


def measure(database_url: str = "") -> dict[str, Any]:
    """All figures of the intake, on an empty database or SQLite, with their limits.

    The path comes first: what the door alone takes in is never answered.
    """
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        home = Path(folder)
        database = database_url or f"sqlite:///{home}/intake.db"
        return {
            "machine_load": round(os.getloadavg()[0], 1),
            **_whole_path(home, database),
            **_acknowledgements(home, database),
        }


def _acknowledgements(home: Path, database: str) -> dict[str, Any]:
    port = free_port()
    with process(["-m", "bot.benching.echo", str(port)], home, environment_with({})):
        wait_for(port)
        echo = asyncio.run(closed_loop(port, _updates("/echo", _FIRST, REQUESTS), CONNECTIONS))
    with _stand_in(home) as api:
        settings = _webhook_settings(database, api)
        with process(["-m", "bot.benching.door"], home, environment_with(settings)) as door:
            address = address_of(door)
            wait_until_ready(address)
            door_port = int(address.rsplit(":", 1)[1])
            updates = _updates("/telegram/main", _FIRST, REQUESTS)
            before = cpu_seconds(door.pid)
            stored = asyncio.run(closed_loop(door_port, updates, CONNECTIONS))
            computed = cpu_seconds(door.pid) - before
            updates = _updates("/telegram/main", _FIRST + REQUESTS, 1_000)
            calm = asyncio.run(open_loop(door_port, updates, 100.0))
    _all_answered(echo, stored, calm)
    return {
        "echo_per_second": round(echo.rate),
        "acknowledged_per_second": round(stored.rate),
        "acknowledged_to_echo": round(stored.rate / echo.rate, 2),
        "acknowledged_to_echo_goal": 0.6,
        "acknowledged_per_core_second_of_the_door": round(stored.answered / computed),
        "ack_p99_ms_at_100_a_second": round(calm.percentile(0.99), 1),
        "ack_p99_ms_goal": 10,
    }


def _whole_path(home: Path, database: str) -> dict[str, Any]:
    with _stand_in(home, "--latency-ms", "40", "80", "--knows-everybody") as address:
        settings = {
            "GUIYAN_TELEGRAM_TOKEN": TOKEN,
            "GUIYAN_TELEGRAM_BASE_URL": address,
            "GUIYAN_DATABASE_URL": database,
            "GUIYAN_SECRET_KEY": _SECRET_KEY,
        }
        with process(
            ["-m", "bot", "run", "--port", "0"], home, environment_with(settings)
        ) as program:
            wait_until_ready(address_of(program))
            _say(address, [(20_000 + person, "首页") for person in range(PEOPLE)])
            _wait_for_quiet(address)
            before = cpu_seconds(program.pid)
            steady = _steady(address)
            computed = cpu_seconds(program.pid) - before
            burst = _burst(address)
    answered = RATE * SECONDS - steady["replies_lost"]
    return steady | {"replies_per_core_second_of_the_program": round(answered / computed)} | burst


def _steady(address: str) -> dict[str, Any]:
    """So many messages a second for a while, from people in turn."""
    first = len(control(address, "sent"))
    said: list[tuple[float, int]] = []
    began = time.time()
    for number in range(RATE * SECONDS // 15):
        batch = [_saying(number * 15 + i) for i in range(15)]
        time.sleep(max(0.0, began + number * 15 / RATE - time.time()))
        said += [(time.time(), chat) for chat, _ in batch]
        _say(address, batch)
    _wait_for_quiet(address)
    sent = control(address, f"sent?since={first}")
    seconds = max(one["at"] for one in sent) - began
    times = _reply_times(said, sent)
    return {
        "replies_per_second": round(len(times) / seconds),
        "replies_per_second_goal": RATE,
        "reply_p50_ms": round(_percentile(times, 0.5)),
        "reply_p95_ms": round(_percentile(times, 0.95)),
        "reply_p95_ms_goal": 300,
        "replies_lost": len(said) - len(times),
    }


def _burst(address: str) -> dict[str, Any]:
    """A thousand people at the same moment."""
    first = len(control(address, "sent"))
    began = time.time()
    _say(address, [(10_000 + person, QUESTIONS[person % 3]) for person in range(PEOPLE)])
    _wait_for_quiet(address)
    answered: dict[int, float] = {}
    for one in control(address, f"sent?since={first}"):
        answered.setdefault(one["chat"], one["at"])
    return {
        "burst_people": PEOPLE,
        "burst_answered": len(answered),
        "burst_seconds": round(max(answered.values()) - began, 2),
        "burst_seconds_goal": 5,
    }


def _saying(number: int) -> tuple[int, str]:
    return 20_000 + number % PEOPLE, QUESTIONS[number // PEOPLE % len(QUESTIONS)]


def _reply_times(said: list[tuple[float, int]], sent: list[dict[str, Any]]) -> list[float]:
    """Milliseconds from each message to the first reply that belongs to it, chat by chat."""
    asked: dict[int, list[float]] = {}
    for at, chat in said:
        asked.setdefault(chat, []).append(at)
    times = []
    for one in sent:
        waiting = asked.get(one["chat"])
        if waiting and one["at"] >= waiting[0]:
            times.append((one["at"] - waiting.pop(0)) * 1000)
    return times


def _say(address: str, sayings: list[tuple[int, str]]) -> None:
    control(address, "say", [{"chat": chat, "text": text} for chat, text in sayings])


def _wait_for_quiet(address: str) -> None:
    """Until nothing has been sent for two seconds."""
    count, since = -1, time.monotonic()
    while time.monotonic() - since < _QUIET:
        now = control(address, "state")["sent"]
        if now != count:
            count, since = now, time.monotonic()
        time.sleep(0.1)


def _updates(path: str, first: int, count: int) -> Iterator[bytes]:
    header = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
    for number in range(first, first + count):
        chat = {"id": 1 + number % PEOPLE, "type": "private"}
        message = {"message_id": number, "date": 1, "chat": chat, "from": chat, "text": "你好"}
        body = orjson.dumps({"update_id": number, "message": message})
        yield post(path, body, header)


@contextmanager
def _stand_in(home: Path, *arguments: str) -> Iterator[str]:
    command = ["-m", STAND_IN, "--port", "0", *arguments]
    with process(command, home, environment_with({})) as api:
        yield address_of(api)


def _webhook_settings(database: str, base_url: str) -> dict[str, str]:
    return {
        "GUIYAN_DATABASE_URL": database,
        "GUIYAN_SECRET_KEY": _SECRET_KEY,
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": base_url,
        "GUIYAN_TELEGRAM_MODE": "webhook",
        "GUIYAN_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "GUIYAN_PUBLIC_URL": "http://127.0.0.1:1",
    }


def _all_answered(*loads: Load) -> None:
    if any(load.refused for load in loads):
        raise BenchFailure("some requests of the load were refused")


def _percentile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
