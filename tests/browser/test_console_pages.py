"""Every page of the console, as links lead to it: WCAG 2.2 AA, no sideways scrolling, no script
faults, on a telephone, on an office PC, and at twice the size.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession, DummyCookieJar
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from bot.benching.console import crawled
from bot.benching.console_world import NOW, World
from console.guard import COOKIE
from records.database import Database
from records.vault import Vault
from tests.support.console import served
from tests.support.database import fresh_file

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {"telephone": 360, "zoomed": 683, "office": 1366}
PEOPLE, MESSAGES, TICKETS = 200, 400, 120


@dataclass
class Desktop:
    """A browser that is signed in, and the addresses that there are."""

    page: Page
    root: str
    paths: list[str]
    faults: list[str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desktop(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desktop]:
    """The console over a small county at work."""
    path: Path = tmp_path_factory.mktemp("console") / "guiyan.db"
    database, vault = Database(await fresh_file(path)), Vault("a key for tests only")
    await World(vault, PEOPLE).fill(database, messages=MESSAGES, tickets=TICKETS)
    async with served(database, vault, NOW) as stage:
        token = (await stage.staff("小周")).token
        root = str(stage.client.make_url("")).rstrip("/")
        async with _signed_in(browser, root, token) as desktop:
            yield desktop
    await database.close()


@asynccontextmanager
async def _signed_in(browser: Browser, root: str, token: str) -> AsyncIterator[Desktop]:
    headers, jar = {"Cookie": f"{COOKIE}={token}"}, DummyCookieJar()
    async with ClientSession(root, headers=headers, cookie_jar=jar) as client:
        paths = await crawled(client, is_shown=True)
    context = await browser.new_context()
    await context.add_cookies([{"name": COOKIE, "value": token, "url": f"{root}/console"}])
    page, faults = await context.new_page(), list[str]()
    page.on("console", lambda note: faults.append(note.text) if note.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Desktop(page, root, paths, faults)
    await context.close()


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_page_keeps_to_wcag(desktop: Desktop) -> None:
    found = []
    await desktop.page.set_viewport_size({"width": SIZES["office"], "height": 900})
    for path in desktop.paths:
        await desktop.page.goto(desktop.root + path, wait_until="domcontentloaded")
        options = {"runOnly": STANDARD, "resultTypes": ["violations"]}
        results = await Axe().run(desktop.page, options=options)
        found += [
            f"{path}: {one['id']}: {one['nodes'][0]['html'][:120]}"
            for one in results.response["violations"]
        ]
    assert found == []


@pytest.mark.parametrize("size", SIZES)
async def test_no_page_scrolls_sideways(desktop: Desktop, size: str) -> None:
    wide = []
    await desktop.page.set_viewport_size({"width": SIZES[size], "height": 800})
    for path in desktop.paths:
        await desktop.page.goto(desktop.root + path, wait_until="domcontentloaded")
        if await desktop.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []


async def test_every_page_can_be_walked_by_keys(desktop: Desktop) -> None:
    unseen = []
    await desktop.page.set_viewport_size({"width": SIZES["office"], "height": 900})
    for path in desktop.paths:
        await desktop.page.goto(desktop.root + path, wait_until="domcontentloaded")
        await desktop.page.keyboard.press("Tab")
        first = await desktop.page.evaluate("document.activeElement.className")
        if first != "skip":
            unseen.append(path)
    assert unseen == []


async def test_no_page_has_a_fault_of_script_or_policy(desktop: Desktop) -> None:
    desktop.faults.clear()
    for path in desktop.paths:
        answer = await desktop.page.goto(desktop.root + path, wait_until="load")
        assert answer is not None
        assert answer.status == 200, path
    assert desktop.faults == []
