"""Random people, wishes, calendars and campaigns: nothing ever leaves that breaks a rule."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from channels.base import FailureKind
from tests.campaign_rules.world import PEOPLE, World
from tests.support import database as databases
from tests.support.campaign_stage import SECOND, WRITER

FEW = 4
EXAMPLES = int(os.environ.get("GUIYAN_TEST_EXAMPLES", FEW))
WAVES = (
    ["1月29日 9:30"],
    ["1月29日 9:30 40%", "2月1日 10:00 60%"],
    ["2月4日每人的晚上"],
    ["腊月廿八 17:00 50%", "初二 9:00 50%"],
)
WISHES = (
    *(("rate", "1/3"), ("rate", "1/1"), ("rate", "2/8")),
    *(("hours", "09:00-12:00"), ("hours", "14:00-20:30"), ("hours", "18:00-20:00")),
    *(("days", "12345"), ("days", "67"), ("pause", "all"), ("hours", "-"), ("rate", "-")),
    *(("topic:events", "yes"), ("topic:policy", "yes"), ("topic:surveys", "yes")),
)
TOPICS = ("own", "policy", "surveys")
FAILURES = (FailureKind.THROTTLED, FailureKind.UNCERTAIN, FailureKind.UNREACHABLE)

who, whom = st.sampled_from([WRITER, SECOND]), st.integers(0, PEOPLE - 1)
which, hours = st.integers(1, 3), st.sampled_from([0.6, 4.0, 9.0, 24.0, 24.0, 50.0])


class Season(RuleBasedStateMachine):
    """Staff, people, other senders and the clock, in any order."""

    open: Callable[[], World]
    came: ClassVar[list[int]] = []  # how many messages of campaigns arrived in each example

    def __init__(self) -> None:
        super().__init__()
        self.world = type(self).open()

    def teardown(self) -> None:
        """What was set going comes to its end first."""
        for _ in range(10):
            self.wait(13)
        self.came.append(sum(bool(one.campaigns()) for one in self.world.arrived))
        self.world.close()

    @initialize(waves=st.sampled_from(WAVES))
    def launch(self, waves: list[str]) -> None:
        """One is under way from the first; what others come to is left to chance."""
        self.world.draft(WRITER, waves, "events", 10)
        self.world.submit(1, WRITER)
        self.world.tick()
        self.world.agree(1, SECOND, tries=True, looks=True)

    def _is_there(self, number: int) -> bool:
        return number in self.world.campaigns

    @rule(by=who, waves=st.sampled_from(WAVES), topic=st.sampled_from(["", "events"]))
    def draft(self, by: str, waves: list[str], topic: str) -> None:
        if len(self.world.campaigns) < 3:
            self.world.draft(by, waves, topic, 10)

    @rule(number=which, by=who)
    def edit(self, number: int, by: str) -> None:
        if self._is_there(number):
            self.world.edit(number, by)

    @rule(number=which, by=who)
    def submit(self, number: int, by: str) -> None:
        if self._is_there(number):
            self.world.submit(number, by)
            self.world.tick()  # which freezes it

    @rule(number=which, by=who, tries=st.booleans(), looks=st.booleans())
    def agree(self, number: int, by: str, tries: bool, looks: bool) -> None:
        if self._is_there(number):
            self.world.agree(number, by, tries=tries, looks=looks)

    @rule(number=which, act=st.sampled_from(["pause", "resume", "resume", "stop"]))
    def halt(self, number: int, act: str) -> None:
        if self._is_there(number):
            getattr(self.world, act)(number)

    @rule(number=whom, is_stop=st.booleans())
    def stop(self, number: int, is_stop: bool) -> None:
        self.world.says_stop(self.world.people[number], is_stop=is_stop)

    @rule(number=whom, wish=st.sampled_from(WISHES), days=st.sampled_from([0, 2, 9]))
    def wish(self, number: int, wish: tuple[str, str], days: int) -> None:
        until = days or 5 if wish[0] == "pause" else days
        self.world.wishes_for(self.world.people[number], *wish, until)

    @rule(numbers=st.lists(whom, max_size=9), hours=hours)
    def write(self, numbers: list[int], hours: float) -> None:
        for number in numbers:
            self.world.writes(self.world.people[number])
        self.wait(hours)

    @rule(number=whom)
    def die(self, number: int) -> None:
        self.world.dies(self.world.people[number])

    @rule(numbers=st.lists(whom, max_size=20), topic=st.sampled_from(TOPICS), hours=hours)
    def push(self, numbers: list[int], topic: str, hours: float) -> None:
        for number in numbers:
            self.world.push(self.world.people[number], topic)
        self.wait(hours)

    @rule(kind=st.sampled_from(["fake", "kf"]), failure=st.sampled_from(FAILURES))
    def fail(self, kind: str, failure: FailureKind) -> None:
        self.world.befalls(kind, failure)

    @rule(hours=hours)
    def wait(self, hours: float) -> None:
        self.world.now += timedelta(hours=hours)
        self.world.tick()


@pytest.fixture
def opened(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], World]]:
    """Makes a world on a database of its own, as often as it is asked."""
    server = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    count = iter(range(10**6))

    with asyncio.Runner() as runner:

        def fresh() -> World:
            made = databases.fresh(server) if server else _file(tmp_path / f"{next(count)}.db")
            return World(runner, runner.run(made))

        yield fresh


async def _file(path: Path) -> str:
    return await databases.fresh_file(path)


def test_no_rule_is_broken_by_anything_in_any_order(
    opened: Callable[[], World], kind: str
) -> None:
    machine = type("Open", (Season,), {"open": staticmethod(opened)})
    few = settings(
        max_examples=EXAMPLES if kind == "sqlite" else EXAMPLES // 2,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=EXAMPLES == FEW,
    )
    Season.came.clear()
    run_state_machine_as_test(machine, settings=few)
    assert sum(Season.came) > PEOPLE // 2


def test_what_ended_while_nothing_ran_does_not_leave(opened: Callable[[], World]) -> None:
    world = opened()
    world.draft(WRITER, WAVES[0], "events", 10)
    world.submit(1, WRITER)
    world.tick()
    world.agree(1, SECOND, tries=True, looks=True)
    world.now += timedelta(days=12)
    world.tick()
    assert [one for one in world.arrived if one.campaigns()] == []
    world.close()


def _lived(world: World, seed: int) -> list[str]:
    """Twelve days in which much is sent and wished; what was broken."""
    dice = Random(seed)
    _begin_four(world)
    for human in dice.sample(world.people, 40):
        name, value = dice.choice(WISHES)
        world.wishes_for(human, name, value, 20)
    for human in dice.sample(world.people, 9):
        world.says_stop(human, is_stop=True)
        world.dies(dice.choice(world.people))
    for human in world.people:
        world.writes(human)
    for step in range(28):
        for human in dice.sample(world.people, 12):
            world.push(human, dice.choice(TOPICS))
        if step in HALTS:
            HALTS[step](world, 2)
        world.now += timedelta(hours=dice.choice([4, 9, 17]))
        world.tick()
    return world.faults


def _begin_four(world: World) -> None:
    """The last of them nobody agrees to."""
    for number, waves in enumerate(WAVES[:3] + WAVES[:1], 1):
        world.draft(WRITER, waves, "events", 10)
        world.submit(number, WRITER)
        world.tick()
        if number < 4:
            world.agree(number, SECOND, tries=True, looks=True)


HALTS = {1: World.pause, 9: World.resume}


def test_a_lively_season_breaks_no_rule(opened: Callable[[], World]) -> None:
    world = opened()
    assert _lived(world, 1) == []
    assert len(world.arrived) > PEOPLE
    assert {number for one in world.arrived for number, _ in one.campaigns()} == {1, 2, 3}
    world.close()


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("spoilt", "lag"),
    [
        (
            {
                "DELETE FROM push_stop": "after a stop",
                "DELETE FROM wish WHERE name = 'hours'": "not their hours",
                "DELETE FROM wish WHERE name = 'days'": "not their days",
                "DELETE FROM wish WHERE name = 'rate'": "more than 1 in 30 days",
                "DELETE FROM wish WHERE name = 'pause'": "while they wanted nothing",
                "DELETE FROM wish WHERE name LIKE 'topic%'": "refused",
                "UPDATE person SET codes = '{}'": "not the hours they answered",
                "UPDATE person SET status = 'confirmed'": "to somebody dead",
            },
            0,
        ),
        (
            {
                "UPDATE campaign SET state = 'approved' WHERE state = 'submitted'": "agreed to",
                "UPDATE campaign SET state = 'running' WHERE state = 'paused'": "was halted",
                "UPDATE outbox SET state = 'queued' WHERE state = 'paused'": "was halted",
                "UPDATE campaign_recipient SET state = 'planned'": "not on the list",
                "UPDATE campaign_recipient SET due = '2027-01-28 00:00:00'": "out of its time",
                "UPDATE send_budget SET opened_at = '2027-02-20'": "without a word of theirs",
                "UPDATE send_budget SET used = 0": "more than a word pays for",
                "DELETE FROM push_day": "more than 1 in 1 days",
            },
            0,
        ),
        ({"lag": "quiet hours", "more": "the family's dinner"}, 30),
    ],
)
def test_a_rule_that_is_spoilt_is_found_out(
    opened: Callable[[], World], spoilt: dict[str, str], lag: int
) -> None:
    world = opened()
    world.spoilt, world.lag = () if lag else tuple(spoilt), timedelta(hours=lag)
    faults = _lived(world, 1)
    assert [b for b in spoilt.values() if not any(b in fault for fault in faults)] == []
    world.close()
