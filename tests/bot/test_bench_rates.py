"""The bench of rates sees from the wire what a kill costs, and what is over a limit or twice."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.benching import rates
from bot.benching.program import BenchFailure
from bot.benching.rates import Arrival, Row
from tests.support import database as databases

EVEN = [number / 8 for number in range(80)]


@pytest.fixture
async def empty_url(postgres_url: str) -> AsyncIterator[str]:
    """A database without any table."""
    url = await databases.empty(postgres_url)
    yield url
    await databases.drop(postgres_url, url)


def test_two_senders_keep_the_limits_over_a_kill(empty_url: str) -> None:
    found = rates.measure(empty_url, seconds=12)
    assert (found["seconds_over_the_limit"], found["there_twice_and_not_named"]) == (0, 0)
    assert found["said_to_be_sent_and_not_there"] == 0
    assert found["fullest_minute_of_a_group"] <= found["a_minute_of_a_group_allowed"]
    assert found["a_second"] > 0


def test_it_is_about_postgresql() -> None:
    with pytest.raises(BenchFailure, match="PostgreSQL only"):
        rates.measure("sqlite:///some.db")


@pytest.mark.parametrize(("times", "most", "too_many"), [(EVEN, 8, 0), ([*EVEN, 9.9], 9, 1)])
def test_each_second_is_looked_at(times: list[float], most: int, too_many: int) -> None:
    assert (rates.fullest(times, 1.0), rates.over(times, 1.0, 8)) == (most, too_many)


def test_the_silence_of_a_kill_is_told_apart() -> None:
    came = [Arrival(at, "1", str(at)) for at in EVEN if not 5 < at < 7]
    found = rates.figures(came, {}, 8, (0.0, 10.0), 5.1)
    assert found["silence_after_the_kill_seconds"] == 2.0
    assert found["share_of_the_whole"] < 0.85 < found["share_without_the_silence_after_the_kill"]


def test_what_is_lost_or_twice_without_a_name_is_counted() -> None:
    came = [Arrival(1.0, "1", key) for key in ("a", "a", "b", "b", "u")]
    rows = {
        "a": Row("sent", 1),
        "b": Row("sent", 2),
        "c": Row("sent", 1),
        "u": Row("uncertain", 0),
    }
    assert list(rates.balance(came, rows).values()) == [1, 1, 1, 1, 1, 1]
