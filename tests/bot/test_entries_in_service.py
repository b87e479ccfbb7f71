"""An edited entry changes the very next answer of every running program, without a restart."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.editing import Editor
from knowledge.library import our_shelf
from records.database import Database, Session
from records.policies import PageVersion
from tests.support.asking import Asker
from tests.support.program import Program

PATH = "dingtao/policies/dingtao-loan-individual-cap.toml"
Start = Callable[[int], Awaitable[list[Asker]]]
OVERVIEW = "定陶创业担保贷款最高能贷多少"  # told in another entry, which takes the same figure
QUESTION = "定陶个体户创业担保贷款最高多少"


def mended(path: str, wan: int) -> str:
    """The shipped page with another figure for single persons."""
    text = our_shelf().shipped(path) or ""
    changed = text.replace("value = 100000\n", f"value = {wan}0000\n")
    return changed.replace("最高10万元", f"最高{wan}万元")


@pytest.fixture
async def editor(database: Database) -> Editor:
    return Editor(database, now=lambda: datetime.now(UTC))


@pytest.fixture
async def start(kind: str, database: Database, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts programs over the database; SQLite's is for one."""
    url = database.url.render_as_string(hide_password=False)
    settings = {
        "GUIYAN_DATABASE_URL": url.replace("+asyncpg", ""),
        "GUIYAN_AREAS": "定陶",
        "GUIYAN_SECRET_KEY": "a key for tests only, and nothing else",
    }
    async with AsyncExitStack() as stack:

        async def start(number: int) -> list[Asker]:
            askers = []
            for each in range(number):
                (tmp_path / str(each)).mkdir()
                program = await stack.enter_async_context(Program(tmp_path / str(each), settings))
                address = await program.start()
                await program.ready()
                askers.append(await stack.enter_async_context(Asker(address)))
            return askers

        yield start


async def release(editor: Editor, wan: int) -> None:
    number = (await editor.draft(PATH, mended(PATH, wan), author="小刘")).version.id or 0
    await editor.review(number, reviewer="老王")
    await editor.release(number, by="老王")


async def test_the_next_answer_is_the_new_one_in_every_process(
    editor: Editor, start: Start, kind: str
) -> None:
    askers = await start(1 if kind == "sqlite" else 2)
    assert all(["最高10万元" in await asker.ask(QUESTION) for asker in askers])
    for wan in (20, 25):
        await release(editor, wan)
        said = [await asker.ask(QUESTION) for asker in askers]
        assert [re.findall(r"贷款最高(\d+)万元", text) for text in said] == [[str(wan)]] * len(
            said
        )
    await editor.withdraw(PATH, by="老王", note="数字有误", with_referring=True)
    for asker in (*askers, *askers):
        for question in (QUESTION, OVERVIEW):
            assert not re.search("最高(10|20|25)万元", await asker.ask(question))


def _break(session: Session, *, text: str) -> None:
    session.add(
        PageVersion(
            path=PATH,
            number=1,
            stage="live",
            text=text,
            made_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
    )


async def test_a_broken_page_never_stops_the_service(database: Database, start: Start) -> None:
    await database.run(lambda session: _break(session, text="id = [[["))
    [asker] = await start(1)
    assert "最高10万元" in await asker.ask(QUESTION)
