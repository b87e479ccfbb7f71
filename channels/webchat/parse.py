"""What a visitor posted, read carefully and turned into an Inbound."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from channels.plain_text import plain_text
from channels.webchat.refusals import (
    EMPTY,
    NOT_A_UUID,
    NOT_JSON,
    NOT_TEXT,
    ONE_OF_TWO,
    TOO_BIG,
    Refused,
    too_long,
)
from records.messages import Inbound, InboundKind

KIND = "webchat"
_BODY_LIMIT = 64 * 1024


async def read_body(request: web.Request) -> bytes:
    """The body, unless it is too big; what is too big is never held in memory."""
    if (request.content_length or 0) > _BODY_LIMIT:
        raise Refused(TOO_BIG)
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > _BODY_LIMIT:
            raise Refused(TOO_BIG)
    return bytes(body)


def json_fields(body: bytes) -> Mapping[str, Any]:
    """The fields of a JSON object."""
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(NOT_JSON) from error
    if not isinstance(fields, dict):
        raise Refused(NOT_JSON)
    return fields


def form_fields(body: bytes) -> Mapping[str, Any]:
    """The fields of a plain HTML form."""
    try:
        fields = parse_qsl(body.decode(errors="replace"), True, max_num_fields=10)
    except ValueError as error:
        raise Refused(ONE_OF_TWO) from error
    return dict(fields)


def message(fields: Mapping[str, Any], *, visitor: str, now: datetime, limit: int) -> Inbound:
    """What the visitor says; Refused when there is a fault, with the sentence to show."""
    if ("text" in fields) == ("option" in fields):
        raise Refused(ONE_OF_TWO)
    is_option = "option" in fields
    return Inbound(
        channel=KIND,
        chat=visitor,
        outer_id=f"{visitor}:{_client_id(fields)}",
        kind=InboundKind.OPTION if is_option else InboundKind.TEXT,
        text=_words(fields["option" if is_option else "text"], limit),
        sent_at=now,
        sender=visitor,
    )


def picture(client_id: str | None, *, visitor: str, now: datetime) -> Inbound:
    """A picture that the visitor sends, without the picture."""
    own = _client_id({"client_id": client_id})
    return Inbound(
        channel=KIND,
        chat=visitor,
        outer_id=f"{visitor}:{own}",
        kind=InboundKind.PICTURE,
        text="",
        sent_at=now,
        sender=visitor,
    )


def first_contact(visitor: str, now: datetime) -> Inbound:
    """Somebody opened the chat for the first time; the store keeps only one of these."""
    return Inbound(
        channel=KIND,
        chat=visitor,
        outer_id=f"start:{visitor}",
        kind=InboundKind.START,
        text="",
        sent_at=now,
        sender=visitor,
    )


def own_id(outer_id: str) -> str:
    """The id that the page knows a message by."""
    return outer_id.rpartition(":")[2]


def _words(value: object, limit: int) -> str:
    if not isinstance(value, str):
        raise Refused(NOT_TEXT)
    text = plain_text(value)
    if not text:
        raise Refused(EMPTY)
    if len(text) > limit:
        raise Refused(too_long(limit))
    return text


def _client_id(fields: Mapping[str, Any]) -> str:
    given = fields.get("client_id")
    if given is None:
        return str(uuid.uuid4())
    try:
        return str(uuid.UUID(given))
    except (ValueError, AttributeError, TypeError) as error:
        raise Refused(NOT_A_UUID) from error
