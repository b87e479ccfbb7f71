"""The address of 微信客服 under load: notices acknowledged, what they tell of answered."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.benching.load import open_loop
from bot.benching.program import BenchFailure, address_of, control, process, wait_until_ready
from bot.benching.wecom_door import AES_KEY, CORP, TOKEN
from bot.benching.wecom_load import acknowledged, callback
from bot.benching.wecom_peer import ACCOUNT, QUESTIONS, asked, writer
from bot.settings import environment_with

_PATH = "/wecom/kf"
_STORE = "kf.db"
_PATIENCE = 120.0  # seconds that the answers may take after the last notice
_MARKS = [mark for _, mark in QUESTIONS]
_ANY = re.compile("|".join(_MARKS))


def measure(home: Path, rate: int, seconds: int) -> dict[str, Any]:
    """The whole service, with a peer in a process of its own; a notice for each message."""
    with process(["-m", "bot.benching.wecom_peer"], home, environment_with({})) as peer_process:
        peer = address_of(peer_process)
        settings = environment_with(_settings(peer))
        with process(["-m", "bot", "run", "--port", "0"], home, settings) as program:
            address = address_of(program)
            wait_until_ready(address)
            port = int(address.rsplit(":", 1)[1])
            _load(home, peer, port, rate=1, first=1, count=1)  # the entries are read by then
            figures = _load(home, peer, port, rate=rate, first=2, count=rate * seconds)
        sent, count = control(peer, "sent"), 1 + rate * seconds
    books = {"replies_sent": len(sent), "stored": _stored(home), "stored_goal": count}
    return {**figures, **books, **balance(sent, count)}


def _load(
    home: Path, peer: str, port: int, *, rate: int, first: int, count: int
) -> dict[str, Any]:
    notices = list(_notices(first, count))
    pulls = control(peer, "state")["pulls"]
    began = time.time()
    control(peer, "begin", {"count": count, "rate": rate})
    load = asyncio.run(open_loop(port, iter(notices), rate))
    _wait_until_answered(home, first + count - 1)
    sent = control(peer, "sent")
    return {
        **acknowledged(load, rate),
        "pulls": control(peer, "state")["pulls"] - pulls,
        "last_reply_seconds": round(max(one["at"] for one in sent) - began, 1),
    }


def _wait_until_answered(home: Path, count: int) -> None:
    """Until all that was written is stored and answered, and nothing waits to be sent."""
    deadline = time.monotonic() + _PATIENCE
    with closing(sqlite3.connect(home / _STORE)) as store:
        while time.monotonic() < deadline:
            answered, waiting = store.execute(
                "SELECT (SELECT count(*) FROM inbound WHERE done_at IS NOT NULL),"
                " (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending'))"
            ).fetchone()
            if answered >= count and not waiting:
                return
            time.sleep(0.3)
    raise BenchFailure("not everybody was answered within two minutes")


def _stored(home: Path) -> int:
    with closing(sqlite3.connect(home / _STORE)) as store:
        return int(store.execute("SELECT count(*) FROM inbound").fetchone()[0])


def balance(sent: Sequence[Mapping[str, Any]], count: int) -> dict[str, int]:
    """What the messages up to `count` asked against what was answered, person by person."""
    wanted: dict[str, list[int]] = defaultdict(list)
    got: dict[str, list[int]] = defaultdict(list)
    for number in range(1, count + 1):
        wanted[writer(number)].append(asked(number))
    for one in sent:
        got[one["to"]] += [_MARKS.index(mark) for mark in _ANY.findall(one["text"])]
    people = [(wanted[person], got[person]) for person in wanted.keys() | got.keys()]
    return {
        "lost": sum(max(0, len(asks) - len(answers)) for asks, answers in people),
        "doubled": sum(max(0, len(answers) - len(asks)) for asks, answers in people),
        "people_answered_out_of_order": sum(asks != answers for asks, answers in people),
    }


def _notices(first: int, count: int) -> Iterator[bytes]:
    now = int(time.time())
    for number in range(first, first + count):
        fields: dict[str, str | int] = {
            "MsgType": "event",
            "Event": "kf_msg_or_event",
            "Token": f"ENC{number}",
            "OpenKfId": ACCOUNT,
        }
        yield callback(_PATH, fields, now=now, nonce=number)


def _settings(peer: str) -> dict[str, str]:
    return {
        "GUIYAN_DATABASE_URL": f"sqlite:///{_STORE}",
        "GUIYAN_WECOM_CORP_ID": CORP,
        "GUIYAN_WECOM_BASE_URL": peer,
        "GUIYAN_WECOM_KF_SECRET": "a-secret-for-benchmarks",
        "GUIYAN_WECOM_KF_TOKEN": TOKEN,
        "GUIYAN_WECOM_KF_AES_KEY": AES_KEY,
        "GUIYAN_WECOM_KF_ACCOUNTS": ACCOUNT,
    }
