"""A few thousand seeded inputs a run; `make fuzz` throws fifty thousand."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.dialogue import Reply
from knowledge.answer import Answer, Answerer, Topic
from knowledge.exchange.guard import FileRefused
from knowledge.library import Library, load_library
from records.messages import Inbound, InboundKind
from tests.fuzz import expressions
from tests.fuzz.answers import Clock, Hangs, answered, bounded
from tests.fuzz.callbacks import LONGEST, called, unstorable, widths
from tests.fuzz.expressions import typed
from tests.fuzz.figures import figures
from tests.fuzz.holdings import all_of
from tests.fuzz.hooks import hooked_up
from tests.fuzz.inputs import Input, bomb, inputs, patterns
from tests.fuzz.sheets import fault_of, sheeted
from tests.fuzz.talks import faults_of, talked
from tests.fuzz.web import posted

SEED = 20261122
ASKED = Input("test", "宜昌的雁归宜昌项目给多少钱", "定陶", ())


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(load_library())


class Changed(Answerer):
    """A faulty answerer, to show that the checks see faults."""

    def __init__(self, real: Answerer, pattern: str, other: str) -> None:
        self._real, self._pattern, self._other = real, pattern, other

    @property
    def library(self) -> Library:
        return self._real.library

    def answer(
        self,
        question: str,
        *,
        area: str | None = None,
        prev: Sequence[str] = (),
        topic: Topic | None = None,
        now: datetime,
    ) -> Answer:
        told = self._real.answer(question, area=area, prev=prev, topic=topic, now=now)
        return replace(told, text=re.sub(self._pattern, self._other, told.text))


def test_any_input_is_answered_without_a_figure_of_its_own(answerer: Answerer) -> None:
    assert not list(answered(answerer, inputs(1_000, SEED), Clock([])))


def test_any_talk_stays_short_and_without_a_figure_of_its_own(answerer: Answerer) -> None:
    given = inputs(320, SEED + 1)
    assert not list(talked(answerer, given, all_of(answerer.library), Clock([]), SEED))


async def test_the_program_survives_any_post(answerer: Answerer) -> None:
    assert not await posted(inputs(30, SEED + 2), all_of(answerer.library))


def test_any_callback_is_read_or_refused() -> None:
    assert not [str(fault) for fault in called(5_000, SEED)]


async def test_the_webhook_loses_no_sound_update_between_spoiled_ones() -> None:
    assert not [str(fault) for fault in await hooked_up(60, SEED)]


def test_any_spreadsheet_is_read_or_refused_in_a_sentence() -> None:
    assert not [str(fault) for fault in sheeted(270, SEED)]


def test_any_expression_is_read_or_refused_in_words() -> None:
    assert not [str(fault) for fault in typed(2_600, SEED)]


def test_an_expression_that_crashes_is_seen() -> None:
    assert list(expressions.fault_of("planted", "x", int, expressions.Never))


def _unfinished() -> None:
    raise FileRefused("broken")


def _crashes() -> None:
    raise KeyError("part")


@pytest.mark.parametrize("read", [_unfinished, _crashes])
def test_a_planted_fault_of_a_spreadsheet_is_seen(read: Callable[[], None]) -> None:
    assert list(fault_of("planted", b"PK", read))


def test_the_checker_knows_what_the_columns_hold() -> None:
    assert widths() == LONGEST


@pytest.mark.parametrize(
    "spoiled",
    [
        {"chat": "a" * 200},
        {"outer_id": ""},
        {"outer_id": "a\0"},
        {"sequence": 2**63},
        {"sent_at": datetime.max.replace(tzinfo=UTC)},
    ],
)
def test_a_message_that_no_column_holds_is_seen(spoiled: dict[str, Any]) -> None:
    sound = Inbound(
        "telegram", "1", "2", InboundKind.TEXT, "好", datetime(2026, 11, 22, tzinfo=UTC)
    )
    assert not list(unstorable(sound))
    assert list(unstorable(replace(sound, **spoiled)))


@pytest.mark.parametrize(
    ("pattern", "other", "fault"),
    [
        ("5万元", "6万元", "figures of no entry"),
        ("5万元", "五十万元", "figures of no entry"),
        ("$", "您说的888万元没错。", "figures of no entry"),
        ("这是宜昌的规定，不是定陶的：", "", "unmarked figures"),
        ("(?s).+", " ", "no words"),
    ],
)
def test_a_planted_fault_is_seen(pattern: str, other: str, fault: str, answerer: Answerer) -> None:
    faults = answered(Changed(answerer, pattern, other), [ASKED], Clock([]))
    assert any(fault in found.what for found in faults)


def test_the_same_answer_without_the_fault_is_sound(answerer: Answerer) -> None:
    assert not list(answered(answerer, [ASKED], Clock([])))


@pytest.mark.parametrize(
    "replies",
    [
        [Reply("最高888万元。", kind="answer")],
        [Reply("最高八百八十八万元。")],
        [Reply("一\n二\n三\n四\n五")],
        [Reply("好" * 91)],
        [Reply(" ")],
        [Reply("好")] * 3,
    ],
)
def test_a_planted_fault_of_a_turn_is_seen(replies: list[Reply], answerer: Answerer) -> None:
    assert list(faults_of(replies, all_of(answerer.library)))


@pytest.mark.parametrize(
    "text",
    [
        "10万元",
        "１０万元",
        "十万元",
        "拾万元",
        "壹拾萬元",
        "100,000元",
        "𝟏𝟎万元",
        "100000元",
        "十多万元",
    ],
)
def test_the_checker_reads_every_spelling_of_a_figure(text: str) -> None:
    assert {float(number) for number, unit in figures(text)} == {100_000.0}


def test_no_pattern_of_ours_can_be_made_to_hang() -> None:
    chance = random.Random(SEED)
    for pattern in patterns():
        for size in (60, 300, 500):  # longer texts are cut before they are read
            with bounded():
                pattern.search(bomb(pattern, chance, size))


def test_a_pattern_that_hangs_is_given_up() -> None:
    with pytest.raises(Hangs), bounded(0.2):
        re.fullmatch(r"(?:\d+)*x", "1" * 60)
