"""The menu at the bottom of the app: three words that do the same when typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS = ("待办", "首页", "帮助")
BUTTONS: list[dict[str, Any]] = [{"type": "click", "name": w, "key": w} for w in _WORDS]

_NO_MENU = 46003
NONE_YET = frozenset({_NO_MENU})  # codes of menu/get that say that there is none


def is_ours(listed: Any) -> bool:
    """Whether the menu that WeCom has is the one above; it may tell more of each button."""
    if not isinstance(listed, list) or len(listed) != len(BUTTONS):
        return False
    return all(
        isinstance(theirs, Mapping)
        and not theirs.get("sub_button")
        and all(theirs.get(name) == value for name, value in ours.items())
        for theirs, ours in zip(listed, BUTTONS, strict=True)
    )
