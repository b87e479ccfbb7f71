"""The manual of the console is gone through step by step: its pictures are what one sees today."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from bot.benching.console_world import NOW, World
from records.database import Database
from records.vault import Vault
from tests.support.console import served
from tests.support.database import fresh_file
from tests.support.manual import FOLDER, Walk, keep, words_of

PAGES = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.md"))}
WRITES = os.environ.get("GUIYAN_WRITE_MANUAL", "")  # `make manual`; "all": the unchanged, too


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", PAGES)
async def test_the_manual_shows_what_one_sees(
    browser: Browser, tmp_path: Path, vault: Vault, name: str
) -> None:
    database = Database(await fresh_file(tmp_path / "guiyan.db"))
    await World(vault, 120).fill(database, messages=240, tickets=60)
    async with served(database, vault, NOW) as stage:
        context = await browser.new_context(
            viewport={"width": 1100, "height": 800}, locale="zh-CN"
        )
        root = str(stage.client.make_url("")).rstrip("/")
        walk = Walk(stage, context, await context.new_page(), root)
        unseen = await walk.go(PAGES[name])
        await context.close()
    await database.close()
    for picture, taken in walk.taken.items():
        if WRITES == "all" or (WRITES and words_of(picture) != taken.words.strip()):
            keep(picture, taken)
    stale = [one for one, taken in walk.taken.items() if words_of(one) != taken.words.strip()]
    assert (unseen, stale) == ([], []), "run `make manual`, and read what it changed"


def test_every_picture_is_shown_and_every_one_shown_is_there() -> None:
    shown = {
        name for text in PAGES.values() for name in re.findall(r"\(pictures/([\w-]+)\.png\)", text)
    }
    assert shown == {path.stem for path in (FOLDER / "pictures").glob("*.png")}
