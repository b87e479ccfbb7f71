"""A visitor's phone: one Chromium a file, a new visitor and a new server a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from channels.webchat.channel import WebChat
from records.database import Database
from records.vault import Vault
from tests.support.browser import running_browser
from tests.support.database import fresh_file
from tests.support.page_checks import PHONE
from tests.support.stage import SCRIPT, Stage
from tests.support.web_chat import ScriptedDoor, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests here."""
    async with running_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser, tmp_path: Path, vault: Vault) -> AsyncIterator[Stage]:
    """A new visitor's phone, who has opened the page and been greeted."""
    database = Database(await fresh_file(tmp_path / "guiyan.db"))
    chat = WebChat(database, vault)
    door = ScriptedDoor(database, vault, chat, SCRIPT)
    door.delay = 0.03
    async with serving(chat, door) as url:
        context = await browser.new_context(**PHONE)
        page = await context.new_page()
        faults: list[str] = []
        page.on("console", lambda note: faults.append(note.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(url + "/chat")
        stage = Stage(page, url, door)
        await stage.see("您好，我是归雁。")
        yield stage
        await context.close()
    await database.close()
    assert [fault for fault in faults if not fault.startswith("Failed to load resource")] == []
