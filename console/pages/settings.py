"""What the program was told: every setting with its meaning; a secret never shows its value."""

from __future__ import annotations

import re
from dataclasses import replace

from aiohttp import web

from console.desk import Desk
from console.means import Shown
from console.page import Page
from records.rights import Right

_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]+@")  # name and password in front of a host
_IN_QUERY = re.compile(r"(?i)([?&][^=&\s]*(?:key|token|secret|password)[^=&\s]*=)[^&\s]+")


_ORIGINS = {"environment": "环境变量", "file": "guiyan.toml", "": "默认"}


async def settings(desk: Desk) -> web.StreamResponse:
    """All of them, those that were set first."""
    shown = [shielded(one) for one in desk.means.settings]
    await desk.note("settings.read")
    return desk.render(
        "system/settings.html",
        given=[one for one in shown if one.origin],
        origins=_ORIGINS,
        usual=[one for one in shown if not one.origin],
    )


def shielded(one: Shown) -> Shown:
    """The same without passwords that stand in an address."""
    return replace(one, value=_IN_QUERY.sub(r"\1…", _IN_ADDRESS.sub("…@", one.value)))


PAGES = (Page("GET", "/settings", settings, Right.SETTINGS, menu="settings"),)
