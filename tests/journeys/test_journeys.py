"""Whole stories, over the real program and the real documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from records import people
from records.database import Session
from tests.support.journey import Journey

STORIES = {path.stem: path.read_text("utf-8") for path in Path(__file__).parent.glob("*.txt")}


@pytest.mark.parametrize("name", sorted(STORIES))
async def test_the_story_goes_as_it_is_told(name: str, tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        assert await journey.play(STORIES[name]) == []


async def test_two_people_on_one_phone_are_two_records(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await journey.play(STORIES["j02_registration"])
        found = await journey.app.database.read(_profiles, journey, "fake:一部手机")
        assert len(found) == 2


async def test_after_a_deletion_nothing_is_found(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await journey.play(STORIES["j11_delete"])
        await journey.wait("11 minutes")
        assert await journey.app.database.read(_profiles, journey, "fake:要删的人") == ()
        content = (tmp_path / "journey.db").read_bytes()
        assert b"13911112222" not in content
        assert "老李".encode() not in content


def _profiles(session: Session, journey: Journey, account: str) -> tuple[people.Profile, ...]:
    return people.profiles_of(session, journey.app.vault, [account]).get(account, ())
