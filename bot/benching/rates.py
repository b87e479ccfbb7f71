"""`bench rates`: two senders on one channel, one killed in the middle, seen from the wire.

The stand-in of the Bot API refuses nothing and notes when each message came: what the provider
would have refused is counted from that.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from subprocess import Popen
from typing import Any

from bot.benching.backlog import settings_for
from bot.benching.campaign_world import NOW
from bot.benching.program import (
    STAND_IN,
    BenchFailure,
    address_of,
    control,
    process,
    wait_until_ready,
)
from bot.settings import environment_with, load
from bot.wiring import App, build
from channels.registry import channel_class
from outreach.pushes import a_push
from records import outbox
from records.database import Session, StoreUnavailable
from records.messages import Priority
from records.outbox import NewOutgoing, OutboxState
from records.vault import Vault

SECONDS = 120.0
SHARE_GOAL = 0.98
GROUPS = ("-101", "-102")
GROUP_MINUTE = 20  # what Telegram takes in a group in a minute
_MINUTE = 60.0
_PATIENCE = 120.0
_ABOUT = 5.0  # seconds
_MORE = 1.2  # times what can be sent is waiting
_FIRST_CHAT = 1_000_000
_TOGETHER = 1_000
_SENDER = ["-m", "bot", "run", "--only", "sender", "--port", "0"]
_STAND_IN = ["-m", STAND_IN, "--port", "0", "--knows-everybody", "--latency-ms", "40", "80"]
_HOLDER = "SELECT owner FROM lease WHERE name = 'channel telegram'"
_ROWS = "SELECT dedupe_key, state, attempts FROM outbox"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message on the wire: when, to whom, and the key of its row."""

    at: float
    chat: str
    key: str


@dataclass(frozen=True, slots=True)
class Row:
    """What is written of it."""

    state: str
    attempts: int


def measure(database_url: str = "", seconds: float = SECONDS) -> dict[str, Any]:
    """The figures of so many `seconds` on an empty database of PostgreSQL."""
    if not database_url.startswith("postgres"):
        raise BenchFailure("senders share PostgreSQL only: name an empty database by --database")
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        try:
            return _measured(Path(folder), database_url, seconds)
        except StoreUnavailable as fault:
            raise BenchFailure(str(fault)) from fault


def _measured(home: Path, url: str, seconds: float) -> dict[str, Any]:
    limit = channel_class("telegram").limits.a_second
    with process(_STAND_IN, home, environment_with({})) as api, asyncio.Runner() as runner:
        address = address_of(api)
        house = _House(home, settings_for(url) | {"GUIYAN_TELEGRAM_BASE_URL": address}, runner)
        with house.opened():
            with ExitStack() as senders:
                senders.enter_context(house.sender())
                senders.enter_context(house.sender())
                house.queue(round(limit * seconds * _MORE), round(GROUP_MINUTE * seconds / 50))
                _say(f"two senders for {seconds:.0f} seconds")
                began = _first(address)
                _sleep_until(began + seconds / 2)
                killed = house.kill_the_holder()
                senders.enter_context(house.sender())
                _sleep_until(began + seconds)
            arrived = [_arrival(one) for one in _sent(address)]
            rows = house.rows()
    load = {"machine_load": round(os.getloadavg()[0], 1)}
    return load | figures(arrived, rows, limit, (began, began + seconds), killed)


def figures(
    arrived: Sequence[Arrival],
    rows: dict[str, Row],
    limit: int,
    span: tuple[float, float],
    killed: float,
) -> dict[str, Any]:
    """What came within `span` (moments of the machine's clock), and what is written of it."""
    times = sorted(one.at for one in arrived)
    within = [at for at in times if span[0] <= at <= span[1]]
    whole, (silent_from, silent_to) = span[1] - span[0], _silence(times, killed)
    silence = silent_to - silent_from
    return {
        "set_rate": limit,
        "a_second": round(len(within) / whole, 2),
        "share_of_the_whole": round(len(within) / whole / limit, 3),
        "share_without_the_silence_after_the_kill": round(
            len(within) / (whole - silence) / limit, 3
        ),
        "share_goal": SHARE_GOAL,
        "silence_after_the_kill_seconds": round(silence, 2),
        "fullest_second": fullest(times, 1.0),
        "seconds_over_the_limit": over(times, 1.0, limit),
        "fullest_minute_of_a_group": max(
            fullest([one.at for one in arrived if one.chat == group], _MINUTE) for group in GROUPS
        ),
        "a_minute_of_a_group_allowed": GROUP_MINUTE,
        **balance(arrived, rows),
    }


def fullest(times: Sequence[float], seconds: float) -> int:
    """The most within any stretch of so many seconds; `times` in order."""
    return max(_back(times, seconds), default=0)


def over(times: Sequence[float], seconds: float, limit: int) -> int:
    """How many would have been refused: too many came within so many seconds before them."""
    return sum(number > limit for number in _back(times, seconds))


