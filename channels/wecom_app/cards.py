"""Outgoing messages as bodies of message/send: texts, cards with buttons, cards with ticks.

Limits (developer.work.weixin.qq.com, page 90236): text 2048 bytes of UTF-8; six buttons; twenty
options to tick; keys 1024 bytes, ids of options 128. Longer labels are cut on the phone: those are
ours, from the lengths that the page recommends.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from channels.merging import split_bytes
from channels.splitting import split
from channels.wecom.keys import key_of
from records.messages import Option, Outgoing

TEXT_BYTES = 2048
MARKDOWN = "markdown"  # in a message's extras: the text is to be shown as markdown
MOST = "most"  # in a message's extras: how many of its options may be chosen together

_KEY_BYTES, _ID_BYTES = 1024, 128
_BUTTONS, _BUTTON_LENGTH = 6, 10
_TICKS, _TICK_LENGTH = 20, 17
_ACTIONS = 3
_TITLE_LENGTH, _TEXT_LENGTH = 36, 160
_ASIDE = re.compile(r".+:0|[^:]+")  # values that lead away from a question: back, skip
_SUBMIT = {"text": "选好了", "key": "submit"}
_LINK = re.compile(r"<(?=/?a[\s>])", re.IGNORECASE)
_MORE = "更多"
_CHOOSE = "请选一项"

Body = dict[str, Any]
_OURS = re.compile(r"g(\d{1,18})-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class _Split:
    """Options to tick, and those that lead away from the question."""

    ticks: Sequence[Option]
    aside: Sequence[Option] = ()


def bodies(message: Outgoing) -> list[Body]:
    """What a message takes on the wire: a card where its options fit on one, else texts."""
    card = _card(message) if message.options else None
    if card is None:
        return texts(message)
    if len(message.text) <= _TITLE_LENGTH + _TEXT_LENGTH:
        return [_wrapped(message, message.text, card)]
    return [*_plain(message, message.text), _wrapped(message, _CHOOSE, card)]


def texts(message: Outgoing) -> list[Body]:
    """The same without a card: options are numbered lines."""
    lines = [f"{n}. {option.label}" for n, option in enumerate(message.options, 1)]
    return _plain(message, "\n".join([message.text, *lines]))


def is_card(body: Body) -> bool:
    """Whether a body is a card, which may be refused where a text is not."""
    return bool(body["msgtype"] == "template_card")


def row_of(task_id: str) -> int | None:
    """The message that a card of ours showed."""
    found = _OURS.fullmatch(task_id)
    return int(found[1]) if found else None


def task_of(message: Outgoing) -> str:
    """A card's id: the same for each repetition, and not that of a former database's row."""
    said = "\n".join([message.chat, message.text, *(option.value for option in message.options)])
    return f"g{message.id}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _plain(message: Outgoing, text: str) -> list[Body]:
    """Texts, in which nobody's words become a link: the platform would show one for <a href>."""
    text = _LINK.sub("＜", text)
    msgtype = "markdown" if MARKDOWN in message.extra else "text"
    return [
        {"msgtype": msgtype, msgtype: {"content": part}} for part in split_bytes(text, TEXT_BYTES)
    ]


def _wrapped(message: Outgoing, text: str, card: Body) -> Body:
    """The first phrase of the text stands above the rest."""
    text = text.strip() or _CHOOSE
    title = split(text, _TITLE_LENGTH)[0].partition("\n")[0]
    rest = text[len(title) :].strip()
    words = {"main_title": {"title": title}} | ({"sub_title_text": rest} if rest else {})
    whole = {"card_type": card["card_type"], "task_id": task_of(message), **words, **card}
    return {"msgtype": "template_card", "template_card": whole}


def _card(message: Outgoing) -> Body | None:
    options = message.options
    if len({option.value for option in options}) < len(options):
        return None
    if _is_several(message):
        return _ticked(_sorted(options), mode=1)
    if len(options) <= _BUTTONS and _fits(options, _BUTTON_LENGTH, _KEY_BYTES):
        return {"card_type": "button_interaction", "button_list": _buttons(options)}
    return _ticked(_Split(options), mode=0)


def _is_several(message: Outgoing) -> bool:
    most = message.extra.get(MOST, "")
    return most.isdigit() and int(most) > 1


def _sorted(options: Sequence[Option]) -> _Split:
    aside = [option for option in options if _ASIDE.fullmatch(option.value)]
    if len(aside) > _ACTIONS or len(aside) == len(options):
        return _Split(options)
    return _Split([option for option in options if option not in aside], aside)


def _ticked(shown: _Split, *, mode: int) -> Body | None:
    """A card of options to tick, one (mode 0) or several (mode 1)."""
    fits = _fits(shown.ticks, _TICK_LENGTH, _ID_BYTES)
    if not fits or len(shown.ticks) > _TICKS or not _fits(shown.aside, _TICK_LENGTH, _KEY_BYTES):
        return None
    listed = [{"id": key_of(o.value, _ID_BYTES), "text": o.label} for o in shown.ticks]
    card: Body = {
        "card_type": "vote_interaction",
        "checkbox": {"question_key": "options", "mode": mode, "option_list": listed},
        "submit_button": dict(_SUBMIT),
    }
    if shown.aside:
        card["action_menu"] = {"desc": _MORE, "action_list": _buttons(shown.aside)}
    return card


def _buttons(options: Sequence[Option]) -> list[Body]:
    return [{"text": o.label, "key": key_of(o.value, _KEY_BYTES)} for o in options]


def _fits(options: Sequence[Option], length: int, limit: int) -> bool:
    return all(0 < len(o.label) <= length and key_of(o.value, limit) for o in options)
