"""Several contents of outgoing messages as one, which still knows what of it was an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Content = dict[str, Any]  # what a payload holds, see outbox.sealed_content

_GAP = "\n\n"
_REPLIES = "replies"  # within a content: what stays of it where nothing unasked may go


def joined(first: Content, second: Content, *, is_unasked: bool = False) -> Content:
    """Two contents as one; `is_unasked`: nobody waits for the second, but for the first.

    An answer never comes after what nobody waits for.
    """
    whole = _together(first, second)
    if not is_unasked and _REPLIES not in first and _REPLIES not in second:
        return whole
    replies = first.get(_REPLIES, first)
    if not is_unasked:
        replies = _together(replies, second.get(_REPLIES, second))
    return {**whole, _REPLIES: replies}


def of_replies(content: Content) -> Content | None:
    """What of a content was an answer; None where all of it is of one kind."""
    replies: Content | None = content.get(_REPLIES)
    return replies


def throughout(content: Content, change: Callable[[Content], Content]) -> Content:
    """A content changed, and in the same way what stays of it."""
    replies = content.get(_REPLIES)
    changed = change(content)
    return changed if replies is None else {**changed, _REPLIES: change(replies)}


def _together(first: Content, second: Content) -> Content:
    return {
        **first,
        "text": f"{first['text']}{_GAP}{second['text']}",
        # The newest question is the one that waits for an answer.
        "options": second["options"] or first["options"],
        "extra": {**first["extra"], **second["extra"]},
    }
