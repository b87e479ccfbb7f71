"""Whole stories, over the real program and the real documents."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from records import people
from records.database import Session
from tests.support.journey import Journey

STORIES = {path.stem: path.read_text("utf-8") for path in Path(__file__).parent.glob("*.txt")}


@pytest.mark.parametrize("name", sorted(STORIES))
async def test_the_story_goes_as_it_is_told(name: str, tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await journey.app.database.run(_entered_by_cadre, journey)
        assert await journey.play(STORIES[name]) == []


async def test_two_people_on_one_phone_are_two_records(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await journey.play(STORIES["j02_registration"])
        found = await journey.app.database.read(_profiles, journey, "fake:一部手机")
        assert len(found) == 2


async def test_what_a_cadre_entered_and_ones_own_words_are_one_record(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await journey.app.database.run(_entered_by_cadre, journey)
        await journey.play(STORIES["j04_entered_by_cadre"])
        (found,) = await journey.app.database.read(_profiles, journey, "fake:李强的手机")
        assert (found.id, found.source) == ("swept", people.Source.HOUSEHOLD)
        assert (found.answers["hukou"], found.answers["home_village"]) == ("rural", "陈集镇")


async def test_a_correction_keeps_what_the_cadre_wrote(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await journey.app.database.run(_entered_by_cadre, journey)
        await journey.play(STORIES["j04_entered_by_cadre"])
        kept = await journey.app.database.read(people.memory_of, journey.app.vault, "swept")
        assert [c.value for c in kept if c.field == "hukou"] == ["urban", "rural"]


async def test_after_a_deletion_nothing_is_found(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await journey.play(STORIES["j11_delete"])
        await journey.wait("11 minutes")
        assert await journey.app.database.read(_profiles, journey, "fake:要删的人") == ()
        content = (tmp_path / "journey.db").read_bytes()
        assert b"13911112222" not in content
        assert "老李".encode() not in content


def _entered_by_cadre(session: Session, journey: Journey) -> None:
    entered = people.Entered(
        codes={"home_place": "371703", "hukou": "urban", "away_half_year": "half_year"},
        texts={"nickname": "李强", "phone": "13700005678", "home_village": "陈集镇"},
        area="371703",
        source=people.Source.HOUSEHOLD,
    )
    week_ago = journey.now - timedelta(days=7)
    people.enter(session, journey.app.vault, "swept", entered, at=week_ago, basis="文件一号")


def _profiles(session: Session, journey: Journey, account: str) -> tuple[people.Profile, ...]:
    return people.profiles_of(session, journey.app.vault, [account]).get(account, ())


async def test_who_registered_reads_that_first_and_then_who_looks_after_them(
    tmp_path: Path,
) -> None:
    async with Journey(tmp_path) as journey:
        told = STORIES["j15_commissioner_leaves"].split("< 专员是小刘")[0]
        assert await journey.play(told) == []
        last = [one.text for one in journey.replies]
        done = next(n for n, text in enumerate(last) if "登记好了" in text)
        assert done < next(n for n, text in enumerate(last) if "专员是小刘" in text)
