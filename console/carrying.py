"""What was typed when somebody has first to prove who they are: it goes on with them, sealed."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from console.desk import ROOT, Desk
from console.forms import Filled
from records import console_access
from records.vault import VaultError

_KIND = "form on its way"
_LASTS = timedelta(minutes=15)
_MOST = 300_000  # signs, sealed: what comes back must be within what a form may hold
_SECRETS = f"{ROOT}/account"  # its forms hold passwords, which are typed again


@dataclass(frozen=True, slots=True)
class Carried:
    """A form on its way: where it goes, within the console, and its fields in their order."""

    way: str
    texts: list[tuple[str, str]]


async def ask(
    desk: Desk, f: Filled[Any], to: str, *, kept: str = "", status: int = 200
) -> web.Response:
    """Who sits there shows once more who they are; `kept` goes on with it."""
    row = await desk.read(console_access.login_of, desk.staff.name)
    can = row is not None and bool(row.password_hash or row.sealed)
    return desk.render("account/again.html", status, f=f, to=to, can=can, kept=kept)


def sealed(desk: Desk) -> str:
    """The form that came, for its sender alone; "" where it is not to be carried."""
    texts = [(n, each) for n, values in desk.lists.items() for each in values if n != "csrf"]
    if desk.request.path.startswith(_SECRETS):
        return ""
    whole = {
        "kind": _KIND,
        "who": desk.staff.name,
        "until": (desk.now + _LASTS).isoformat(),
        "way": desk.request.path_qs.removeprefix(ROOT),
        "texts": texts,
    }
    kept = base64.urlsafe_b64encode(desk.means.vault.seal(whole)).decode()
    return kept if len(kept) <= _MOST else ""


def opened(desk: Desk) -> Carried | None:
    """What came back with the proof; None where there is none, or it is another's or too old."""
    try:
        whole = desk.means.vault.open(base64.urlsafe_b64decode(desk.form.get("kept", "")))
    except (VaultError, binascii.Error, ValueError):
        return None
    if not isinstance(whole, dict) or whole.get("kind") != _KIND:
        return None
    if whole["who"] != desk.staff.name or datetime.fromisoformat(whole["until"]) < desk.now:
        return None
    return Carried(whole["way"], [(name, value) for name, value in whole["texts"]])
