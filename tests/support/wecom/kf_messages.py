"""What a message of 微信客服 may look like."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.wecom.media import Media
from tests.support.wecom.wire import (
    Body,
    Refused,
    cut,
    list_of,
    object_of,
    optional,
    text_of,
)

TEXT_BYTES = 2048
_TAPPABLE = {"click", "view", "miniprogram"}


def checked(body: Body, media: Media, *, items: int = 50) -> tuple[str, Body]:
    """The msgtype and its object as it will be shown; refuses what the platform refuses."""
    msgtype = text_of(body, "msgtype", code=40008)
    if msgtype == "msgmenu":
        return msgtype, _menu(object_of(body, msgtype), items)
    if msgtype in {"image", "voice", "video", "file"}:
        content = object_of(body, msgtype)
        media.find(text_of(content, "media_id"))
        return msgtype, dict(content)
    if msgtype not in _CHECKS:
        raise Refused(40008, "invalid message type")
    return msgtype, _CHECKS[msgtype](object_of(body, msgtype))


def _text(content: Body) -> Body:
    text_of(content, "content", code=44004)
    return {**content, "content": cut(content["content"], TEXT_BYTES)}


def _link(content: Body) -> Body:
    text_of(content, "title", most=128)
    optional(content, "desc", most=512)
    url = text_of(content, "url", most=2048)
    if not url.startswith(("http://", "https://")):
        raise Refused(40055, "invalid url scheme")
    text_of(content, "thumb_media_id")
    return dict(content)


def _location(content: Body) -> Body:
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = content.get(name)
        if not isinstance(value, int | float) or abs(value) > most:
            raise Refused(40058, f"{name} should be between -{most} and {most}")
    return dict(content)


def _mini_program(content: Body) -> Body:
    text_of(content, "appid")
    text_of(content, "title", most=64)
    text_of(content, "thumb_media_id")
    if not text_of(content, "pagepath").partition("?")[0].endswith(".html"):
        raise Refused(40058, "pagepath must end with .html")
    return dict(content)


def _card(content: Body) -> Body:
    text_of(content, "userid")
    return dict(content)


def _ca_link(content: Body) -> Body:
    if not text_of(content, "link_url").startswith("https://work.weixin.qq.com/ca/"):
        raise Refused(40058, "invalid link_url")
    return dict(content)


_CHECKS: dict[str, Callable[[Body], Body]] = {
    "text": _text,
    "link": _link,
    "location": _location,
    "miniprogram": _mini_program,
    "business_card": _card,
    "ca_link": _ca_link,
}


def _menu(content: Body, most: int) -> Body:
    optional(content, "head_content", most=1024)
    optional(content, "tail_content", most=1024)
    items = content.get("list") or []
    if len(items) > most or sum(i.get("type") in _TAPPABLE for i in items) > 10:
        raise Refused(95008, "msgmenu item count limit")
    for item in list_of(content, "list"):
        _item(item)
    if not items and not content.get("head_content") and not content.get("tail_content"):
        raise Refused(40063, "msgmenu is empty")
    return dict(content)


def _item(item: Body) -> None:
    kind = item.get("type")
    if kind not in {*_TAPPABLE, "text"}:
        raise Refused(95009, "invalid msgmenu item type")
    inner = object_of(item, kind)
    text_of(inner, "content", most={"click": 128, "text": 256}.get(kind, 1024))
    optional(inner, "id", most=128)
    if kind == "view":
        text_of(inner, "url", most=2048)
    if kind == "miniprogram":
        text_of(inner, "appid", most=32)
        text_of(inner, "pagepath", most=1024)
