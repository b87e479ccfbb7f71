"""The documentation in a browser, as `make site` built it; without a site these are skipped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.support.browser import running_browser
from tests.support.page_checks import PHONE

SITE = Path(__file__).parents[2] / "var" / "site"
PAGES = (
    "index",
    "english",
    "CHANGELOG",
    "docs/manual/01-first-day",
    "docs/tutorial/first-ten-minutes.zh",
    "docs/howto/deploy",
    "docs/reference/README",
    "docs/reference/architecture",
    "docs/reference/settings",
    "docs/decisions/0001-the-house",
)

pytestmark = pytest.mark.skipif(not SITE.is_dir(), reason="`make site` has not built var/site")


@pytest.fixture
async def address() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_static("/", SITE)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def phone() -> AsyncIterator[Page]:
    async with running_browser() as browser:
        yield await (await browser.new_context(**PHONE)).new_page()


def _at(name: str) -> str:
    return f"{name}.html".replace("README.html", "index.html")


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_suits_a_phone_and_everybody(address: str, phone: Page, name: str) -> None:
    elsewhere: list[str] = []
    phone.on("request", lambda r: None if r.url.startswith(address) else elsewhere.append(r.url))
    await phone.goto(f"{address}/{_at(name)}")
    found = (await Axe().run(phone)).response["violations"]
    assert {v["id"]: [n["html"][:90] for n in v["nodes"]][:3] for v in found} == {}
    assert await phone.evaluate("document.documentElement.scrollWidth") == 360
    assert elsewhere == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("群发审核", "rights"),
        ("摸底表", "reports"),
        ("事件", "08-privacy"),
        ("GUIYAN_HTTP_PORT", "settings"),
    ],
)
async def test_a_search_finds_what_is_said(
    address: str, phone: Page, asked: str, found: str
) -> None:
    await phone.set_viewport_size({"width": 1366, "height": 768})
    await phone.goto(f"{address}/index.html")
    await phone.locator(".md-search__input").fill(asked)
    links = phone.locator(".md-search-result__link")
    await links.first.wait_for(state="attached")
    addresses = [await link.get_attribute("href") or "" for link in await links.all()]
    assert any(found in one for one in addresses)
