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
    """What a message takes on the wire: texts, and a menu where its options fit into one.

    What goes beyond ten items is said in the text, to be typed.
    """
    shown, head = options[:_ITEMS], _typed(text, options[_ITEMS:])
    if options and _is_menu(head, shown):
        return [_menu(head, shown)]
    return [_text(part) for part in split_bytes(_numbered(text, options), TEXT_BYTES)]


def cost(text: str, labels: Sequence[str]) -> int:
    """How many messages a text with these options takes."""
    return len(bodies(text, [Option(label, "") for label in labels]))


def _is_menu(text: str, options: Sequence[Option]) -> bool:
    return len(text.encode()) <= _HEAD_BYTES and all(
        0 < len(option.label.encode()) <= _ITEM_BYTES for option in options
    )


def _menu(text: str, options: Sequence[Option]) -> Body:
    items = [{"type": "click", "click": _item(option)} for option in options]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": text, "list": items}}


def _item(option: Option) -> Body:
    found = key_of(option.value, _ITEM_BYTES)
    return {"id": found, "content": option.label} if found else {"content": option.label}


def _numbered(text: str, options: Sequence[Option]) -> str:
    labels = [option.label for option in options]
    if not any(label[:1].isdigit() for label in labels):  # two numbers would be one too many
        labels = [f"{n}. {label}" for n, label in enumerate(labels, 1)]
    return "\n".join([text, *labels])


def _typed(text: str, options: Sequence[Option]) -> str:
    labels = "、".join(f"“{option.label}”" for option in options)
    return f"{text}\n也可以回{labels}。" if labels else text


def _text(content: str) -> Body:
    return {"msgtype": "text", "text": {"content": content}}
