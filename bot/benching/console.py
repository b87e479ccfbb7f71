"""`bench console`: every page of the console over a county's years, and the reports."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from math import inf
from statistics import median, quantiles
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, web

from bot.benching.console_work import CADRE, TOWN_CLERK, Work
from bot.benching.console_world import AREA, NOW, World
from bot.benching.program import BenchFailure
from bot.packs import AS_SHIPPED, library_of
from console.guard import COOKIE
from console.means import PATIENCE, Means
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
_TIMES = 5  # after the first
_LOOKERS = {"county": "小周", "town": TOWN_CLERK, "village": CADRE}  # whose pages
_TOLD = "ms first, p50, p95, computing"
_LINK = re.compile(r'href="(/console/[^"#]*)"')
_NEVER = ("/live", "/single", "/sign-in", "/enter", "/factor", "/again")


Load = tuple[float, float]  # milliseconds on the clock, and of this process's computing


@dataclass(frozen=True, slots=True)
class Taken:
    """What the loads of one page took, the first of them first."""

    path: str
    wall: list[float]
    cpu: list[float]

    @property
    def most(self) -> float:
        """The 95th of a hundred, of all loads."""
        return round(quantiles(self.wall, n=20, method="inclusive")[18], 1)


def measure(database_url: str = "", people: int = 0, only: Sequence[str] = ()) -> dict[str, Any]:
    """Server milliseconds of each page for staff of a county, a town and a village; with fewer
    `people` the rest shrinks with them. `only` names pages and reports.
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
            await _made_up(database, vault, people)
        async with _served(database, vault) as host:
            pages = {place: await _looked_at(host, place, only) for place in _LOOKERS}
        reports = {
            one.name: await _made(database, vault, one)
            for one in REPORTS
            if not only or one.name in only
        }
    finally:
        await database.close()
    return {
        "database": database.url.get_backend_name(),
        "people": people,
        "machine_load": round(os.getloadavg()[0], 1),
        **_summed(pages),
        "slowest report s": max(reports.values(), default=0),
        f"reports over {REPORT_GOAL_SECONDS} s": sum(
            taken > REPORT_GOAL_SECONDS for taken in reports.values()
        ),
        "seconds by report": reports,
        **{f"{_TOLD}, {place}": _lines(found) for place, found in pages.items()},
    }


async def _made_up(database: Database, vault: Vault, people: int) -> None:
    share = people / PEOPLE
    world = World(vault, people)
    await Work(vault, people).fill(database, *world.homes(AREA)[0])
    await world.fill(database, messages=int(MESSAGES * share), tickets=int(TICKETS * share))
    await database.analyse()  # as the service does every hour


def _summed(pages: dict[str, list[Taken]]) -> dict[str, Any]:
    every = [one for found in pages.values() for one in found]
    loads = sorted(taken for one in every for taken in one.wall)
    return {
        "pages": len(every),
        "loads": len(loads),
        "p50 ms of all loads": round(loads[len(loads) // 2], 1) if loads else 0,
        "p95 ms of all loads": round(loads[len(loads) * 95 // 100], 1) if loads else 0,
        "slowest p95 ms of a page": max((one.most for one in every), default=0),
        f"over {GOAL_MS} ms": sum(one.most > GOAL_MS for one in every),
    }


def _lines(found: list[Taken]) -> dict[str, str]:
    """A line for each page, the slowest first."""
    ordered = sorted(found, key=lambda one: -one.most)
    return {
        one.path: f"{one.wall[0]:.0f} {median(one.wall):.0f} {one.most:.0f} {median(one.cpu):.0f}"
        for one in ordered
    }


@asynccontextmanager
async def _served(database: Database, vault: Vault) -> AsyncIterator[str]:
    answerer = Answerer(library_of((), AS_SHIPPED))

    async def entries() -> Answerer:
        return answerer

    means = Means(database, vault, lambda: NOW, entries, ALL, lambda: None, patience=PATIENCE)
    for place, name in _LOOKERS.items():
        await database.run(_sign_in, vault.fingerprint(f"console {place}"), name, NOW)
    app, console = web.Application(), Console(means)
    mount(app, console)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        console.live.stop()
        await runner.cleanup()


def _sign_in(session: Session, print_: str, name: str, now: datetime) -> None:
    if console_access.signed_in(session, print_) is None:
        console_access.open_session(session, print_, name, is_whole=True, at=now)


async def _looked_at(host: str, place: str, only: Sequence[str]) -> list[Taken]:
    """Every page that links lead one of the staff to: its first load, and some more."""
    headers = {"Cookie": f"{COOKIE}={place}"}
    async with ClientSession(host, headers=headers, cookie_jar=DummyCookieJar()) as client:
        first: dict[str, Load] = {}
        paths = await crawled(client, only, loads=first)
        return [await _timed(client, path, first[path]) for path in paths]


async def crawled(
    client: ClientSession,
    only: Sequence[str] = (),
    *,
    is_shown: bool = False,
    loads: dict[str, Load] | None = None,
) -> list[str]:
    """An address of every page that links lead to, from the first on; `is_shown`: no files.
    What loading each took is added to `loads`.
    """
    waiting, found = ["/console/"], dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        page = _page_of(path)
        if page is None or page in found or page.startswith(_NEVER):
            continue
        found[page] = path
        began = _clocks()
        async with client.get(path, allow_redirects=False) as response:
            is_html = "Content-Disposition" not in response.headers
            text = await response.text() if is_html else str(await response.read() and "")
        if loads is not None:
            loads[path] = _since(began)
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


async def _timed(client: ClientSession, path: str, first: Load) -> Taken:
    loads = [first]
    for _ in range(_TIMES):
        began = _clocks()
        async with client.get(path, allow_redirects=False) as response:
            await response.read()
            loads.append(_since(began) if response.status < 500 else (inf, inf))
    return Taken(path, [wall for wall, _ in loads], [cpu for _, cpu in loads])


def _clocks() -> Load:
    return time.perf_counter(), time.process_time()


def _since(began: Load) -> Load:
    wall, cpu = _clocks()
    return (wall - began[0]) * 1000, (cpu - began[1]) * 1000
