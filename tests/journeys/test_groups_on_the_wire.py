"""The real program on Telegram's wire: a group takes the bot in, is placed, moves, and is left."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from records import staff_accounts
from records.database import Database, Session
from tests.support.bot_api import TOKEN, BotApi
from tests.support.program import Program
from tests.support.several import the_program

GROUP, UPGRADED, STEWARD = -77, -100577, 7
PATIENCE = 30.0


def _bind(session: Session) -> None:
    now = datetime.now(UTC)
    staff_accounts.bind(session, "小刘", f"telegram:{STEWARD}", at=now, actor="system")


async def _hired(program: Program) -> None:
    await program.command("staff", "add", "小刘", "--role", "steward", "--area", "定陶")
    database = Database(program.database_url)
    await database.run(_bind)
    await database.close()


async def _chats(program: Program, where: str = "left_at IS NULL") -> list[str]:
    database = Database(program.database_url)
    query = text(f"SELECT chat FROM contact_group WHERE {where}")
    found = await database.read(lambda session: list(session.execute(query).scalars()))
    await database.close()
    return found


async def _until(program: Program, chats: list[int]) -> None:
    """Wait until the bot is in these groups, as far as the register knows."""
    async with asyncio.timeout(PATIENCE):
        while await _chats(program) != [str(chat) for chat in chats]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def _mine(api: BotApi) -> str:
    """What the steward reads of their groups."""
    before = len(api.sent)
    api.say(STEWARD, "我的群")
    return (await api.sent_count(before + 1, PATIENCE))[-1].text


async def test_a_group_from_the_day_it_takes_the_bot_in(tmp_path: Path) -> None:
    async with BotApi() as api:
        settings = {"GUIYAN_TELEGRAM_TOKEN": TOKEN, "GUIYAN_TELEGRAM_BASE_URL": api.url}
        async with the_program(tmp_path, {**settings, "GUIYAN_AREAS": "定陶"}) as program:
            await _hired(program)
            await program.start()
            api.take_in(GROUP, "广州返乡创业群", 312, by=STEWARD)
            await _until(program, [GROUP])
            assert await _chats(program, "brought_by = '小刘' AND size = 312") == [str(GROUP)]
            assert (await _mine(api)).startswith("您名下还没有群")
            said = ("定陶", "--kind", "城市群", "--city", "广州", "--steward", "小刘")
            await program.command("groups", "place", str(GROUP), *said)
            assert await _mine(api) == "1. 广州返乡创业群（城市群，广州）312人，还没发过"
            api.migrate(GROUP, UPGRADED)
            await _until(program, [UPGRADED])
            api.chat(UPGRADED).title, api.chat(UPGRADED).members = "广州老乡群", 320
            await program.command("jobs", "run", "measure_groups")
            assert await _mine(api) == "1. 广州老乡群（城市群，广州）320人，还没发过"
            api.throw_out(UPGRADED)
            await _until(program, [])
            assert (await _mine(api)).startswith("您名下还没有群")
