"""The platform's limits hold in every window, and a refusal is obeyed for as long as it blocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.wecom.limits import LIMITS, SYNC_UNTOLD, Limit, Per, Window, limits_from
from channels.wecom.pacing import Pacing, Use

ROOT = Path(__file__).parents[2]
ROBOT = Use("webhook/send", robot="duty")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _sent(pacing: Pacing, use: Use, start: datetime, span: timedelta) -> list[datetime]:
    """When calls go that are made as soon as they may, within `span`."""
    times, now = [], start
    while (slot := pacing.slot(use, now)) < start + span:
        if slot <= now:
            times.append(now)
        now = max(now, slot)
    return times


def _most(times: list[datetime], window: timedelta) -> int:
    return max(sum(at <= other < at + window for other in times) for at in times)


def test_a_robot_says_at_most_twenty_a_minute(now: datetime) -> None:
    times = _sent(Pacing(), ROBOT, now, 5 * MINUTE)
    assert 13 <= _most(times, MINUTE) <= 20
    assert len(times) > 60


def test_not_even_over_a_restart(now: datetime) -> None:
    before = _sent(Pacing(), ROBOT, now, 2 * MINUTE)
    after = _sent(Pacing(), ROBOT, now + 2 * MINUTE, 2 * MINUTE)
    assert _most(before + after, MINUTE) <= 20


def test_robots_do_not_wait_for_each_other(now: datetime) -> None:
    pacing = Pacing()
    _sent(pacing, ROBOT, now, MINUTE)
    assert pacing.slot(Use("webhook/send", robot="reports"), now + MINUTE) == now + MINUTE


@pytest.mark.parametrize(("window", "most"), [(MINUTE, 30), (HOUR, 1000)])
def test_a_member_gets_no_more_than_arrives(now: datetime, window: timedelta, most: int) -> None:
    times = _sent(Pacing(), Use("message/send", members=("a",)), now, 2 * window)
    assert most * 0.6 < _most(times, window) <= most


def test_a_message_to_many_waits_for_the_slowest(now: datetime) -> None:
    pacing = Pacing()
    for _ in range(5):
        pacing.slot(Use("message/send", members=("a",)), now)
    assert pacing.slot(Use("message/send", members=("a", "b")), now) > now
    assert pacing.slot(Use("message/send", members=("b",)), now) == now


def test_an_api_has_its_minute(now: datetime) -> None:
    pacing = Pacing()
    at_once = [pacing.slot(Use("kf/send_msg"), now) == now for _ in range(2000)]
    assert 1600 < sum(at_once) < 2000
    assert pacing.slot(Use("kf/sync_msg"), now) == now


def test_all_apis_share_the_address(now: datetime) -> None:
    pacing = Pacing([Limit("address-minute", 60, Window.MINUTE, Per.ADDRESS)])
    slots = [pacing.slot(Use(path), now) for path in "abcdefghijk"]
    assert [slot > now for slot in slots] == [False] * 10 + [True]


def test_a_pull_that_no_callback_asked_for_is_rare(now: datetime) -> None:
    pacing = Pacing()
    assert len(_sent(pacing, Use(SYNC_UNTOLD), now, MINUTE)) <= 12
    assert pacing.slot(Use("kf/sync_msg"), now + MINUTE) == now + MINUTE


def test_a_refusal_is_waited_out_and_not_probed(now: datetime) -> None:
    pacing, use = Pacing(), Use("kf/send_msg")
    assert pacing.refused(use, now) == now + MINUTE
    assert pacing.slot(use, now + 0.9 * MINUTE) == now + MINUTE
    assert pacing.slot(Use("kf/sync_msg"), now + 0.9 * MINUTE) == now + 0.9 * MINUTE
    assert pacing.slot(use, now + MINUTE) == now + MINUTE


def test_many_refusals_at_once_are_one(now: datetime) -> None:
    pacing, use = Pacing(), Use("kf/send_msg")
    assert {pacing.refused(use, now) for _ in range(50)} == {now + MINUTE}


def test_a_refusal_after_the_wait_means_the_longer_window(now: datetime) -> None:
    pacing, use = Pacing(), Use("kf/send_msg")
    pacing.refused(use, now)
    assert pacing.refused(use, now + 1.5 * MINUTE) == now + 1.5 * MINUTE + HOUR
    assert pacing.refused(use, now + 10 * HOUR) == now + 10 * HOUR + MINUTE


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (datetime(2026, 11, 21, 15, 59, tzinfo=UTC), datetime(2026, 11, 21, 16, tzinfo=UTC)),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_midnight_in_china(at: datetime, ends: datetime) -> None:
    assert Pacing().refused(Use("message/send", members=("a",)), at) == ends


def test_a_month_is_thirty_days(now: datetime) -> None:
    assert Window.MONTH.block_ends(now) == now + timedelta(days=30)


def test_every_limit_has_a_name_of_its_own() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)


def test_figures_can_be_changed_by_name(now: datetime) -> None:
    limits = {limit.name: limit for limit in limits_from(" robot-minute=6 ,persons-day=200,")}
    assert (limits["robot-minute"].most, limits["persons-day"].most) == (6, 200)
    assert limits["api-minute"].most == 10_000
    assert _most(_sent(Pacing(tuple(limits.values())), ROBOT, now, 3 * MINUTE), MINUTE) <= 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("robots=6", "is no limit; there are api-minute"),
        ("robot-minute", "needs a whole number"),
        ("robot-minute=0", "needs a whole number"),
        ("robot-minute=many", "needs a whole number"),
        ("=6", "is no limit"),
    ],
)
def test_a_wrong_figure_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        limits_from(text)


@pytest.mark.parametrize("most", range(1, 61))
def test_no_figure_is_exceeded_in_a_window(now: datetime, most: int) -> None:
    limit = Limit("robot-minute", most, Window.MINUTE, Per.ROBOT, ("webhook/send",))
    assert _most(_sent(Pacing([limit]), ROBOT, now, 3 * MINUTE), MINUTE) <= most


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_each_limit_is_in_the_reference(limit: Limit) -> None:
    page = (ROOT / "docs/reference/wecom-calls.md").read_text(encoding="utf-8")
    figure = f"{limit.most:,}" if limit.most else "not set"
    assert any(f"`{limit.name}`" in line and figure in line for line in page.splitlines())
