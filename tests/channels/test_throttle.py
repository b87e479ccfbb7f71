"""Limits: bursts where allowed, an even pace after, replies past bulk."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels.base import Limits
from channels.throttle import Throttle

LIMITS = Limits(text_length=4096, per_chat=1, per_group=1 / 3, bulk=25, burst=3)


def _slots(
    throttle: Throttle, now: datetime, count: int, *, chat: str = "1", is_bulk: bool = False
) -> list[float]:
    slots = [throttle.slot(chat, is_group=False, is_bulk=is_bulk, now=now) for _ in range(count)]
    return [(slot - now).total_seconds() for slot in slots]


def test_a_short_burst_to_one_chat_passes(now: datetime) -> None:
    assert _slots(Throttle(LIMITS), now, 4) == [0, 0, 0, 1]


def test_chats_do_not_wait_for_each_other(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    _slots(throttle, now, 3, chat="1")
    assert _slots(throttle, now, 1, chat="2") == [0]


def test_a_refused_slot_takes_nothing(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    _slots(throttle, now, 10)
    assert _slots(throttle, now + timedelta(seconds=1), 1) == [0]


def test_bulk_keeps_the_channel_s_pace_and_replies_pass_it(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    bulk = [throttle.slot(str(chat), is_group=False, is_bulk=True, now=now) for chat in range(5)]
    assert [slot > now for slot in bulk] == [False, True, True, True, True]
    assert throttle.slot("99", is_group=False, is_bulk=False, now=now) == now


def test_a_pause_holds_the_chat_only(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    throttle.pause("1", now + timedelta(seconds=30), is_bulk=False)
    assert _slots(throttle, now, 1, chat="1") == [30]
    assert _slots(throttle, now, 1, chat="2") == [0]
