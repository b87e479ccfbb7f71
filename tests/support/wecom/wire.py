"""What every answer has in common, and how the platform reads numbers and lengths."""

from __future__ import annotations

import re
from typing import Any

import orjson
from aiohttp import web

Body = dict[str, Any]


class Refused(Exception):
    """An errcode other than 0; `more` is told beside it."""

    def __init__(self, code: int, text: str = "", **more: Any) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text or "invalid request"
        self.more = more


def json(value: Body) -> web.Response:
    """HTTP 200, whatever it says."""
    return web.Response(body=orjson.dumps(value), content_type="application/json", charset="utf-8")


def fine(more: Body) -> web.Response:
    return json({"errcode": 0, "errmsg": "ok", **more})


def refusal(refused: Refused, serial: int) -> web.Response:
    """The error with the tail that the platform hangs on, other each time."""
    tail = (
        f", hint: [{1_690_000_000_000_000 + serial * 7919}], from ip: 127.0.0.1, "
        f"more info at https://open.work.weixin.qq.com/devtool/query?e={refused.code}"
    )
    return json({"errcode": refused.code, "errmsg": refused.text + tail, **refused.more})


def size(text: str) -> int:
    """Bytes, which is what the platform counts."""
    return len(text.encode())


def cut(text: str, most: int) -> str:
    """At most so many bytes; a character on the border is broken, as it may be there."""
    return text.encode()[:most].decode(errors="replace")


def text_of(body: Body, name: str, *, most: int = 0, code: int = 40058) -> str:
    """A text that must be there, of at most so many bytes."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(40063 if code == 40058 else code, f"{name} is empty")
    if most and size(value) > most:
        raise Refused(40058, f"{name} exceed max length {most}. invalid Request Parameter")
    return value


def optional(body: Body, name: str, *, most: int = 0) -> str:
    """The same, or nothing."""
    return text_of(body, name, most=most) if body.get(name) else ""


def list_of(body: Body, name: str, *, most: int = 0, least: int = 0) -> list[Any]:
    """A list within bounds; nothing is an empty list."""
    value = body.get(name) or []
    if not isinstance(value, list) or len(value) < least or (most and len(value) > most):
        raise Refused(40058, f"{name} size should be between {least} and {most}")
    return value


def number_of(body: Body, name: str, default: int, *, most: int) -> int:
    """A whole number from 0 to `most`; nothing is the default."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Refused(40058, f"{name} should be between 0 and {most}")
    return value


def object_of(body: Body, name: str) -> Body:
    """An object that must be there."""
    value = body.get(name)
    if not isinstance(value, dict):
        raise Refused(40063, f"{name} is empty")
    return value


def matched(pattern: str, value: str, name: str) -> str:
    """The value, which must consist of what it may consist of."""
    if not re.fullmatch(pattern, value):
        raise Refused(40058, f"{name} has illegal characters")
    return value
