"""`bench wecom`: how soon callbacks are acknowledged, each sealed, checked and stored for good."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bot.benching.load import open_loop, post
from bot.benching.program import BenchFailure, address_of, process
from bot.benching.wecom_door import CORP, PATH, STORE, a_cipher
from bot.settings import environment_with
from channels.wecom.envelope import as_xml

RATE = 500
SECONDS = 20
PEOPLE = 1_000
REPEATED = 50  # every so-many-th callback comes twice


def measure(rate: int = RATE, seconds: int = SECONDS) -> dict[str, Any]:
    """Callbacks at an even rate, each over a connection of its own, into SQLite."""
    callbacks = list(_callbacks(rate * seconds, int(time.time())))
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        home = Path(folder)
        with process(["-m", "bot.benching.wecom_door"], home, environment_with({})) as door:
            port = int(address_of(door).rsplit(":", 1)[1])
            load = asyncio.run(open_loop(port, iter(callbacks), rate))
        if load.refused:
            raise BenchFailure("some callbacks were refused")
        return {
            "callbacks_per_second": round(load.rate),
            "callbacks_per_second_goal": rate,
            "ack_p50_ms": round(load.percentile(0.5), 1),
            "ack_p99_ms": round(load.percentile(0.99), 1),
            "ack_p99_ms_goal": 100,
            "ack_worst_ms": round(load.percentile(1.0), 1),
            "machine_load": round(os.getloadavg()[0], 1),
            "stored_goal": rate * seconds,
            **_stored(home),
        }


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
        if number % REPEATED == 0:
            yield callback


def _callback(number: int, now: int) -> bytes:
    text = as_xml(
        {
            "ToUserName": CORP,
            "FromUserName": f"person{number % PEOPLE}",
            "CreateTime": now,
            "MsgType": "text",
            "Content": "定陶区个体户创业担保贷款最高多少",
            "MsgId": number,
            "AgentID": 1,
        }
    )
    sealed = a_cipher().encrypt(text, timestamp=str(now), nonce=str(number))
    query = {
        "msg_signature": sealed.signature,
        "timestamp": sealed.timestamp,
        "nonce": sealed.nonce,
    }
    body = as_xml({"ToUserName": CORP, "AgentID": "1", "Encrypt": sealed.encrypt})
    return post(f"{PATH}?{urlencode(query)}", body.encode())
