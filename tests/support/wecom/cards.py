"""What a template card may look like, and which cards call back."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.wecom.wire import Body, Refused, list_of, matched, object_of, text_of

_TYPES = {
    "text_notice",
    "news_notice",
    "button_interaction",
    "vote_interaction",
    "multiple_interaction",
}
_KEY_BYTES = 1024


def check_card(card: Body) -> None:
    """Refuse what the platform refuses."""
    kind = card.get("card_type")
    if kind not in _TYPES:
        raise Refused(40058, "invalid card_type")
    _check_title(card)
    _check_lists(card)
    if calls_back(card):
        matched(r"[0-9A-Za-z_@-]{1,128}", str(card.get("task_id") or ""), "task_id")
    if kind in {"text_notice", "news_notice"}:
        object_of(card, "card_action")
    if kind == "button_interaction":
        _check_buttons(list_of(card, "button_list", least=1, most=6))
    if kind == "vote_interaction":
        _check_question(object_of(card, "checkbox"), most=20)
    if kind == "multiple_interaction":
        for question in list_of(card, "select_list", least=1, most=3):
            _check_question(question, most=10)
    if kind in {"vote_interaction", "multiple_interaction"}:
        text_of(object_of(card, "submit_button"), "key", most=_KEY_BYTES)


def calls_back(card: Body) -> bool:
    """Whether a tap on it comes to us, so that it can be updated."""
    return str(card.get("card_type")).endswith("_interaction") or bool(card.get("action_menu"))


def button(card: Body, label: str) -> Body:
    """The button, submit button or menu action of these words, or of this key."""
    for found in _buttons(card):
        if label in {found["text"], found["key"]}:
            return found
    raise LookupError(f"no button {label!r} on the card")


def _buttons(card: Body) -> Iterable[Body]:
    yield from card.get("button_list") or []
    if card.get("submit_button"):
        yield card["submit_button"]
    yield from (card.get("action_menu") or {}).get("action_list") or []


def _check_title(card: Body) -> None:
    if not (card.get("main_title") or {}).get("title") and not card.get("sub_title_text"):
        raise Refused(40058, "main_title.title and sub_title_text are both empty")


def _check_lists(card: Body) -> None:
    list_of(card, "horizontal_content_list", most=6)
    list_of(card, "jump_list", most=3)
    list_of(card, "vertical_content_list", most=4)
    if card.get("action_menu"):
        _check_buttons(list_of(card["action_menu"], "action_list", least=1, most=3))


def _check_buttons(buttons: list[Body]) -> None:
    keys = [text_of(one, "key", most=_KEY_BYTES) for one in buttons]
    for one in buttons:
        text_of(one, "text")
    if len(set(keys)) < len(keys):
        raise Refused(40058, "duplicate key")


def _check_question(question: Body, most: int) -> None:
    text_of(question, "question_key", most=_KEY_BYTES)
    options = list_of(question, "option_list", least=1, most=most)
    ids = [text_of(option, "id", most=128) for option in options]
    for option in options:
        text_of(option, "text")
    if len(set(ids)) < len(ids):
        raise Refused(40058, "duplicate option id")
