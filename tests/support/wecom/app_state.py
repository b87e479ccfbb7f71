"""What an app remembers: what it sent, which codes it gave, who is in which department."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.wecom.phones import Shown
from tests.support.wecom.wire import Body, text_of


@dataclass(slots=True)
class Card:
    """One response_code: for the cards of a message, or for the one that was tapped."""

    shown: list[Shown]
    expires_at: float
    is_used: bool = False


@dataclass(slots=True)
class Sent:
    """One accepted call of `message/send`."""

    at: float
    shown: list[Shown]


@dataclass(slots=True)
class AppRules:
    """What may change at any time."""

    per_minute: int = 30  # to one member; what is over is dropped without a word
    per_hour: int = 1000
    spelling: str = ""  # of the ids of chosen options; "" is one and the other in turn


@dataclass(slots=True)
class Office:
    """Departments and tags, as lists of userids."""

    parties: dict[str, list[str]] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)


def update(shown: Shown, replaces: Body | None, card: Body | None) -> None:
    """Change a card after a tap: its button's words, or all of it."""
    if replaces is not None:
        shown.replaced = text_of(replaces, "replace_name")
    elif card is not None:
        shown.body = dict(card)
        shown.replaced = str(card.get("replace_text") or "")


def lists(names: str, known: dict[str, list[str]]) -> list[list[str]]:
    """The userids of departments or tags joined by bars."""
    return [known.get(name, []) for name in names.split("|") if name]
