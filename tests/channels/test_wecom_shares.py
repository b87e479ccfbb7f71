"""Long windows are used to the full and never exceeded, whoever sends and whoever dies."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.wecom.limits import CHINA, Limit, Per, Window
from channels.wecom.pacing import Pacing, Use
from channels.wecom.shares import Counts, Need, OwnCounts, Shares, StoredCounts
from records.database import Database

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=UTC)
PERSONS = Need("persons-day", 1000, Window.DAY)
CALLS = Need("api-hour kf/send_msg", 1000, Window.HOUR)


def _bulk(need: Need) -> Need:
    return Need(need.name, need.most, need.window, is_bulk=True)


async def _taken(shares: Shares, need: Need, now: datetime, wanted: int) -> int:
    """How many of so many calls may be made now."""
    return sum([await shares.take([need], now) <= now for _ in range(wanted)])


async def test_all_of_a_day_may_go_at_once_but_not_one_more() -> None:
    assert await _taken(Shares(), PERSONS, MIDNIGHT + HOUR, 1200) == 1000


async def test_bulk_leaves_a_hundredth_to_answers() -> None:
    shares, noon = Shares(), MIDNIGHT + 12 * HOUR
    assert await _taken(shares, _bulk(PERSONS), noon, 1200) == 990
    assert await _taken(shares, PERSONS, noon, 1200) == 10


async def test_a_new_day_begins_at_midnight_in_china() -> None:
    shares = Shares()
    await _taken(shares, PERSONS, MIDNIGHT - 2 * HOUR, 1200)
    at = await shares.take([PERSONS], MIDNIGHT - HOUR)
    assert timedelta() < at - MIDNIGHT < timedelta(minutes=1)
    assert await _taken(shares, PERSONS, at, 1200) == 1000


async def test_what_is_sent_at_midnight_counts_on_both_days() -> None:
    shares = Shares()
    assert await _taken(shares, PERSONS, MIDNIGHT - 5 * SECOND, 400) == 400
    assert await _taken(shares, PERSONS, MIDNIGHT + HOUR, 1200) == 600


async def test_an_hour_slides() -> None:
    shares = Shares()
    assert await _taken(shares, CALLS, MIDNIGHT, 600) == 600
    assert await _taken(shares, CALLS, MIDNIGHT + HOUR / 2, 600) == 400
    assert await _taken(shares, CALLS, MIDNIGHT + HOUR, 600) == 0
    assert await _taken(shares, CALLS, MIDNIGHT + HOUR + 30 * SECOND, 700) == 600


async def test_what_never_left_is_free_again() -> None:
    shares = Shares()
    await _taken(shares, PERSONS, MIDNIGHT + HOUR, 900)
    for _ in range(50):
        shares.give_back([PERSONS], MIDNIGHT + HOUR)
    assert await _taken(shares, PERSONS, MIDNIGHT + HOUR, 1200) == 150


async def test_a_call_that_an_even_pace_puts_off_takes_no_share() -> None:
    limit = Limit("day", 5, Window.DAY, Per.PERSONS, ("a",), is_booked=True)
    other = Limit("minute", 6, Window.MINUTE, Per.API, ("a",))
    pacing = Pacing([limit, other])
    turns = [await pacing.turn(Use("a"), MIDNIGHT + n * SECOND) for n in range(10)]
    assert sum(turn == MIDNIGHT + n * SECOND for n, turn in enumerate(turns)) == 1
    assert await pacing.turn(Use("a"), MIDNIGHT + HOUR) == MIDNIGHT + HOUR


async def test_thin_traffic_wastes_nothing_of_an_hour() -> None:
    shares, need = Shares(), Need("api-hour", 10_000, Window.HOUR)
    made = [await _taken(shares, need, MIDNIGHT + n * 6 * SECOND, 16) for n in range(600)]
    assert sum(made) == 9_600


async def test_a_restart_knows_what_is_used(database: Database) -> None:
    counts, noon = StoredCounts(database), MIDNIGHT + 12 * HOUR
    before = await _taken(Shares(counts), PERSONS, noon, 700)
    after = await _taken(Shares(counts), PERSONS, noon, 700)
    assert before == 700
    assert 298 <= after <= 300


async def test_processes_of_one_database_share(database: Database) -> None:
    several, noon = [Shares(StoredCounts(database)) for _ in range(3)], MIDNIGHT + 12 * HOUR
    taken = await asyncio.gather(*(_taken(one, PERSONS, noon, 500) for one in several))
    assert 997 <= sum(taken) <= 1000


Arrival = tuple[int | None, int, int, bool, bool]
ARRIVALS = st.lists(
    st.tuples(
        # Seconds since the last; None: as soon as it is told that it may.
        st.one_of(st.integers(0, 20), st.integers(0, 900), st.none()),
        st.integers(1, 400),  # how many wait
        st.integers(0, 1),  # in which process
        st.booleans(),  # whether it was killed before
        st.booleans(),  # whether they are bulk
    ),
    min_size=1,
    max_size=60,
)


@pytest.mark.parametrize("need", [PERSONS, CALLS], ids=["day", "hour"])
@settings(max_examples=60, deadline=None)
@given(arrivals=ARRIVALS, late=st.integers(0, 14))
def test_no_window_ever_holds_more(need: Need, arrivals: list[Arrival], late: int) -> None:
    made = asyncio.run(_made(need, arrivals))
    arrived = [at + (n % 3 == 0) * late * SECOND for n, at in enumerate(made)]
    assert _fullest(sorted(arrived), need.window) <= need.most


@settings(max_examples=30, deadline=None)
@given(kills=st.lists(st.integers(0, 23 * 60), max_size=8, unique=True))
def test_a_day_with_enough_waiting_is_used_to_98_in_100(kills: list[int]) -> None:
    """Two processes send every minute, now and then one of them is killed."""
    need = Need("persons-day", 20_000, Window.DAY, is_bulk=True)
    arrivals: list[Arrival] = [(60, 20, n % 2, n in kills, True) for n in range(23 * 60)]
    made = asyncio.run(_made(need, arrivals))
    assert 0.98 <= len(made) / need.most <= 0.99


def test_an_hour_with_enough_waiting_is_used_to_98_in_100() -> None:
    """At fifty a second, as 微信客服 sends, over three hours; an hour takes fewer."""
    need = Need("api-hour", 1_500, Window.HOUR, is_bulk=True)
    made = asyncio.run(_made(need, [(2, 1, n % 2, False, True) for n in range(3 * 1800)]))
    assert _fullest(made, Window.HOUR) <= need.most
    assert len(made) / (3 * need.most) >= 0.98


async def _made(need: Need, arrivals: list[Arrival]) -> list[datetime]:
    """When calls were made by two processes that share their counts."""
    counts: Counts = OwnCounts()
    shares, now, made = [Shares(counts), Shares(counts)], MIDNIGHT - 60 * SECOND, []
    for after, wanted, who, is_killed, is_bulk in arrivals:
        if is_killed:
            shares[who] = Shares(counts)
        mine = _bulk(need) if is_bulk else need
        if after is None:
            told = await shares[who].take([mine], now)
            made += [now] * (told <= now)
            now = max(now, told)
        now += (after or 0) * SECOND
        made += [now] * await _taken(shares[who], mine, now, wanted)
    return made


def _fullest(times: list[datetime], window: Window) -> int:
    """The most that the platform counts in one window."""
    if window is Window.DAY:
        days = [at.astimezone(CHINA).date() for at in times]
        return max((days.count(day) for day in set(days)), default=0)
    ends = (bisect_right(times, at + window.value - SECOND / 1000) for at in times)
    return max((end - begin for begin, end in enumerate(ends)), default=0)
