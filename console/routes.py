"""The table of all pages, and the application that serves them."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules

import aiohttp_jinja2
import jinja2
from aiohttp import web

import console.pages
from console import look
from console.desk import ROOT
from console.guard import guarded
from console.live import Live, Version
from console.means import Means
from console.menu import Menu
from console.page import Page, Waiting
from console.pages import today
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff

_FOR_A_YEAR = "public, max-age=31536000, immutable"


def _modules() -> list[object]:
    names = sorted(one.name for one in iter_modules(console.pages.__path__))
    return [import_module(f"console.pages.{name}") for name in names]


_PAGES = _modules()
PAGES: tuple[Page, ...] = tuple(page for module in _PAGES for page in getattr(module, "PAGES", ()))
WAITING: tuple[Waiting, ...] = tuple(
    one for module in _PAGES for one in getattr(module, "WAITING", ())
)
TOPICS: dict[str, Version] = {
    name: version for module in _PAGES for name, version in getattr(module, "TOPICS", {}).items()
}


def _today(session: Session, staff: Staff, _key: str, now: datetime) -> str:
    return today.version(session, WAITING, staff, now)


class Console:
    """The staff's pages, to be mounted at /console."""

    def __init__(self, means: Means) -> None:
        self.live = Live({**TOPICS, "today": _today})
        self._means = means
        self._menu = Menu(PAGES)

    def application(self) -> web.Application:
        app = web.Application()
        app[today.KNOWN] = WAITING
        environment = aiohttp_jinja2.setup(
            app,
            loader=jinja2.PackageLoader("console"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        environment.globals.update(
            menu=self._menu, address=look.address, office=self._means.office
        )
        for name in (
            "moment",
            "day",
            "ago",
            "number",
            "masked_phone",
            "masked_name",
            "called",
            "size",
        ):
            environment.filters[name] = getattr(look, name)
        app.router.add_get("/static/{name}", _static)
        for page in (*PAGES, Page("GET", "/live", self.live.stream, Right.CONSOLE), today.LAST):
            app.router.add_route(page.method, page.path, guarded(page, self._means))
        return app


async def _static(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in look.PARTS:
        raise web.HTTPNotFound
    body, kind, _ = look.part(name)
    headers = {"Content-Type": kind, "Cache-Control": _FOR_A_YEAR}
    return web.Response(body=body, headers={**headers, "X-Content-Type-Options": "nosniff"})


def mount(server: web.Application, console_: Console) -> None:
    """Serve the pages at /console/ and send /console there."""

    async def inside(_request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": ROOT + "/"})

    server.router.add_get(ROOT, inside)
    server.add_subapp(ROOT + "/", console_.application())
