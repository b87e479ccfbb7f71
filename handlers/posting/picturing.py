"""A picture for a post: the one that came with a message, or why there is none."""

from __future__ import annotations

from handlers.album import PICTURE, REFUSED
from handlers.state import State
from handlers.texts import say
from records import pictures
from records.messages import Inbound, InboundKind

_MB = 1024**2


def is_one(message: Inbound) -> bool:
    """Whether a message is a picture without words."""
    return message.kind is InboundKind.PICTURE


def is_no_use(message: Inbound) -> bool:
    """Whether it is neither words nor a picture: a file, a sticker, a voice that nobody heard."""
    return message.kind in (InboundKind.OTHER, InboundKind.VOICE)


def kept(message: Inbound) -> dict[str, str]:
    """What the post's draft holds of it."""
    number = message.extra.get(PICTURE, "")
    return {PICTURE: number} if number else {}


def fault(message: Inbound) -> str:
    """Why a picture that came cannot be used; "" where it can, or where none came."""
    why = message.extra.get(REFUSED, "")
    if why.isdigit():
        most = pictures.MOST_BYTES // _MB
        return say("posting.picture_large", size=f"{int(why) / _MB:.1f}", most=most)
    if why in ("kind", "wide"):
        return say("posting.picture_kind") if why == "kind" else say("posting.picture_wide")
    if why:
        return say("posting.picture_away")
    is_bare = is_one(message) and PICTURE not in message.extra
    return say("posting.no_picture") if is_bare else ""


def told(state: State, *, is_new: bool) -> str:
    """That it is here, and what comes next."""
    head = say("posting.picture_kept") if is_new else say("posting.picture_instead")
    ask = say("posting.then_groups") if state.step == "groups" else say("posting.then_text")
    return f"{head}{ask}"
