"""An entry holds to the end of its last day in China, and not a second longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import load
from bot.wiring import clock
from knowledge.editing import Editor
from knowledge.library import our_shelf
from tests.support.journey import Journey

PATH = "dingtao/policies/dingtao-loan-caps.toml"
QUESTION = "定陶创业担保贷款最高能贷多少"
SAID = "单干的最高10万元"
MORNING = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def dated(key: str, day: str) -> str:
    text = (our_shelf().shipped(PATH) or "").replace("干个体的", "单干的")
    return text.replace(f'{key} = ""', f'{key} = "{day}"')


async def release(journey: Journey, text: str) -> None:
    editor = Editor(journey.app.database, now=journey.app.now)
    number = (await editor.draft(PATH, text, author="小刘")).version.id or 0
    await editor.review(number, reviewer="老王")
    await editor.release(number, by="老王")


async def is_said(journey: Journey, moment: str) -> bool:
    journey.now = datetime.fromisoformat(moment)
    journey.chat = moment
    return any(SAID in reply.text for reply in await journey.say(QUESTION))


async def test_an_entry_ends_at_midnight_in_china(tmp_path: Path) -> None:
    async with Journey(tmp_path, now=MORNING) as journey:
        await release(journey, dated("valid_until", "2026-11-22"))
        assert await is_said(journey, "2026-11-22T15:59:30+00:00")
        assert not await is_said(journey, "2026-11-22T15:59:50+00:00")  # asked 20 s later
        assert not await is_said(journey, "2026-11-23T09:00:00+00:00")


async def test_an_entry_begins_at_midnight_in_china(tmp_path: Path) -> None:
    async with Journey(tmp_path, now=MORNING) as journey:
        await release(journey, dated("valid_from", "2026-11-23"))
        assert not await is_said(journey, "2026-11-22T15:59:30+00:00")
        assert await is_said(journey, "2026-11-22T16:00:30+00:00")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T15:59:00Z", 22),
        ("2026-11-22T16:00:00Z", 23),
        ("2026-11-22T23:59:00+08:00", 22),
    ],
)
def test_the_day_of_the_program_is_china_s(moment: str, day: int) -> None:
    assert clock(load({"GUIYAN_NOW": moment}))().day == day


def test_processes_of_one_rehearsal_share_a_clock_that_is_ahead() -> None:
    ahead = clock(load({"GUIYAN_NOW": "+9:30"}))() - datetime.now(UTC)
    assert timedelta(hours=9, minutes=29) < ahead <= timedelta(hours=9, minutes=30)
