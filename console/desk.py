"""This request, as a page sees it: who asks, when, what they sent, and the ways to answer."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import aiohttp_jinja2
import orjson
from aiohttp import web

from console.browsers import browser_of
from console.means import Means
from knowledge.areas import Gazetteer
from records import audit, rights
from records.database import Session
from records.rights import Post, Right
from records.staff_accounts import Staff
from records.vault import VaultError
from registry import naming, villages

ROOT = "/console"
SAID = "guiyan_said"
_SAID_FOR = 60  # seconds
_NAMES_OF = 400  # towns and villages that a page may name

T = TypeVar("T")


class NotHere(Exception):
    """There is no such thing, or none that this reader may know of."""


class Refused(Exception):
    """It cannot be done like this; one sentence in Chinese for the page."""


@dataclass(slots=True)
class Desk:
    """One request of one member of staff (nobody yet, on the pages of signing in)."""

    request: web.Request
    means: Means
    now: datetime
    staff: Staff
    token_print: str = ""
    csrf: str = ""
    is_fresh: bool = False
    form: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, list[str]] = field(default_factory=dict)  # every value of a form's field

    @property
    def post(self) -> Post:
        return rights.post_of(self.staff)

    @property
    def actor(self) -> str:
        """As the trail names them."""
        return f"staff:{self.staff.name}"

    @property
    def browser(self) -> str:
        """What they sit at, in words."""
        return browser_of(self.request.headers.get("User-Agent", ""))

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query

    def path(self, name: str) -> str:
        """A part of the address: /people/{id} → path("id")."""
        return self.request.match_info[name]

    def number(self, name: str) -> int:
        """The same as a number; not there where it is none."""
        text = self.path(name)
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise NotHere
        return int(text)

    def may(self, right: Right) -> bool:
        return rights.may(self.staff, right)

    def need(self, right: Right) -> None:
        """Not there for who may not."""
        if not self.may(right):
            raise NotHere

    def checks(self, csrf: str) -> None:
        """Whether a form that came in parts is one of ours."""
        if not hmac.compare_digest(csrf.encode(), self.csrf.encode()):
            raise Refused("页面放得太久了，请返回刷新以后再提交一次。")

    async def read(self, function: Callable[..., T], *args: Any) -> T:
        """Run `function(session, *args)` on a snapshot."""
        return await self.means.database.read(function, *args)

    async def write(self, function: Callable[..., T], *args: Any) -> T:
        """Run `function(session, *args)` in a transaction that is durable when this returns."""
        return await self.means.database.run(function, *args)

    async def note(self, act: str, subject: str = "") -> None:
        """Put into the trail that they did this: reading personal data is such an act."""
        await self.write(_note, act, self.now, self.actor, subject)

    async def person(self, person_id: str) -> str:
        """The id of a person in reach; not there otherwise."""
        if not await self.read(rights.reaches, self.staff, person_id, self.now):
            raise NotHere
        return person_id

    async def gazetteer(self) -> Gazetteer:
        return (await self.means.answerer()).library.areas

    async def named(self, *codes: str) -> Callable[[str], str]:
        """What these areas, towns and villages are called, as a function; others by their code."""
        gazetteer = await self.gazetteer()
        wanted = list(dict.fromkeys(code for code in codes if code))[:_NAMES_OF]
        names = await self.read(_names, wanted, gazetteer)
        return lambda code: names.get(code) or code

    def render(self, template: str, status: int = 200, **values: Any) -> web.Response:
        """A page from its template, with what was said on the way."""
        said = self._said()
        context = {"desk": self, "staff": self.staff, "Right": Right, "said": said, **values}
        response = aiohttp_jinja2.render_template(template, self.request, context, status=status)
        if said:
            response.del_cookie(SAID, path=ROOT)
        return response

    def go(self, path: str, said: str = "", undo: str = "") -> web.Response:
        """On to another page (below /console), which says what was done; `undo` takes it back."""
        answer = web.Response(status=303, headers={"Location": ROOT + path})
        if said:
            value = self.means.vault.seal({"text": said, "undo": undo, "who": self.staff.name})
            kept = base64.urlsafe_b64encode(value).decode()
            answer.set_cookie(
                SAID,
                kept,
                max_age=_SAID_FOR,
                path=ROOT,
                httponly=True,
                samesite="Lax",
                secure=self.means.public_url.startswith("https://"),
            )
        return answer

    def _said(self) -> Mapping[str, str]:
        kept = self.request.cookies.get(SAID, "")
        if not kept:
            return {}
        try:
            found = self.means.vault.open(base64.urlsafe_b64decode(kept.encode()))
        except (VaultError, ValueError, IndexError, orjson.JSONDecodeError):
            return {}
        is_theirs = isinstance(found, dict) and found.get("who") == self.staff.name
        return found if is_theirs else {}


def _note(session: Session, act: str, now: datetime, actor: str, subject: str) -> None:
    audit.write(session, act, at=now, actor=actor, subject=subject)


def _names(session: Session, codes: list[str], gazetteer: Gazetteer) -> dict[str, str]:
    here = villages.of_ids(session, codes)
    return {code: naming.spoken(code, gazetteer, here) for code in codes}
