"""What editors may store, review and release: nothing with a fault goes live."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge.editing import Editor, Faulty
from knowledge.library import in_service, our_shelf
from knowledge.references import users
from records import policies
from records.database import Database, Session
from records.edit_refusals import ChangedMeanwhile, EditRefused, OwnDraft, WrongStage
from records.policies import PageVersion, Stage

PATH = "dingtao/policies/dingtao-loan-individual-cap.toml"
OVERVIEW = "dingtao/policies/dingtao-loan-caps.toml"
PERSON = "puyang-subsidised-loan-person"  # five others tell its figure
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
async def editor(database: Database) -> Editor:
    """The editor's clock goes on by a second at each look."""
    ticks = iter(range(1000))
    return Editor(database, now=lambda: NOW + timedelta(seconds=next(ticks)))


def shipped(path: str = PATH) -> str:
    return our_shelf().shipped(path) or ""


def raised(path: str, wan: int) -> str:
    """The page with another figure for single persons, written there."""
    figure = f'value = {wan}0000\nunit = "元"\nbound = "max"\nprinted = "最高{wan}万元"\n'
    text = shipped(path).replace('same_as = "dingtao-loan-individual-cap.cap"\n', figure)
    return text.replace("value = 100000\n", f"value = {wan}0000\n").replace("10万", f"{wan}万")


def reworded(words: str) -> str:
    return shipped().replace("干个体的", words)


async def draft(editor: Editor, text: str, path: str = PATH) -> int:
    done = await editor.draft(path, text, author="小刘")
    return done.version.id or 0


async def live(editor: Editor, text: str) -> None:
    number = await draft(editor, text)
    await editor.review(number, reviewer="老王")
    await editor.release(number, by="老王")


async def pages(database: Database) -> dict[str, str | None]:
    return dict((await database.read(policies.served)).pages)


async def test_an_edit_goes_live(editor: Editor, database: Database) -> None:
    await live(editor, reworded("自己干的"))
    assert await pages(database) == {PATH: reworded("自己干的")}


@pytest.mark.parametrize("text", ["id = ", "\ud800", "a = " + "[" * 3000, "x" * 500_000])
async def test_what_cannot_be_parsed_is_not_kept(
    editor: Editor, database: Database, text: str
) -> None:
    with pytest.raises(Faulty) as refusal:
        await draft(editor, text)
    assert refusal.value.faults[0].file == PATH
    assert await database.read(policies.waiting) == []


async def test_a_draft_with_faults_is_kept_but_not_reviewed(
    editor: Editor, database: Database
) -> None:
    done = await editor.draft(
        PATH, shipped().replace('slot = "额度"', 'slot = "价钱"'), author="小刘"
    )
    assert ["价钱" in fault.fault for fault in done.faults] == [True]
    assert done.faults[0].line == shipped().splitlines().index('slot = "额度"') + 1
    with pytest.raises(Faulty, match="价钱"):
        await editor.review(done.version.id or 0, reviewer="老王")
    assert [row.stage for row in await database.read(policies.waiting)] == [Stage.DRAFT]


async def test_a_figure_that_another_entry_contradicts_is_held_back(editor: Editor) -> None:
    done = await editor.draft(OVERVIEW, raised(OVERVIEW, 20), author="小刘")
    assert any("dingtao-loan-caps" in fault.fault for fault in done.faults)
    with pytest.raises(Faulty, match="数字却不一样"):
        await editor.review(done.version.id or 0, reviewer="老王")


async def test_entries_that_change_together_go_live_together(
    editor: Editor, database: Database
) -> None:
    numbers = [await draft(editor, raised(path, 20), path) for path in (PATH, OVERVIEW)]
    await editor.review(*numbers, reviewer="老王")
    with pytest.raises(Faulty):
        await editor.release(numbers[1], by="老王")
    await editor.release(*numbers, by="老王")
    assert await pages(database) == {path: raised(path, 20) for path in (PATH, OVERVIEW)}


async def test_of_two_drafts_of_one_page_the_second_is_refused(
    editor: Editor, database: Database
) -> None:
    numbers = [await draft(editor, reworded(words)) for words in ("自己干的", "单干的")]
    await editor.review(*numbers, reviewer="老王")
    done = await asyncio.gather(
        *(editor.release(number, by="老王") for number in numbers), return_exceptions=True
    )
    refused = [each for each in done if isinstance(each, BaseException)]
    assert [type(each) for each in refused] == [ChangedMeanwhile]
    assert len(await pages(database)) == 1


