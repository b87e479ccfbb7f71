"""Accounts of one person, for tests of what links them."""

from __future__ import annotations

import re
from typing import TypeVar

from sqlalchemy import select

from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Store, Walk

T = TypeVar("T")


def rows(store: Store, table: type[T]) -> list[T]:
    """All that a table holds."""
    return store.run(lambda s: list(s.execute(select(table)).scalars()))


def code_of(walk: Walk) -> str:
    """The code that was just shown."""
    found = re.search(r"绑定码 (\d{6})", walk.said())
    assert found, walk.said()
    return found.group(1)


def beside(walk: Walk, chat: str = "w1", channel: str = "webchat") -> Walk:
    """Another account that talks to the same service at the same time."""
    return Walk(store=walk.store, chat=chat, channel=channel, now=walk.now)


def linked(*, by_phone: bool = False) -> tuple[Walk, Walk]:
    """老王, registered in Telegram, and his account of the web chat."""
    home = registered()
    web = beside(home)
    if by_phone:
        web.all("绑定", "2", "1234 老王")
    else:
        home.say("绑定")
        web.say(f"绑定 {code_of(home)}")
    return home, web
