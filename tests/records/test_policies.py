"""A content file's way from draft to live, and what stands in its way."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest

from records import audit, page_edits, policies
from records.database import Database, Session
from records.edit_refusals import (
    ChangedMeanwhile,
    EditRefused,
    Moved,
    NoSuchVersion,
    OwnDraft,
    WrongStage,
)
from records.page_edits import Page
from records.policies import PageVersion, Stage

PATH = "dingtao/policies/dingtao-x.toml"
PAGE = Page(PATH, "old", base="shipped")


async def draft(database: Database, now: datetime, text: str = "new", **more: object) -> int:
    page = Page(PATH, text, **{"base": "shipped", **more})  # type: ignore[arg-type]
    row = await database.run(_draft, page, now)
    assert row.id is not None
    return row.id


def _draft(session: Session, page: Page, now: datetime) -> PageVersion:
    return page_edits.draft(session, page, author="小刘", at=now)


async def review(database: Database, number: int, now: datetime, by: str = "老王") -> None:
    await database.run(lambda s: page_edits.review(s, number, reviewer=by, at=now))


async def release(
    database: Database, number: int, now: datetime, *, base: str = "shipped", checked: int = -1
) -> None:
    seen = await database.read(policies.revision) if checked < 0 else checked
    await database.run(
        lambda s: page_edits.release(
            s, [number], by="老王", at=now, bases={PATH: base}, checked=seen
        )
    )


async def live(database: Database, now: datetime, text: str = "new", **more: object) -> int:
    number = await draft(database, now, text, **more)
    await review(database, number, now)
    await release(database, number, now)
    return number


async def withdraw(database: Database, now: datetime) -> None:
    seen = await database.read(policies.revision)
    await database.run(
        lambda s: page_edits.withdraw(s, [PAGE], by="老王", at=now, note="过时了", checked=seen)
    )


async def stage(database: Database, number: int) -> str:
    return (await database.read(policies.version, number)).stage


async def test_only_what_is_released_is_served(database: Database, now: datetime) -> None:
    number = await draft(database, now)
    assert (await database.read(policies.served)).pages == {}
    await review(database, number, now)
    assert (await database.read(policies.served)).pages == {}
    await release(database, number, now)
    served = await database.read(policies.served)
    assert (served.revision, served.pages) == (1, {PATH: "new"})


async def test_the_old_version_is_replaced_and_kept(database: Database, now: datetime) -> None:
    first = await live(database, now, "one")
    second = await live(database, now, "two")
    rows = await database.read(policies.versions, PATH)
    assert [(r.id, r.stage, r.text) for r in rows] == [
        (second, Stage.LIVE, "two"),
        (first, Stage.REPLACED, "one"),
    ]


async def test_authors_do_not_review_themselves(database: Database, now: datetime) -> None:
    number = await draft(database, now)
    with pytest.raises(OwnDraft, match="换一位同事"):
        await review(database, number, now, by=" 小刘 ")
    assert await stage(database, number) == Stage.DRAFT


async def test_a_draft_is_not_released_unread(database: Database, now: datetime) -> None:
    number = await draft(database, now)
    with pytest.raises(WrongStage, match="草稿"):
        await release(database, number, now)
    assert await database.read(policies.revision) == 0


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    database: Database, now: datetime
) -> None:
    late = await draft(database, now, "late")
    await review(database, late, now)
    await live(database, now, "first")
    with pytest.raises(ChangedMeanwhile, match="小刘"):
        await release(database, late, now)
    assert (await database.read(policies.served)).pages == {PATH: "first"}


async def test_a_draft_over_an_older_program_is_refused(database: Database, now: datetime) -> None:
    number = await draft(database, now)
    await review(database, number, now)
    with pytest.raises(ChangedMeanwhile, match="程序自带"):
        await release(database, number, now, base="newer")


async def test_a_draft_does_not_undo_a_withdrawal(database: Database, now: datetime) -> None:
    await live(database, now, "one")
    late = await draft(database, now, "two")
    await review(database, late, now)
    await withdraw(database, now + timedelta(minutes=1))
    with pytest.raises(ChangedMeanwhile):
        await release(database, late, now + timedelta(minutes=2))
    assert (await database.read(policies.served)).pages == {PATH: None}


async def test_a_library_that_moved_is_checked_again(database: Database, now: datetime) -> None:
    number = await draft(database, now)
    await review(database, number, now)
    with pytest.raises(Moved):
        await release(database, number, now, checked=7)


async def test_of_two_releases_at_once_one_wins(database: Database, now: datetime) -> None:
    numbers = [await draft(database, now, text) for text in ("one", "two")]
    for number in numbers:
        await review(database, number, now)
    other = Database(database.url.render_as_string(hide_password=False))
    done = await asyncio.gather(
        *(release(d, n, now, checked=0) for d, n in zip((database, other), numbers, strict=True)),
        return_exceptions=True,
    )
    await other.close()
    assert sorted(type(each).__name__ for each in done) == ["Moved", "NoneType"]
    assert len(await database.read(policies.at_stages, Stage.LIVE)) == 1


async def test_a_shipped_page_can_be_withdrawn_once(database: Database, now: datetime) -> None:
    await withdraw(database, now)
    assert (await database.read(policies.served)).pages == {PATH: None}
    with pytest.raises(WrongStage):
        await withdraw(database, now)
    assert await database.read(policies.revision) == 1


async def test_a_new_version_stands_in_front_of_a_withdrawal(
    database: Database, now: datetime
) -> None:
    await withdraw(database, now)
    await live(database, now + timedelta(minutes=1), "mended")
    assert (await database.read(policies.served)).pages == {PATH: "mended"}
    stages = [row.stage for row in await database.read(policies.versions, PATH)]
    assert stages == [Stage.LIVE, Stage.WITHDRAWN]


async def test_a_dropped_draft_waits_no_more(database: Database, now: datetime) -> None:
    number = await draft(database, now)
    assert [row.id for row in await database.read(policies.waiting)] == [number]
    await database.run(lambda s: page_edits.drop(s, number, by="小刘", at=now))
    assert await database.read(policies.waiting) == []


async def test_an_unknown_number_is_refused(database: Database, now: datetime) -> None:
    with pytest.raises(NoSuchVersion, match="99"):
        await review(database, 99, now)


async def test_what_ends_soon_is_due(database: Database, now: datetime) -> None:
    await live(database, now, ends_on=date(2026, 12, 21), review_by=None)
    assert len(await database.read(policies.due, date(2026, 11, 21), 30)) == 1
    assert await database.read(policies.due, date(2026, 11, 20), 30) == []


async def test_every_act_leaves_its_trail(database: Database, now: datetime) -> None:
    number = await live(database, now)
    await withdraw(database, now)
    acts = [row.act for row in await database.read(audit.of, f"page:{number}")]
    assert acts == ["draft_page", "review_page", "release_page", "withdraw_page"]


@pytest.mark.parametrize("text", ["", "字" * 100_000])
async def test_any_length_is_kept(text: str, database: Database, now: datetime) -> None:
    number = await draft(database, now, text, owner="办" * 200)
    assert (await database.read(policies.version, number)).text == text


def test_every_refusal_is_one_kind() -> None:
    kinds = (NoSuchVersion, WrongStage, OwnDraft, ChangedMeanwhile)
    assert all(issubclass(kind, EditRefused) for kind in kinds)
