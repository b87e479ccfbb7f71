"""The page for browsers without scripts: the conversation as HTML, a form below it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from channels.webchat.history import Line

_WELCOME = "您好，我是归雁。想问什么，写在下面，按“发送”就行。"


def render(page: str, lines: Sequence[Line], fault: str = "") -> str:
    """The page with the conversation, and a sentence above the form when something went wrong."""
    spoken = "".join(_item(line) for line in lines) or _bubble("bot", _WELCOME)
    warning = f'<p class="trouble" role="alert">{escape(fault)}</p>' if fault else ""
    return page.replace("<!--lines-->", spoken).replace("<!--fault-->", warning)


def _item(line: Line) -> str:
    buttons = "".join(
        f'<button class="option" name="option" value="{escape(option.value)}">'
        f"{escape(option.label)}</button>"
        for option in line.options
    )
    form = f'<form class="options" method="post" action="/chat/say">{buttons}</form>'
    return _bubble("me" if line.is_mine else "bot", line.text, form if buttons else "")


def _bubble(side: str, text: str, below: str = "") -> str:
    speaker = "我" if side == "me" else "归雁"
    return (
        f'<li class="line {side}"><p class="bubble"><span class="aside">{speaker}：</span>'
        f"{escape(text)}</p>{below}</li>"
    )
