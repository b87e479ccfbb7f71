"""Limits: bursts where allowed, an even pace after, replies past bulk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from channels.base import Limits
from channels.telegram.channel import Telegram
from channels.throttle import Throttle

LIMITS = Limits(text_length=4096, per_chat=1, per_group=1 / 3, bulk=25, burst=3)


def _slots(
    throttle: Throttle, now: datetime, count: int, *, chat: str = "1", is_bulk: bool = False
) -> list[float]:
    slots = [throttle.slot(chat, is_group=False, is_bulk=is_bulk, now=now) for _ in range(count)]
    return [(slot - now).total_seconds() for slot in slots]


def test_a_short_burst_to_one_chat_passes(now: datetime) -> None:
    assert _slots(Throttle(LIMITS), now, 4) == [0, 0, 0, 1]


def test_a_clock_that_was_put_back_holds_nobody(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    _slots(throttle, now + timedelta(hours=1), 3)
    assert _slots(throttle, now, 2) == [1, 1]
    assert max(_slots(throttle, now, 1, chat="2", is_bulk=True)) < 0.1


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
    assert [slot > now for slot in bulk] == [False, False, True, True, True]
    assert throttle.slot("99", is_group=False, is_bulk=False, now=now) == now


def test_a_pause_holds_the_chat_only(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    throttle.pause("1", now + timedelta(seconds=30), is_bulk=False, now=now)
    assert _slots(throttle, now, 1, chat="1") == [30]
    assert _slots(throttle, now, 1, chat="2") == [0]


def _busy(throttle: Throttle, count: int) -> None:
    for _ in range(count):
        throttle.begins()


def test_who_comes_late_catches_up_a_tenth_of_a_second(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    assert throttle.room(now) == 2
    throttle.slot("1", is_group=False, is_bulk=True, now=now)
    rooms = [throttle.room(now + timedelta(milliseconds=ms)) for ms in (0, 39, 41, 500)]
    assert rooms == [1, 1, 2, 2]


def test_there_is_no_room_before_its_time_and_the_rest_says_when(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    for chat in "12":
        throttle.slot(chat, is_group=False, is_bulk=True, now=now)
    assert throttle.room(now) == 0
    assert throttle.rest(now) == pytest.approx(1 / 25)
    assert throttle.rest(now + timedelta(milliseconds=41)) == 0


def test_what_is_under_way_fills_the_provider_s_second(now: datetime) -> None:
    throttle = Throttle(replace(LIMITS, a_second=3))
    _busy(throttle, 3)
    assert (throttle.room(now), throttle.crowded()) == (0, 0)
    _busy(throttle, 1)
    assert throttle.crowded() > 0


def test_what_was_answered_fills_it_for_a_second(now: datetime) -> None:
    throttle = Throttle(replace(LIMITS, a_second=3))
    _busy(throttle, 3)
    for _ in range(3):
        throttle.ends()
    assert throttle.room(now) == 0
    assert 0.9 < throttle.rest(now) <= 1


def test_a_refusal_while_bulk_leaves_holds_bulk_too(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    throttle.slot("2", is_group=False, is_bulk=True, now=now)
    throttle.pause("1", now + timedelta(seconds=3), is_bulk=False, now=now)
    assert throttle.room(now + timedelta(seconds=2)) == 0
    assert _slots(throttle, now, 1, chat="3") == [0]


def test_a_second_chat_refused_meanwhile_means_the_whole_channel(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    for chat in "12":
        throttle.pause(chat, now + timedelta(seconds=3), is_bulk=False, now=now)
    assert _slots(throttle, now, 1, chat="3") == [3]
    assert throttle.rest(now) == 3


def test_an_answer_waits_longer_where_bulk_has_filled_the_second(now: datetime) -> None:
    throttle = Throttle(LIMITS)
    before = throttle.patience()
    throttle.slot("1", is_group=False, is_bulk=True, now=now)
    assert throttle.patience() > before


def test_no_minute_of_a_group_holds_more_than_telegram_takes(now: datetime) -> None:
    throttle, minute = Throttle(Telegram.limits), timedelta(minutes=1)
    moments = [now + timedelta(milliseconds=100 * number) for number in range(1800)]
    sent = [
        moment
        for moment in moments
        for _ in range(5)
        if throttle.slot("-1", is_group=True, is_bulk=False, now=moment) <= moment
    ]
    assert 18 <= max(sum(at <= other < at + minute for other in sent) for at in sent) <= 20
