"""The real program on Telegram's wire: a steward's post reaches a group, and is taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from records import staff_accounts
from records.database import Database, Session
from tests.support.bot_api import TOKEN, BotApi
from tests.support.pictures import JPEG
from tests.support.program import Program
from tests.support.several import the_program

GROUP, STEWARD = -100577, 7
PATIENCE = 60.0
TEXT = "周六上午九点县里有招聘会，带身份证，不收钱。"
DAY = "2026-11-23T10:00:00+08:00"


def _bind(session: Session) -> None:
    now = datetime.now(UTC)
    staff_accounts.bind(session, "小刘", f"telegram:{STEWARD}", at=now, actor="system")


async def _hired(program: Program) -> None:
    await program.command("staff", "add", "小刘", "--role", "steward", "--area", "定陶")
    await program.command("staff", "add", "老张", "--role", "staff", "--area", "定陶")
    database = Database(program.database_url)
    await database.run(_bind)
    await database.close()


async def _learnt(program: Program) -> None:
    database = Database(program.database_url)
    async with asyncio.timeout(PATIENCE):
        while not await database.read(_groups):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await database.close()


def _groups(session: Session) -> list[str]:
    return list(session.execute(text("SELECT chat FROM contact_group")).scalars())


async def _placed(api: BotApi, program: Program) -> None:
    await _hired(program)
    await program.start()
    api.take_in(GROUP, "广州老乡群", 312, by=STEWARD)
    await _learnt(program)
    words = ("定陶", "--kind", "城市群", "--steward", "小刘")
    await program.command("groups", "place", str(GROUP), *words)


async def _looked_after(program: Program) -> None:
    """The job by hand; it refuses while its own run by the clock is under way."""
    job = ("jobs", "run", "look_after_posts")
    try:
        await program.command(*job)
    except RuntimeError:
        await asyncio.sleep(2.0)
        await program.command(*job)


async def _says(api: BotApi, text: str) -> str:
    """What the steward reads last after a message."""
    return await _answer(api, lambda: api.say(STEWARD, text))


async def _answer(api: BotApi, do: Callable[[], object]) -> str:
    before = len(_in(api, STEWARD))
    do()
    await api.until(lambda: len(_in(api, STEWARD)) > before, PATIENCE)
    await asyncio.sleep(1.5)  # a second message of the same turn: a chat gets one a second
    return "\n".join(_in(api, STEWARD)[before:])


def _in(api: BotApi, chat: int) -> list[str]:
    return [sent.text for sent in api.sent if sent.chat == chat]


def _pictures(api: BotApi, chat: int) -> list[bytes]:
    return [
        api.files[s.params["photo"]] for s in api.sent if s.chat == chat and "photo" in s.params
    ]


async def test_a_photo_with_words_under_it_reaches_a_group(tmp_path: Path) -> None:
    async with BotApi() as api:
        wire = {"GUIYAN_TELEGRAM_TOKEN": TOKEN, "GUIYAN_TELEGRAM_BASE_URL": api.url}
        settings = {**wire, "GUIYAN_AREAS": "定陶", "GUIYAN_NOW": DAY}
        async with the_program(tmp_path, settings) as program:
            await _placed(api, program)
            await _says(api, "群发 1")
            told = await _answer(api, lambda: api.show(STEWARD, JPEG, TEXT))
            assert "Telegram自动发，带图" in told
            assert _pictures(api, STEWARD) == [JPEG]
            await _says(api, "确认")
            await program.command("posts", "review", "1", "--by", "老张")
            await api.until(lambda: _in(api, GROUP) != [], PATIENCE)
            assert _pictures(api, GROUP) == [JPEG]
            assert _in(api, GROUP)[0].startswith(TEXT)


async def test_a_post_reaches_a_group_and_is_taken_back(tmp_path: Path) -> None:
    async with BotApi() as api:
        wire = {"GUIYAN_TELEGRAM_TOKEN": TOKEN, "GUIYAN_TELEGRAM_BASE_URL": api.url}
        settings = {**wire, "GUIYAN_AREAS": "定陶", "GUIYAN_NOW": DAY}
        async with the_program(tmp_path, settings) as program:
            await _placed(api, program)
            assert "1 广州老乡群（城市群，Telegram自动发，312人）" in await _says(api, "群发")
            await _says(api, "1")
            assert TEXT in await _says(api, TEXT)
            assert "看过再发" in await _says(api, "确认")
            assert _in(api, GROUP) == []
            await program.command("posts", "review", "1", "--by", "老张")
            await api.until(
                lambda: [t for t in _in(api, GROUP) if t.startswith(TEXT)] != [], PATIENCE
            )
            await _looked_after(program)
            told = "群发1：1个群：1个已发（共312人）。"
            await api.until(lambda: told in _in(api, STEWARD), PATIENCE)
            assert "1个正在删" in await _says(api, "撤回 1")
            await api.until(lambda: _in(api, GROUP) == [], PATIENCE)
            await _looked_after(program)
            assert "删掉" in await _says(api, "群发情况 1")
