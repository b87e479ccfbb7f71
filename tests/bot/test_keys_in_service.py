"""The secret is changed under processes that serve: those of either secret work side by side."""

from __future__ import annotations

from pathlib import Path

from tests.support import database as databases
from tests.support.bot_api import TOKEN, BotApi
from tests.support.program import Program

FIRST, NEXT = (
    "the first secret of this store, long enough",
    "the secret that comes after the first",
)
PATIENCE = 30.0


async def _says(api: BotApi, text: str) -> str:
    before = len(api.sent)
    api.say(7, text)
    return (await api.sent_count(before + 1, PATIENCE))[-1].text


async def test_a_form_goes_on_under_the_new_secret(postgres_url: str, tmp_path: Path) -> None:
    url = await databases.fresh(postgres_url)
    async with BotApi() as api:
        wire = {"GUIYAN_TELEGRAM_TOKEN": TOKEN, "GUIYAN_TELEGRAM_BASE_URL": api.url}
        shared = {**wire, "GUIYAN_DATABASE_URL": url, "GUIYAN_AREAS": "定陶"}
        (tmp_path / "new.key").write_text(NEXT)
        former = Program(tmp_path, {**shared, "GUIYAN_SECRET_KEY": FIRST})
        coming = Program(tmp_path, {**shared, "GUIYAN_SECRET_KEY": NEXT})
        async with former, coming:
            await former.start("--only", "intake,worker")
            await former.command("keys", "add", "new.key")
            await coming.start("--only", "sender")
            assert "登记" in await _says(api, "登记")
            await former.stop()
            async with Program(tmp_path, coming.settings) as third:
                await third.start("--only", "intake,worker")
                assert "第1题" in await _says(api, "1")
    await databases.drop(postgres_url, url)
