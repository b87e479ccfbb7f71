"""Answers that come in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from channels.wecom.client import Client
from channels.wecom.failures import OK, Trouble, WecomError


async def pages(
    client: Client, name: str, body: Mapping[str, Any], field: str
) -> AsyncIterator[list[Any]]:
    """Each page's `field` of a call that only reads; raises WecomError."""
    path, cursor = f"externalcontact/{name}", ""
    seen: set[str] = set()
    while True:
        wanted = {**body, "cursor": cursor} if cursor else body
        answer = await client.call(path, wanted, may_repeat=True)
        found = answer.get(field)
        yield found if isinstance(found, list) else []
        cursor = str(answer.get("next_cursor") or "")
        if not cursor:
            return
        if cursor in seen:  # it would never end
            raise WecomError(OK, path, trouble=Trouble.UNREADABLE)
        seen.add(cursor)