def balance(arrived: Sequence[Arrival], rows: dict[str, Row]) -> dict[str, int]:
    """Said to be sent and not there, there twice, and what is named as uncertain."""
    came = Counter(one.key for one in arrived)
    uncertain = {k for k, row in rows.items() if row.state == OutboxState.UNCERTAIN.value}
    again = {k for k, row in rows.items() if row.attempts > 1}
    twice = {key for key, number in came.items() if number > 1}
    sent = {k for k, row in rows.items() if row.state == OutboxState.SENT.value}
    return {
        "said_to_be_sent_and_not_there": len(sent - came.keys()),
        "there_twice_and_not_named": len(twice - again),
        "uncertain": len(uncertain),
        "uncertain_and_there": len(uncertain & came.keys()),
        "answers_sent_again_after_the_kill": len(again),
        "of_these_there_twice": len(twice & again),
    }


class _House:
    """The store, and senders that come and go."""

    def __init__(self, home: Path, settings: dict[str, str], runner: asyncio.Runner) -> None:
        self._home, self._settings, self._runner = home, settings, runner
        self._app: App = build(load(settings), channels={}, is_service=True)
        self._began = time.monotonic()
        self._senders: list[Popen[str]] = []

    @contextmanager
    def opened(self) -> Iterator[None]:
        """With its tables; BenchFailure where something is queued."""
        try:
            self._runner.run(self._app.open())
            if self.rows():
                raise BenchFailure("messages are queued there: name an empty database")
            yield
        finally:
            self._runner.run(self._app.database.close())

    @contextmanager
    def sender(self) -> Iterator[None]:
        """One more, at work."""
        settings = self._settings | {"GUIYAN_NOW": self._now().isoformat()}
        with process(_SENDER, self._home, environment_with(settings)) as running:
            wait_until_ready(address_of(running), _PATIENCE)
            self._senders.append(running)
            yield

    def kill_the_holder(self) -> float:
        """kill -9 for the one that has the channel; when."""
        [[owner]] = self._read(_HOLDER)
        [holder] = [one for one in self._senders if f"-{one.pid}-" in owner]
        _say("killing the one that sends")
        killed = time.time()
        holder.kill()
        holder.wait()
        return killed

    def queue(self, people: int, to_each_group: int) -> None:
        """A message to each of so many people that nobody waits for, and answers in groups."""
        vault, chats = self._app.vault, range(_FIRST_CHAT, _FIRST_CHAT + people)
        new = [
            *(_to_a_group(vault, group, n) for n in range(to_each_group) for group in GROUPS),
            *(a_push(vault, f"telegram:{one}", str(one), key=str(one), now=NOW) for one in chats),
        ]
        for start in range(0, len(new), _TOGETHER):
            self._runner.run(
                self._app.database.run(outbox.enqueue, new[start : start + _TOGETHER])
            )

    def rows(self) -> dict[str, Row]:
        """What is written of each message, by its key."""
        return {key: Row(state, attempts) for key, state, attempts in self._read(_ROWS)}

    def _read(self, query: str) -> Sequence[Any]:
        return self._runner.run(self._app.database.read(_rows, query))

    def _now(self) -> datetime:
        """A working day, going on."""
        return NOW + timedelta(seconds=time.monotonic() - self._began)


def _to_a_group(vault: Vault, group: str, number: int) -> NewOutgoing:
    text = f"{group}/{number}"
    content = outbox.sealed_content(vault, text, extra={"group": "1"})
    return NewOutgoing("telegram", group, text, content, NOW, Priority.REPLY.value)


def _arrival(sent: dict[str, Any]) -> Arrival:
    chat = str(sent["chat"])
    return Arrival(sent["at"], chat, sent["text"] if chat in GROUPS else chat)


def _silence(times: Sequence[float], killed: float) -> tuple[float, float]:
    """The longest pause that began about when one was killed."""
    begun = [(a, b) for a, b in pairwise(times) if killed - _ABOUT <= a <= killed + _ABOUT]
    return max(begun, key=lambda pause: pause[1] - pause[0], default=(killed, killed))


def _back(times: Sequence[float], seconds: float) -> Iterator[int]:
    """For each, how many came in the stretch that ends with it."""
    return (place - bisect_right(times, at - seconds) + 1 for place, at in enumerate(times))


def _first(address: str) -> float:
    """When the first message came."""
    deadline = time.monotonic() + _PATIENCE
    while not (sent := _sent(address)):
        if time.monotonic() > deadline:
            raise BenchFailure("nothing is sent")
        time.sleep(0.05)
    return float(sent[0]["at"])


def _sent(address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = control(address, "sent")
    return found


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))


def _rows(session: Session, query: str) -> Sequence[Any]:
    return session.connection().exec_driver_sql(query).all()


def _say(what: str) -> None:
    """How far it is: minutes go by before there is a figure."""
    sys.stderr.write(f"bench rates: {what}\n")
    sys.stderr.flush()
