"""A real Chromium for tests, or a reason why there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium_path() -> str:
    """Where Chromium is; without one the tests are skipped, but in CI they fail."""
    path = next((found for name in NAMES if (found := shutil.which(name))), "")
    if not path and os.environ.get("CI"):
        pytest.fail("no Chromium on this machine, and CI must not do without: install `chromium`")
    if not path:
        pytest.skip("no Chromium on this machine: install the package `chromium` to run this")
    return path


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Chromium without a window, for as long as the block lasts."""
    path = chromium_path()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()
