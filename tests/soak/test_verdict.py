"""The verdicts of a soak follow from its samples."""

from __future__ import annotations

import pytest

from tests.soak.verdict import growth, percentile, verdicts


def test_warming_up_is_no_growth() -> None:
    assert growth([50.0, 60.0, *[100.0] * 18]) == 0


def test_growth_is_the_last_tenth_against_that_after_the_warm_up() -> None:
    assert growth([50.0, 60.0, *[100.0] * 16, 106.0, 106.0]) == pytest.approx(0.06)


def test_growth_of_two_samples_is_refused() -> None:
    with pytest.raises(ValueError, match="three samples"):
        growth([1.0, 2.0])


def test_one_slow_reply_of_a_hundred_is_the_p99() -> None:
    assert percentile([1.0] * 99 + [9.0], 0.99) == 9


def test_what_keeps_all_limits_holds() -> None:
    found = verdicts({"web": [100.0] * 20}, [1_000.0], {"unanswered": 0})
    assert [one.holds for one in found] == [True, True, True]


def test_each_limit_can_be_broken() -> None:
    grown = [100.0] * 18 + [106.0] * 2
    found = verdicts({"web": grown}, [1_001.0], {"unanswered": 1})
    assert [one.holds for one in found] == [False, False, False]
