"""What both benchmarks of WeCom's callbacks share: requests, and how soon they were taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from bot.benching.load import Load, post
from bot.benching.program import BenchFailure
from bot.benching.wecom_door import CORP, a_cipher
from channels.wecom.envelope import as_xml


def callback(path: str, fields: Mapping[str, str | int], *, now: int, nonce: int) -> bytes:
    """A callback as WeCom would send it."""
    text = as_xml({"ToUserName": CORP, "CreateTime": now, **fields})
    sealed = a_cipher().encrypt(text, timestamp=str(now), nonce=str(nonce))
    query = {
        "msg_signature": sealed.signature,
        "timestamp": sealed.timestamp,
        "nonce": sealed.nonce,
    }
    body = as_xml({"ToUserName": CORP, "AgentID": "1", "Encrypt": sealed.encrypt})
    return post(f"{path}?{urlencode(query)}", body.encode())


def acknowledged(load: Load, rate: int) -> dict[str, Any]:
    """The figures of the answers; all must have been 200."""
    if load.refused:
        raise BenchFailure("some callbacks were refused")
    return {
        "callbacks_per_second": round(load.rate),
        "callbacks_per_second_goal": rate,
        "ack_p50_ms": round(load.percentile(0.5), 1),
        "ack_p99_ms": round(load.percentile(0.99), 1),
        "ack_p99_ms_goal": 100,
        "ack_worst_ms": round(load.percentile(1.0), 1),
    }
