"""The three message values that pass between the wire, the conversation and the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any


class InboundKind(StrEnum):
    """What came in; notices (see NOTICES) touch rows, not the dialogue."""

    TEXT = "text"
    OPTION = "option"  # an option was tapped; `text` holds its value
    CONTACT = "contact"  # the person shared their own number; `text` holds it
    VOICE = "voice"
    PICTURE = "picture"
    OTHER = "other"  # a sticker, a file, a place: something we cannot read
    START = "start"  # first contact or /start; `text` holds the deep-link code, if any
    JOINED = "joined"  # the bot was added to a group
    LEFT = "left"  # the bot was removed from a group
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MIGRATED = "migrated"  # the chat has a new address, in `text`
    STAFFED = "staffed"  # one of the staff took the talk over on the channel's own side
    UNSTAFFED = "unstaffed"  # and is done with it
    RECALLED = "recalled"  # a message was taken back: `text` holds its outer id
    UNREADABLE = "unreadable"  # stored so that nothing is lost, but not understood


NOTICES = frozenset(
    {
        InboundKind.JOINED,
        InboundKind.LEFT,
        InboundKind.BLOCKED,
        InboundKind.UNBLOCKED,
        InboundKind.MIGRATED,
        InboundKind.STAFFED,
        InboundKind.UNSTAFFED,
        InboundKind.RECALLED,
        InboundKind.UNREADABLE,
    }
)


class Priority(IntEnum):
    """Lower goes first: a reply never waits behind a campaign."""

    URGENT = -1  # somebody is in danger, or wants a human: before answers that still wait
    REPLY = 0
    NOTICE = 5  # to staff, or of the account itself: not counted
    NEWS = 7  # of what they set going themselves: by day, takes the day, held up by no cap
    BULK = 9  # nobody waits for it: within the caps (domain M-10)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice offered with a message: `label` is shown, `value` comes back."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or notice from a channel.

    `channel` is the registry's kind ("telegram"), `chat` the address of the chat within it,
    `outer_id` the channel's own id of this message, unique within the channel; `sender` the
    account that wrote (equal to `chat` in private chats); `sequence` the channel's own order in a
    chat (0 where arrival is the order). `extra`: what only the channel understands; a "thread"
    comes back with the replies.
    """

    channel: str
    chat: str
    outer_id: str
    kind: InboundKind
    text: str
    sent_at: datetime
    sender: str = ""
    sequence: int = 0
    is_group: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def conversation(self) -> str:
        """The key of the conversation that this message belongs to."""
        return f"{self.channel}:{self.chat}"

    def as_payload(self) -> dict[str, Any]:
        """What the sealed payload column holds; addresses have columns of their own."""
        return {
            "kind": self.kind.value,
            "text": self.text,
            "sender": self.sender,
            "is_group": self.is_group,
            "extra": self.extra,
        }


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way out, as the sender hands it to a channel.

    `id` is the outbox row's (and the stream's event id), `dedupe_key` the idempotency key where a
    channel takes one; `kind` tells a page how to show it: reply, answer, form, notice, staff.
    """

    id: int
    channel: str
    chat: str
    text: str
    options: tuple[Option, ...] = ()
    kind: str = "reply"
    priority: Priority = Priority.REPLY
    dedupe_key: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    is_repeated: bool = False  # may have been sent before: known where the provider counts

    @property
    def conversation(self) -> str:
        """The key of the conversation that this message goes to."""
        return f"{self.channel}:{self.chat}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel says of an accepted message: its own id for it, "" where it has none."""

    outer_id: str = ""
