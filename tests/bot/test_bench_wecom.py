"""The benchmark of WeCom's callbacks measures what it says: each message once, in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.benching import wecom_app, wecom_kf
from bot.benching.wecom_peer import PEOPLE, QUESTIONS, asked, writer


def test_every_callback_of_the_app_is_stored_once_and_in_order(tmp_path: Path) -> None:
    figures = wecom_app.measure(tmp_path, rate=50, seconds=2)
    assert (figures["stored"], figures["out_of_order"]) == (100, 0)
    assert 0 < figures["ack_p50_ms"] <= figures["ack_p99_ms"] <= figures["ack_worst_ms"]


def test_every_message_of_a_notice_is_answered_once_and_in_order(tmp_path: Path) -> None:
    figures = wecom_kf.measure(tmp_path, rate=50, seconds=2)
    assert (figures["stored"], figures["lost"], figures["doubled"]) == (101, 0, 0)
    assert figures["people_answered_out_of_order"] == 0
    assert 0 < figures["ack_p50_ms"] <= figures["ack_p99_ms"] <= figures["ack_worst_ms"]


def test_a_person_asks_one_thing_after_the_other() -> None:
    mine = [number for number in range(1, 4 * PEOPLE) if writer(number) == writer(7)]
    assert [asked(number) for number in mine] == [0, 1, 2, 0]


@pytest.mark.parametrize(
    ("answers", "lost", "doubled", "disordered"),
    [([0, 1], 0, 0, 0), ([1, 0], 0, 0, 1), ([0], 1, 0, 1), ([0, 1, 1], 0, 1, 1), ([], 2, 0, 1)],
)
def test_what_is_lost_doubled_or_out_of_order_is_counted(
    answers: list[int], lost: int, doubled: int, disordered: int
) -> None:
    others = [{"to": writer(n), "text": QUESTIONS[0][1]} for n in range(2, PEOPLE + 1)]
    mine = [{"to": writer(1), "text": QUESTIONS[answer][1]} for answer in answers]
    assert list(wecom_kf.balance(others + mine, PEOPLE + 1).values()) == [
        lost,
        doubled,
        disordered,
    ]
