"""Outgoing messages as bodies of kf/send_msg, and what a tapped item of a menu means.

Limits in bytes of UTF-8 (developer.work.weixin.qq.com, page 94677 and the error 95008): text 2048,
head of a menu 1024, an item 128, at most ten items.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.merging import split_bytes
from channels.wecom.keys import key_of
from records.messages import Option

TEXT_BYTES = 2048

_HEAD_BYTES = 1024
_ITEM_BYTES = 128
_ITEMS = 10

Body = dict[str, Any]


def bodies(text: str, options: Sequence[Option]) -> list[Body]:
    """What a message takes on the wire: texts, and a menu where its options fit into one."""
    if options and _is_menu(text, options):
        return [_menu(text, options)]
    return [_text(part) for part in split_bytes(_numbered(text, options), TEXT_BYTES)]


def cost(text: str, labels: Sequence[str]) -> int:
    """How many messages a text with these options takes."""
    return len(bodies(text, [Option(label, "") for label in labels]))


def _is_menu(text: str, options: Sequence[Option]) -> bool:
    return (
        len(options) <= _ITEMS
        and len(text.encode()) <= _HEAD_BYTES
        and all(0 < len(option.label.encode()) <= _ITEM_BYTES for option in options)
    )


def _menu(text: str, options: Sequence[Option]) -> Body:
    items = [{"type": "click", "click": _item(option)} for option in options]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": text, "list": items}}


def _item(option: Option) -> Body:
    found = key_of(option.value, _ITEM_BYTES)
    return {"id": found, "content": option.label} if found else {"content": option.label}


def _numbered(text: str, options: Sequence[Option]) -> str:
    return "\n".join([text, *(f"{n}. {option.label}" for n, option in enumerate(options, 1))])


def _text(content: str) -> Body:
    return {"msgtype": "text", "text": {"content": content}}
