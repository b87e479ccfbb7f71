"""Danger and fraud are answered first, in every part of the country's Chinese."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.alarm import Alarm, alarm_of
from knowledge.answer import Answerer, Decision

_NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "alarm"),
    [
        ("店亏光了，欠一屁股账，晚上站在桥上，真的不想活哒", Alarm.DESPAIR),
        ("老公又打我", Alarm.EMERGENCY),
        ("有人打电话说交八百块就能包我拿到创业补贴，真的假的", Alarm.SCAM),
        ("办贷款要不要手续费", None),
        ("想问问创业补贴", None),
    ],
)
def test_what_must_not_wait_is_heard(said: str, alarm: Alarm | None) -> None:
    assert alarm_of(said) is alarm


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("贷款最高多少,店亏光了,我真的不想活哒", "12356"),
        ("有人说交八百块就包我拿到创业补贴，给多少钱", "12345"),
    ],
)
def test_a_warning_comes_before_any_figure(said: str, told: str, answerer: Answerer) -> None:
    answer = answerer.answer(said, area="定陶", now=_NOW)
    assert answer.decision is Decision.HUMAN
    assert told in answer.text
