"""kill -9 during campaigns: all adds up after every death, and nobody gets anything twice."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from tests.campaign_kill import account, world
from tests.campaign_kill.life import Life, Stage
from tests.campaign_kill.nursery import Nursery
from tests.campaign_kill.world import World
from tests.support.bot_api import BotApi

KILLS = int(os.environ.get("GUIYAN_TEST_KILLS", "3"))
PEOPLE = 60 if KILLS < 10 else 240
SEED = int(os.environ.get("GUIYAN_TEST_SEED", "7"))
IN_DOUBT = 8  # of one sender at a kill


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.behaviour.latency = (0.01, 0.03)
        api.behaviour.knows_everybody = True
        yield api


def _planned(dice: Random) -> list[list[Stage]]:
    """The stages at which each campaign is killed; every stage as often as any other."""
    lives = -(-KILLS // len(Stage))
    kills = dice.sample([(life, stage) for life in range(lives) for stage in Stage], KILLS)
    return [[stage for life, stage in kills if life == number] for number in range(lives)]


async def test_campaigns_add_up_through_kills(
    api: BotApi, database_url: str, tmp_path: Path
) -> None:
    async with Nursery(tmp_path) as nursery:
        stage = await world.made(
            api, database_url, tmp_path, people=PEOPLE, nursery=nursery, seed=SEED
        )
        lives = [Life(stage, n, kills) for n, kills in enumerate(_planned(Random(SEED)))]
        for life in lives:
            await life.live()
        assert await account.wishes_broken(stage) == []
        assert await account.posts_broken(stage) == []
        doubts = await account.in_doubt(stage)
        _report(stage, lives, doubts)
        await stage.database.close()
    assert len(doubts) == KILLS
    assert max(map(len, doubts)) <= IN_DOUBT


def _report(stage: World, lives: list[Life], doubts: list[list[str]]) -> None:
    """With `-s`: the figures of docs/reference/figures.md."""
    lag = max(life.account.worst_lag for life in lives)
    checks = sum(life.account.checks for life in lives)
    print(f"\n{KILLS} kills, {len(lives)} campaigns, {PEOPLE} people, {checks} checks")  # noqa: T201
    print("stages", dict(Counter(kill.stage for kill in stage.kills)))  # noqa: T201
    print("states", dict(Counter(kill.state for kill in stage.kills)))  # noqa: T201
    print("uncertain by kill", dict(sorted(Counter(map(len, doubts)).items())))  # noqa: T201
    pairs = zip(stage.kills, doubts, strict=True)
    print("of these", [(kill.stage, found) for kill, found in pairs if len(found) > 1])  # noqa: T201
    print(f"slowest start {stage.slowest:.1f} s, halted after {lag:.2f} s")  # noqa: T201
