"""A picture as a message of the app and of 微信客服: uploaded, then named by its id."""

from __future__ import annotations

import asyncio
from typing import Any

from channels.base import FailureKind, SendFailure
from channels.pictures import name_of
from channels.wecom.client import Client
from channels.wecom.media import Kind

_SECONDS = 12.0  # within a send, which may take twenty


async def image(client: Client, content: bytes) -> dict[str, Any]:
    """The body of a message; raises WecomError, SendFailure where it takes too long."""
    try:
        async with asyncio.timeout(_SECONDS):
            media_id = await client.upload(Kind.IMAGE, name_of(content), content)
    except TimeoutError:
        raise SendFailure(FailureKind.UNREACHABLE, "its picture took too long") from None
    return {"msgtype": "image", "image": {"media_id": media_id}}


def forget(client: Client, body: dict[str, Any]) -> None:
    """A message was refused: its picture, if it had one, is uploaded anew the next time."""
    if media_id := body.get("image", {}).get("media_id"):
        client.forget(media_id)
