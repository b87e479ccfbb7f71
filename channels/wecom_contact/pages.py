"""Answers that come in pages, and what a refusal means for the next call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from channels.wecom.client import Client
from channels.wecom.failures import OK, Trouble, WecomError


async def pages(
    client: Client, name: str, body: Mapping[str, Any], field: str
) -> AsyncIterator[list[dict[str, Any]]]:
    """Each page's `field` of a call that only reads; raises WecomError."""
    path, cursor = f"externalcontact/{name}", ""
    seen: set[str] = set()
    while True:
        wanted = {**body, "cursor": cursor} if cursor else body
        answer = await client.call(path, wanted, may_repeat=True)
        found = answer.get(field)
        yield [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        cursor = str(answer.get("next_cursor") or "")
        if not cursor:
            return
        if cursor in seen:  # it would never end
            raise WecomError(OK, path, trouble=Trouble.UNREADABLE)
        seen.add(cursor)


def is_final(error: WecomError) -> bool:
    """Whether asking for the same again would bring the same refusal."""
    passes = error.trouble.is_passing or error.trouble is Trouble.TOO_FAST
    return not (passes or error.stops_all)


def stops(error: WecomError) -> bool:
    """Whether other calls would fare no better now."""
    return error.stops_all or error.trouble in (Trouble.TOO_FAST, Trouble.NOT_SENT)
