"""`bench console`: every page of the console over a county's years, and the reports."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from html import unescape
from statistics import quantiles
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, web

from bot.benching.console_world import AREA, NOW, World
from bot.benching.program import BenchFailure
from bot.packs import AS_SHIPPED, library_of
from console.guard import COOKIE
from console.means import Means
from console.page import Page
from console.routes import PAGES, Console, mount
from knowledge.answer import Answerer
from outreach.reach import ALL
from outreach.reports.periods import containing
from outreach.reports.registry import REPORTS
from outreach.reports.table import Asked, Report
from records import console_access, pushes, schema
from records.database import Database, Session, StoreUnavailable
from records.vault import Vault

PEOPLE, MESSAGES, TICKETS = 100_000, 1_000_000, 50_000
GOAL_MS = 300
REPORT_GOAL_SECONDS = 10
_TIMES = 20
_LINK = re.compile(r'href="(/console/[^"#]*)"')
_NEVER = ("/live", "/single", "/sign-in", "/enter", "/factor", "/again")


def measure(database_url: str = "", people: int = 0, only: Sequence[str] = ()) -> dict[str, Any]:
    """Server milliseconds of each page (p50, p95) as a county's staff; with fewer `people` the
    rest shrinks with them. `only` names paths.
    """
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/console.db"
        try:
            return asyncio.run(_measured(url, people or PEOPLE, tuple(only)))
        except (StoreUnavailable, ValueError) as fault:
            raise BenchFailure(str(fault)) from fault


async def _measured(url: str, people: int, only: Sequence[str]) -> dict[str, Any]:
    database, vault = Database(url), Vault("bench")
    try:
        await schema.migrate(database)
        if not await database.read(pushes.areas):
            share = people / PEOPLE
            world = World(vault, people)
            await world.fill(
                database, messages=int(MESSAGES * share), tickets=int(TICKETS * share)
            )
        async with _served(database, vault) as client:
            pages = [await _timed(client, path) for path in await crawled(client, only)]
        reports = {one.name: await _made(database, vault, one) for one in REPORTS}
    finally:
        await database.close()
    slow = [one for one in pages if one[2] > GOAL_MS]
    return {
        "database": database.url.get_backend_name(),
        "people": people,
        "machine_load": round(os.getloadavg()[0], 1),
        "pages": len(pages),
        "slowest p95 ms": max((one[2] for one in pages), default=0),
        f"over {GOAL_MS} ms": len(slow),
        "slowest report s": max(reports.values()),
        f"reports over {REPORT_GOAL_SECONDS} s": sum(
            taken > REPORT_GOAL_SECONDS for taken in reports.values()
        ),
        "seconds by report": reports,
        "p50 and p95 ms by page": {path: f"{half} {most}" for path, half, most in pages},
    }


@asynccontextmanager
async def _served(database: Database, vault: Vault) -> AsyncIterator[ClientSession]:
    answerer = Answerer(library_of((), AS_SHIPPED))

    async def entries() -> Answerer:
        return answerer

    means = Means(database, vault, lambda: NOW, entries, ALL, lambda: None)
    await database.run(_sign_in, vault.fingerprint("console bench"), NOW)
    app, console = web.Application(), Console(means)
    mount(app, console)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        headers = {"Cookie": f"{COOKIE}=bench"}
        jar = DummyCookieJar()
        async with ClientSession(f"http://{host}:{port}", headers=headers, cookie_jar=jar) as one:
            yield one
    finally:
        console.live.stop()
        await runner.cleanup()


def _sign_in(session: Session, print_: str, now: datetime) -> None:
    if console_access.signed_in(session, print_) is None:
        console_access.open_session(session, print_, "小周", is_whole=True, at=now)


async def crawled(
    client: ClientSession, only: Sequence[str] = (), *, is_shown: bool = False
) -> list[str]:
    """An address of every page that links lead to, from the first on; `is_shown`: no files."""
    waiting, found = ["/console/"], dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        page = _page_of(path)
        if page is None or page in found or page.startswith(_NEVER):
            continue
        found[page] = path
        async with client.get(path, allow_redirects=False) as response:
            is_html = "Content-Disposition" not in response.headers
            text = await response.text() if is_html else ""
        if is_shown and not is_html:
            found[page] = ""
        waiting += _links(text)
    return [path for page, path in found.items() if path and (not only or page in only)]


def _page_of(path: str) -> str | None:
    """The page that an address belongs to, with what comes after «?» as one more."""
    bare, _, query = path.removeprefix("/console").partition("?")
    for page in PAGES:
        if page.method == "GET" and _pattern(page).fullmatch(bare):
            asked = ",".join(sorted(part.partition("=")[0] for part in query.split("&") if part))
            return f"{page.path}?{asked}" if asked else page.path
    return None


def _pattern(page: Page) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", page.path))


def _links(text: str) -> Iterator[str]:
    for link in _LINK.findall(text):
        path = unescape(link)
        if "/static/" not in path:
            yield path


async def _made(database: Database, vault: Vault, report: Report) -> float:
    """Seconds that a report of the county takes."""
    named = library_of((), AS_SHIPPED).areas.area
    asked = Asked(
        AREA,
        containing(report.period, NOW.date()),
        NOW,
        vault,
        lambda code: one.name if (one := named(code)) else code,
    )
    began = time.perf_counter()
    await database.read(report.build, asked)
    return round(time.perf_counter() - began, 2)


async def _timed(client: ClientSession, path: str) -> tuple[str, float, float]:
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        async with client.get(path, allow_redirects=False) as response:
            await response.read()
            if response.status >= 500:
                return path, float("inf"), float("inf")
        taken.append((time.perf_counter() - began) * 1000)
    cuts = quantiles(taken, n=20, method="inclusive")
    return path, round(cuts[9], 1), round(cuts[18], 1)