async def test_releases_of_two_pages_at_once_both_succeed(
    editor: Editor, database: Database
) -> None:
    other = shipped(OVERVIEW).replace("kind =", 'owner = "就业科"\nkind =')
    numbers = [await draft(editor, reworded("单干的")), await draft(editor, other, OVERVIEW)]
    await editor.review(*numbers, reviewer="老王")
    await asyncio.gather(*(editor.release(number, by="老王") for number in numbers))
    assert (await database.read(policies.served)).revision == 2


async def test_two_pages_that_contradict_each_other_do_not_both_go_live(
    editor: Editor, database: Database
) -> None:
    await editor.withdraw(OVERVIEW, by="老王", note="重写")
    first = await draft(editor, raised(PATH, 20))
    await editor.review(first, reviewer="老王")
    second = await draft(editor, raised(OVERVIEW, 25), OVERVIEW)
    await editor.release(first, by="老王")
    with pytest.raises(Faulty):
        await editor.review(second, reviewer="老王")
    assert (await pages(database))[OVERVIEW] is None


async def test_an_entry_whose_figure_others_tell_is_withdrawn_after_them(
    editor: Editor, database: Database
) -> None:
    with pytest.raises(EditRefused, match="dingtao-loan-caps 还在说"):
        await editor.withdraw(PATH, by="老王", note="过时了")
    for path in (OVERVIEW, PATH):
        await editor.withdraw(path, by="老王", note="过时了")
    assert await pages(database) == {OVERVIEW: None, PATH: None}


async def test_a_wrong_figure_is_withdrawn_with_all_that_tell_it(
    editor: Editor, database: Database
) -> None:
    path = f"puyang/policies/{PERSON}.toml"
    with pytest.raises(EditRefused, match=f"withdraw {PERSON} --with-referring"):
        await editor.withdraw(path, by="老王", note="数字有误")
    rows = await editor.withdraw(path, by="老王", note="数字有误", with_referring=True)
    assert (rows[0].path, len(rows), {row.note for row in rows}) == (path, 6, {"数字有误"})
    served = await database.read(policies.served)
    assert (served.revision, len(served.pages), {*served.pages.values()}) == (1, 6, {None})
    library, left_out = in_service(served.pages)
    assert (users(PERSON, library.entries.values()), left_out) == ([], {})


async def test_what_is_told_although_its_edit_is_broken_goes_too(
    editor: Editor, database: Database
) -> None:
    await database.run(_spoil)
    await editor.withdraw(PATH, by="老王", note="数字有误", with_referring=True)
    assert await pages(database) == {OVERVIEW: None, PATH: None}


async def test_nobody_reviews_their_own(editor: Editor) -> None:
    number = await draft(editor, reworded("单干的"))
    with pytest.raises(OwnDraft):
        await editor.review(number, reviewer="小刘")
    with pytest.raises(WrongStage):
        await editor.release(number, by="老王")


async def test_a_withdrawn_entry_comes_back_only_by_a_new_draft(
    editor: Editor, database: Database
) -> None:
    await editor.withdraw(OVERVIEW, by="老王", note="过时了")
    with pytest.raises(EditRefused, match="没有在用"):
        await editor.withdraw(OVERVIEW, by="老王", note="过时了")
    assert await pages(database) == {OVERVIEW: None}
    number = await draft(editor, shipped(OVERVIEW), OVERVIEW)
    await editor.review(number, reviewer="老王")
    await editor.release(number, by="老王")
    assert await pages(database) == {OVERVIEW: shipped(OVERVIEW)}


@pytest.mark.parametrize("path", ["dingtao/pack.toml", "common/wording.toml", "x/../y"])
async def test_what_others_need_is_not_withdrawn(editor: Editor, path: str) -> None:
    with pytest.raises(EditRefused, match="不能撤下"):
        await editor.withdraw(path, by="老王", note="x")


async def test_a_draft_keeps_its_dates_and_owner(editor: Editor) -> None:
    text = shipped().replace('valid_until = ""', 'valid_until = "2027-03-31"')
    row = (await editor.draft(PATH, text, author="小刘", owner="就业科")).version
    assert (row.ends_on, row.review_by, row.owner) == (
        date(2027, 3, 31),
        date(2027, 6, 30),
        "就业科",
    )


async def test_a_fault_elsewhere_does_not_hold_up_an_edit(
    editor: Editor, database: Database
) -> None:
    await database.run(_spoil)
    await live(editor, reworded("单干的"))
    assert PATH in await pages(database)


def _spoil(session: Session) -> None:
    row = PageVersion(path=OVERVIEW, number=1, stage=Stage.LIVE, text="id = ", made_at=NOW)
    session.add(row)
