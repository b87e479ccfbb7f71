"""A page as the table of pages has it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiohttp import web

from console.desk import Desk
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff

Handler = Callable[[Desk], Awaitable[web.StreamResponse]]


class Door(StrEnum):
    """Who may open a page at all, before any right."""

    OPEN = "open"  # anybody: signing in
    HALF = "half"  # whose second factor is still wanted
    STAFF = "staff"  # who is signed in
    FRESH = "fresh"  # who has proved within the last minutes who they are


@dataclass(frozen=True, slots=True)
class Page:
    """One route below /console; `menu` is its item in console/menu.py, "" for none.

    A POST that brings files says so: its page reads the parts itself (`desk.request.multipart()`),
    the first of them the field «csrf», by `desk.checks(value)`.
    """

    method: str
    path: str
    does: Handler
    right: Right | None = None
    door: Door = Door.STAFF
    menu: str = ""
    takes_files: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody: a line on their first page, where there are any."""

    title: str
    path: str
    right: Right
    count: Callable[[Session, Staff, datetime], int]
    topic: str = ""  # of console/live.py
    most: int = 0  # how far it is counted, where not to the end: that many are «1000+»
