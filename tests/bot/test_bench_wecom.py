"""The benchmark of WeCom's callbacks measures what it says: each stored, once, in order."""

from __future__ import annotations

from bot.benching import wecom


def test_every_callback_is_stored_once_and_in_order() -> None:
    figures = wecom.measure(rate=50, seconds=2)
    assert (figures["stored"], figures["out_of_order"]) == (100, 0)
    assert 0 < figures["ack_p50_ms"] <= figures["ack_p99_ms"] <= figures["ack_worst_ms"]
