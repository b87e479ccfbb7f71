"""The address of the app under load: each message sealed, checked, and stored for good."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.benching.load import open_loop
from bot.benching.program import address_of, process
from bot.benching.wecom_door import PATH, STORE
from bot.benching.wecom_load import acknowledged, callback
from bot.settings import environment_with

_PEOPLE = 1_000
_REPEATED = 50  # every so-many-th callback comes twice


def measure(home: Path, rate: int, seconds: int) -> dict[str, Any]:
    """What the door took, without the turns behind it."""
    callbacks = list(_callbacks(rate * seconds, int(time.time())))
    with process(["-m", "bot.benching.wecom_door"], home, environment_with({})) as door:
        port = int(address_of(door).rsplit(":", 1)[1])
        load = asyncio.run(open_loop(port, iter(callbacks), rate))
    figures = acknowledged(load, rate)
    return {**figures, "stored_goal": rate * seconds, **_stored(home)}


def _stored(home: Path) -> dict[str, Any]:
    """How many messages are in the store, and how many of them behind a later one of theirs."""
    with closing(sqlite3.connect(home / STORE)) as store:
        rows = store.execute("SELECT conversation, outer_id FROM inbound ORDER BY id").fetchall()
    last: dict[str, int] = {}
    behind = 0
    for conversation, number in rows:
        behind += int(number) < last.get(conversation, 0)
        last[conversation] = int(number)
    return {"stored": len(rows), "out_of_order": behind}


def _callbacks(count: int, now: int) -> Iterator[bytes]:
    for number in range(1, count + 1):
        callback = _callback(number, now)
        yield callback
        if number % _REPEATED == 0:
            yield callback


def _callback(number: int, now: int) -> bytes:
    fields: dict[str, str | int] = {
        "FromUserName": f"person{number % _PEOPLE}",
        "MsgType": "text",
        "Content": "定陶区个体户创业担保贷款最高多少",
        "MsgId": number,
        "AgentID": 1,
    }
    return callback(PATH, fields, now=now, nonce=number)
